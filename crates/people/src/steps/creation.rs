//! Users who are created or given access: by Jira or by an invitation.

use std::time::Duration;

use headcount_atlassian::admin::ACCESS;
use headcount_atlassian::records::{ListedPerson, UserRecord};
use headcount_atlassian::{CallError, CallErrorKind};
use headcount_engine::{Observation, Performed};
use headcount_model::door::Api;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;
use headcount_model::user::{AccountId, Standing};

use super::answers::{cannot, not_read};
use super::change::{Before, Step, list};
use super::observation::{created_or_not, mail_is};
use super::spec::{Means, Observing, Undone};

/// Waits before each read of a user after the site has accepted the change, in milliseconds: 15 seconds in all, as for
/// every change that the site may show late.
const LOOKS: [u64; 7] = [0, 250, 500, 1_000, 2_000, 4_000, 8_000];

/// How two rows about the same user can differ.
pub(super) const OTHER_PRODUCTS: &str =
    "other products for the same user; write all of them in one row";

/// What a step of a plan does: a user who is there is given products.
pub(super) fn planned(step: &Step, create: impl FnOnce(&str) -> String) -> String {
    let products = list(&step.payload.wanted.products);
    match step.payload.before {
        Before::Present => {
            format!("give {}, who already exists, {products}", step.payload.target.who())
        }
        Before::Absent
        | Before::Unseen
        | Before::Member(_)
        | Before::Status(_)
        | Before::Standing(_) => create(&products),
    }
}

/// Why a creation is not undone.
pub(super) fn not_undoable(undone: &Undone<'_>) -> Option<&'static str> {
    let change = &undone.step.payload;
    if undone.step.api() == Some(Api::Provisioning) {
        return Some(
            "a user of the identity provider's directory is not removed; deactivate the user with --scim",
        );
    }
    if undone.reason == Reason::CreatedOrExisted {
        Some("headcount could not tell whether the user was already on the site")
    } else if change.before != Before::Absent {
        Some("the user was already on the site and only got access to a product")
    } else if change.target.account.is_none() {
        Some("the site did not name the account it created")
    } else if !undone.remove_created {
        Some("a created user is removed from the site only with --remove-created")
    } else {
        None
    }
}

/// What a creation wants.
pub(super) fn on_the_site(step: &Step) -> String {
    let who = step.payload.target.who();
    let products: Vec<_> =
        step.payload.wanted.products.iter().map(|product| product.key()).collect();
    match products.as_slice() {
        [] => format!("{who} on the site, with no product"),
        products => format!("{who} on the site, with {}", products.join(", ")),
    }
}

/// Whether the user is there, with all that was wanted.
pub(super) fn observe<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let mail = step.payload.target.mail.as_deref().unwrap_or_default();
        let account = match &step.payload.target.account {
            Some(account) => Some(account.clone()),
            None => account_of(by, mail).await?,
        };
        let Some(account) = account else {
            return Ok(created_or_not(step, None, by.known));
        };
        let Some(jira) = &by.site.jira else { return in_directory(by, step, &account).await };
        match jira.user(&account).await? {
            Some(user) => Ok(created_or_not(step, Some(&user), by.known)),
            // A user who is looked up by id and not shown is not on the site, whatever else the
            // credentials may not see.
            None => Ok(Observation::AsBefore { found: "not on the site".into() }),
        }
    })
}

/// The account with exactly this mail, by the credential that sees most.
pub(super) async fn account_of(by: Means<'_>, mail: &str) -> Result<Option<AccountId>, CallError> {
    let found = match (&by.site.admin, &by.site.jira) {
        (Some(admin), _) => admin.users_by_mail(&[mail]).await?,
        (None, Some(jira)) => jira.search_users(mail).await?,
        (None, None) => Vec::new(),
    };
    Ok(found.into_iter().find(|person| mail_is(person, mail)).map(|person| person.id))
}

async fn in_directory(
    by: Means<'_>,
    step: &Step,
    account: &AccountId,
) -> Result<Observation, CallError> {
    let Some(admin) = &by.site.admin else { return Ok(cannot("no organization API key")) };
    let found = admin.members_by_id(&[account], ACCESS).await?;
    let listed = found.into_iter().find(|listed| listed.person.id == *account);
    let there =
        |listed: &ListedPerson| !matches!(listed.person.standing, Some(Standing::NotInvited));
    let Some(listed) = listed.filter(there) else {
        return Ok(Observation::AsBefore { found: "in no directory".into() });
    };
    let groups = listed.groups.unwrap_or_default();
    let user = UserRecord {
        person: listed.person,
        groups: groups.into_iter().map(|group| (group.id, group.name.into())).collect(),
        groups_complete: true,
        products: listed.products,
    };
    Ok(created_or_not(step, Some(&user), by.known))
}

/// For an existing user, 201 is no proof that the user got the app (Jira platform description,
/// `createUser`): reading the user must show it.
pub(super) async fn after_given(by: Means<'_>, step: &Step, performed: Performed) -> Performed {
    let Performed::Settled(verdict) = &performed else { return performed };
    if step.payload.before != Before::Present || verdict.outcome != Outcome::Changed {
        return performed;
    }
    let mut seen = None;
    for wait in LOOKS {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        match observe(by, step).await {
            // The answer may name another account.
            Ok(Observation::AsWanted { named, .. }) => {
                return Performed::Settled(Verdict { named, ..verdict.clone() });
            }
            Ok(sight) => seen = Some(sight),
            Err(failed) if failed.kind == CallErrorKind::Credential => {
                return Performed::NotSent(not_read(&failed));
            }
            Err(failed) => {
                let evidence = failed.to_string();
                seen = Some(Observation::CannotTell { evidence });
            }
        }
    }
    let shown = seen.as_ref().map_or("nothing", Observation::words);
    let (outcome, reason) = match seen {
        Some(Observation::AsBefore { .. } | Observation::Otherwise { .. }) => {
            (Outcome::Failed, Reason::ExistsWithoutAccess)
        }
        _ => (Outcome::Unknown, Reason::NotVerified),
    };
    let detail = format!(
        "the site accepts this for every existing user; it now shows: {shown}; add the user to the \
         app's group"
    );
    Performed::Settled(Verdict::new(outcome, reason, detail).with_status(verdict.http_status))
}
