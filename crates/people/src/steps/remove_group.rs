//! Deletes a group.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::RemoveGroup,
    does: |target, _| format!("delete the group {}", target.which()),
    done: |target, _| format!("deleted {}", target.which()),
    wanted: |step| format!("no group {}", step.payload.target.which()),
    already: Reason::AlreadyGone,
    calls: &[(Api::Directory, Endpoint::AdminRemoveGroup), (Api::Jira, Endpoint::JiraRemoveGroup)],
    opposite: StepKind::CreateGroup,
    guards: Some(Job::RemoveGroups),
    takes_away: false,
};
