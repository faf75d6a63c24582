//! Unlinks a managed account from the identity provider. No undo links it again, so each one is verified.

use std::borrow::Cow;

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_engine::Observation;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountStatus, Privilege};

use super::account;
use super::answers::{after_change, cannot};
use super::change::{Before, Step};
use super::current::{No, Now, closed};
use super::kind::StepKind;
use super::spec::{
    About, KindSpec, Means, NO_DIFFERENCE, NotFound, Observing, Performing, Sends, Undone,
    UserGone, Way, any_state, nothing_more,
};
use crate::directory::{Lifecycle, Person};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::Unlink,
    about: About::User,
    does: |target, _| format!("unlink {} from the identity provider", target.who()),
    done: |target, _| format!("unlinked {} from the identity provider", target.who()),
    planned: |step| KIND.in_words(step),
    also_planned: |step| KIND.in_words(step),
    wanted,
    also_wanted: wanted,
    already: Reason::NotSynced,
    now,
    since_plan: any_state,
    differs: NO_DIFFERENCE,
    ways: &[Way {
        api: Api::Accounts,
        call: Endpoint::AdminUnlink,
        sends: Sends::Alone(send),
        observe,
    }],
    opposite: StepKind::Unlink,
    not_undoable,
    undo: nothing_more,
    user_gone: UserGone::Wanted,
    guards: Some(Job::UnlinkUsers),
    takes_away: true,
    creates_user: false,
    mails: false,
    // An account that an identity provider still owns after a 404 may not be unlinked.
    not_found: NotFound::Gone { denied: Some(Reason::NotFound) },
    announced: None,
    read_back: true,
};

/// What `manage` shows for an account that an identity provider owns (user management description,
/// `externalDirectory.scim`).
const OWNED: &str = "externalDirectory.";

/// What `manage` shows counts more than the search, which may lag. If they contradict each other, the site is asked.
fn now(person: &Person, _: Option<bool>) -> Result<Now, No> {
    if person.status == Some(AccountStatus::Closed) {
        return Err(closed(person));
    }
    let already = Now::Already(KIND.already, "is not managed by an identity provider");
    Ok(match (&person.lifecycle, person.synced) {
        (Some(Lifecycle::Refused(key)), _) if key.starts_with(OWNED) => {
            Now::Before(Before::Present)
        }
        (Some(Lifecycle::Allowed), Some(false) | None) => already,
        (Some(Lifecycle::Refused(_)) | None, Some(false)) => already,
        (Some(Lifecycle::Refused(_)) | None, Some(true)) => Now::Before(Before::Present),
        (Some(Lifecycle::Allowed), Some(true))
        | (Some(Lifecycle::NotManaged(_) | Lifecycle::Unreadable(_)), _)
        | (Some(Lifecycle::Refused(_)) | None, None) => Now::Before(Before::Unseen),
    })
}

fn not_undoable(_: &Undone<'_>) -> Option<Cow<'static, str>> {
    Some(
        "no call of Atlassian's links an account again; the identity provider has to provision the user and \
         the memberships again"
            .into(),
    )
}

fn wanted(step: &Step) -> String {
    format!("{} not managed by an identity provider", step.payload.target.who())
}

fn send<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, account) = account::account(by, step)?;
        Ok(after_change(by.spec, step, admin.unlink(permit, account).await?))
    })
}

/// Reads the account by its id; only if that does not show the owner, the search, which may lag.
fn observe<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let (Some(account), Some(admin)) = (&step.payload.target.account, &by.site.admin) else {
            return Ok(cannot("no organization API key"));
        };
        let is_owned = match admin.manage(account, Privilege::Enablement).await? {
            Lifecycle::Refused(key) if key.starts_with(OWNED) => Some(true),
            Lifecycle::Allowed => Some(false),
            Lifecycle::NotManaged(words) | Lifecycle::Unreadable(words) => {
                return Ok(cannot(&words));
            }
            Lifecycle::Refused(_) => {
                let found = admin.users_by_id(&[account]).await?;
                found.into_iter().find(|user| user.id == *account).and_then(|user| user.synced)
            }
        };
        Ok(match is_owned {
            Some(true) => Observation::AsBefore { found: "managed by an identity provider".into() },
            Some(false) => Observation::AsWanted {
                found: "not managed by an identity provider".into(),
                named: None,
            },
            None => cannot(
                "the organization does not show whether an identity provider manages the account",
            ),
        })
    })
}
