//! Creates a user, or gives an existing one access to apps.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::CreateUser,
    does: |target, _| format!("create {}", target.who()),
    done: |target, _| format!("created {}", target.who()),
    wanted: super::on_the_site,
    already: Reason::AlreadyThere,
    calls: &[(Api::Jira, Endpoint::JiraCreateUser)],
    opposite: StepKind::RemoveUser,
    guards: Some(Job::CreateUsers),
    takes_away: false,
};
