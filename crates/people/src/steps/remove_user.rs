//! Removes a user: from one site, or from the directory with all its apps.

use super::{Step, StepKind, Target};
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::RemoveUser,
    does,
    done,
    wanted,
    already: Reason::AlreadyGone,
    // Jira changes the one site that is meant.
    calls: &[(Api::Jira, Endpoint::JiraRemoveUser), (Api::Directory, Endpoint::AdminRemoveUser)],
    opposite: StepKind::CreateUser,
    guards: Some(Job::RemoveUsers),
    takes_away: true,
};

fn does(target: &Target, api: Option<Api>) -> String {
    match api {
        Some(Api::Directory) => {
            format!("remove {} from the directory and all its apps", target.who())
        }
        Some(Api::Jira | Api::Invitations | Api::Accounts) => {
            format!("take {} off the site", target.who())
        }
        None => format!("remove {}", target.who()),
    }
}

fn done(target: &Target, api: Option<Api>) -> String {
    match api {
        Some(Api::Directory) => {
            format!("removed {} from the directory and all its apps", target.who())
        }
        Some(Api::Jira | Api::Invitations | Api::Accounts) | None => {
            format!("took {} off the site", target.who())
        }
    }
}

fn wanted(step: &Step) -> String {
    let who = step.payload.target.who();
    match step.api() {
        Some(Api::Directory) => format!("{who} not in the directory"),
        Some(Api::Jira | Api::Invitations | Api::Accounts) | None => {
            format!("{who} not on the site")
        }
    }
}
