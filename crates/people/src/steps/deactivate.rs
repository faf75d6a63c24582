//! Deactivates a managed account.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::Deactivate,
    does: |target, _| format!("deactivate {}", target.who()),
    done: |target, _| format!("deactivated {}", target.who()),
    wanted: |step| format!("{} deactivated", step.payload.target.who()),
    already: Reason::AlreadyInactive,
    calls: &[(Api::Accounts, Endpoint::AdminDeactivate)],
    opposite: StepKind::Activate,
    guards: Some(Job::DeactivateUsers),
    takes_away: true,
};
