//! Adds a user to a group.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::AddMember,
    does: |target, _| format!("add {} to {}", target.who(), target.which()),
    done: |target, _| format!("added {} to {}", target.who(), target.which()),
    wanted: |step| format!("{} in {}", step.payload.target.who(), step.payload.target.which()),
    already: Reason::AlreadyMember,
    // Jira changes the one site that is meant.
    calls: &[(Api::Jira, Endpoint::JiraAddMember), (Api::Directory, Endpoint::AdminAddMember)],
    opposite: StepKind::RemoveMember,
    guards: Some(Job::AddMembers),
    takes_away: false,
};
