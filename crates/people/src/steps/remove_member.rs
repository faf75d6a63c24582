//! Removes a user from a group.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::RemoveMember,
    does: |target, _| format!("remove {} from {}", target.who(), target.which()),
    done: |target, _| format!("removed {} from {}", target.who(), target.which()),
    wanted: |step| format!("{} not in {}", step.payload.target.who(), step.payload.target.which()),
    already: Reason::NotAMember,
    // Jira changes the one site that is meant.
    calls: &[
        (Api::Jira, Endpoint::JiraRemoveMember),
        (Api::Directory, Endpoint::AdminRemoveMember),
    ],
    opposite: StepKind::AddMember,
    guards: Some(Job::RemoveMembers),
    takes_away: false,
};
