//! Creates a group.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::CreateGroup,
    does: |target, _| format!("create the group {}", target.which()),
    done: |target, _| format!("created {}", target.which()),
    wanted: |step| format!("the group {}", step.payload.target.which()),
    already: Reason::GroupExists,
    // Jira's call takes no description.
    calls: &[(Api::Directory, Endpoint::AdminCreateGroup), (Api::Jira, Endpoint::JiraCreateGroup)],
    opposite: StepKind::RemoveGroup,
    guards: None,
    takes_away: false,
};
