//! Reactivates a managed account.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::Activate,
    does: |target, _| format!("reactivate {}", target.who()),
    done: |target, _| format!("reactivated {}", target.who()),
    wanted: |step| format!("{} active", step.payload.target.who()),
    already: Reason::AlreadyActive,
    calls: &[(Api::Accounts, Endpoint::AdminActivate)],
    opposite: StepKind::Deactivate,
    guards: Some(Job::ActivateUsers),
    takes_away: false,
};
