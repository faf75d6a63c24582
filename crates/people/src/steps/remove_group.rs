//! Deletes a group.

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_model::door::Api;
use headcount_model::group::GroupId;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::answers::after_change;
use super::change::Step;
use super::current::unseen;
use super::deletion::look;
use super::group::{GroupKey, Wanted, observe_by_jira, observe_in_directory};
use super::kind::StepKind;
use super::spec::{
    About, KindSpec, Means, NO_DIFFERENCE, NotFound, Performing, SendError, Sends, UserGone, Way,
    any_state, nothing_more,
};
use super::standing::home;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::RemoveGroup,
    about: About::Group,
    does: |target, _| format!("delete the group {}", target.which()),
    done: |target, _| format!("deleted {}", target.which()),
    planned: with_members,
    also_planned: with_members,
    wanted,
    also_wanted: wanted,
    already: Reason::AlreadyGone,
    now: unseen,
    since_plan: any_state,
    differs: NO_DIFFERENCE,
    ways: &[
        Way {
            api: Api::Directory,
            call: Endpoint::AdminRemoveGroup,
            sends: Sends::AfterLook { look, send: send_in_directory },
            observe: |by, step| {
                Box::pin(observe_in_directory(by, step, GroupKey::id(step), Wanted::Gone))
            },
        },
        Way {
            api: Api::Jira,
            call: Endpoint::JiraRemoveGroup,
            sends: Sends::AfterLook { look, send: send_by_jira },
            observe: |by, step| {
                Box::pin(observe_by_jira(by, step, GroupKey::id(step), Wanted::Gone))
            },
        },
    ],
    opposite: StepKind::CreateGroup,
    not_undoable: |_| Some(GONE_FOR_GOOD.into()),
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::RemoveGroups),
    takes_away: false,
    creates_user: false,
    mails: false,
    not_found: NotFound::Gone { denied: None },
    announced: None,
    read_back: false,
};

const GONE_FOR_GOOD: &str =
    "the group and the access that it gave were deleted; create it again by hand";

fn with_members(step: &Step) -> String {
    let words = KIND.in_words(step);
    match step.payload.wanted.members.as_ref().map(|members| members.number) {
        None => words,
        Some(1) => format!("{words} with its only member"),
        Some(number) => format!("{words} with its {number} members"),
    }
}

fn wanted(step: &Step) -> String {
    format!("no group {}", step.payload.target.which())
}

fn group(step: &Step) -> Result<&GroupId, SendError> {
    step.payload.target.group.as_ref().ok_or_else(SendError::unnamed)
}

fn send_by_jira<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (jira, group) = (by.jira()?, group(step)?);
        Ok(after_change(by.spec, step, jira.remove_group(permit, group).await?))
    })
}

fn send_in_directory<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, group) = (home(by).await?, group(step)?);
        Ok(after_change(by.spec, step, admin.remove_group(permit, group).await?))
    })
}
