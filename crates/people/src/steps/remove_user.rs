//! Removes a user: from one site, or from the directory with all its apps.

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_atlassian::records::UserRecord;
use headcount_engine::Observation;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountStatus, Standing};

use super::answers::{after_change, cannot};
use super::change::{Before, Step, Target};
use super::current::{self, No, Now};
use super::kind::StepKind;
use super::observation::facts;
use super::spec::{
    About, KindSpec, Means, NO_DIFFERENCE, NotFound, Observing, Performing, SendError, Sends,
    Undone, UserGone, Way, any_state, nothing_more,
};
use super::standing;
use crate::directory::Person;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::RemoveUser,
    about: About::User,
    does,
    done,
    planned: |step| KIND.in_words(step),
    also_planned: |step| KIND.in_words(step),
    wanted,
    also_wanted: wanted,
    already: Reason::AlreadyGone,
    now,
    since_plan: any_state,
    differs: NO_DIFFERENCE,
    ways: &[
        // Jira changes only the intended site.
        Way {
            api: Api::Jira,
            call: Endpoint::JiraRemoveUser,
            sends: Sends::Alone(send_by_jira),
            observe: observe_by_jira,
        },
        Way {
            api: Api::Directory,
            call: Endpoint::AdminRemoveUser,
            sends: Sends::Alone(send_in_directory),
            observe: observe_in_directory,
        },
    ],
    opposite: StepKind::CreateUser,
    not_undoable: |undone| not_undoable(undone).map(Into::into),
    undo: nothing_more,
    user_gone: UserGone::Wanted,
    guards: Some(Job::RemoveUsers),
    takes_away: true,
    creates_user: false,
    mails: false,
    // A user who still exists after a 404 may not be removed.
    not_found: NotFound::Gone { denied: Some(Reason::NotFound) },
    announced: None,
    read_back: true,
};

/// Whether a user to be removed exists.
fn now(person: &Person, _: Option<bool>) -> Result<Now, No> {
    Ok(match (person.on_site, person.standing, person.status) {
        (_, _, Some(AccountStatus::Closed)) => return Err(current::closed(person)),
        (Some(false), ..) => Now::Already(Reason::AlreadyGone, "is not on the site"),
        (None, Some(Standing::NotInvited), _) => {
            Now::Already(Reason::AlreadyGone, "is in no directory of the organization")
        }
        (_, Some(standing), _) => Now::Before(Before::Standing(standing)),
        (_, None, Some(status)) => Now::Before(Before::Status(status)),
        _ => Now::Before(Before::Unseen),
    })
}

fn not_undoable(undone: &Undone<'_>) -> Option<&'static str> {
    Some(match undone.step.api() {
        Some(Api::Directory) => {
            "the user was removed from the directory and all its apps; invite the user again by hand"
        }
        Some(Api::Jira | Api::Invitations | Api::Accounts | Api::Provisioning) | None => {
            "the user was removed from the site; invite the user again by hand"
        }
    })
}

fn does(target: &Target, api: Option<Api>) -> String {
    match api {
        Some(Api::Directory) => {
            format!("remove {} from the directory and all its apps", target.who())
        }
        Some(Api::Jira | Api::Invitations | Api::Accounts | Api::Provisioning) => {
            format!("remove {} from the site", target.who())
        }
        None => format!("remove {}", target.who()),
    }
}

fn done(target: &Target, api: Option<Api>) -> String {
    match api {
        Some(Api::Directory) => {
            format!("removed {} from the directory and all its apps", target.who())
        }
        Some(Api::Jira | Api::Invitations | Api::Accounts | Api::Provisioning) | None => {
            format!("removed {} from the site", target.who())
        }
    }
}

fn wanted(step: &Step) -> String {
    let who = step.payload.target.who();
    match step.api() {
        Some(Api::Directory) => format!("{who} not in the directory"),
        Some(Api::Jira | Api::Invitations | Api::Accounts | Api::Provisioning) | None => {
            format!("{who} not on the site")
        }
    }
}

fn send_by_jira<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let jira = by.jira()?;
        let account = step.payload.target.account.as_ref().ok_or_else(SendError::unnamed)?;
        Ok(after_change(by.spec, step, jira.remove_user(permit, account).await?))
    })
}

fn observe_by_jira<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let (Some(account), Some(jira)) = (&step.payload.target.account, &by.site.jira) else {
            return Ok(cannot("no API token"));
        };
        let user = jira.user(account).await?;
        let seen = gone_or_not(step, user.as_ref());
        let (Observation::AsWanted { .. }, Some(user), Some(admin)) =
            (&seen, &user, &by.site.admin)
        else {
            return Ok(seen);
        };
        // A deactivated account without groups looks like one that has left. If the organization cannot tell, it has.
        let profile = admin.profile(account).await.ok().flatten();
        Ok(match profile.and_then(|person| person.status) {
            Some(AccountStatus::Inactive) => Observation::AsBefore { found: facts(user) },
            Some(AccountStatus::Active | AccountStatus::Closed) | None => seen,
        })
    })
}

/// A user who has left is reported as unknown (404). A user who is shown as not active, without groups and apps,
/// has left too (an assumption: names stay on what people wrote).
fn gone_or_not(step: &Step, user: Option<&UserRecord>) -> Observation {
    let Some(user) = user else {
        return Observation::AsWanted { found: "not on the site".into(), named: None };
    };
    let found = facts(user);
    let was_active = matches!(
        step.payload.before,
        Before::Status(AccountStatus::Active) | Before::Standing(Standing::Active)
    );
    let left = user.person.status == Some(AccountStatus::Inactive)
        && user.groups_complete
        && user.groups.is_empty()
        && user.products.as_ref().is_some_and(Vec::is_empty);
    match was_active && left {
        true => Observation::AsWanted { found, named: None },
        false => Observation::AsBefore { found },
    }
}

fn send_in_directory<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(standing::change(by, step, move |admin, account| admin.remove_user(permit, account)))
}

fn observe_in_directory<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(standing::observe(by, step, Standing::NotInvited, |_| true))
}
