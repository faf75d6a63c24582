//! Restores a suspended user.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::Restore,
    does: |target, _| format!("restore {}", target.who()),
    done: |target, _| format!("restored {}", target.who()),
    wanted: |step| format!("{} not suspended", step.payload.target.who()),
    already: Reason::NotSuspended,
    calls: &[(Api::Directory, Endpoint::AdminRestore)],
    opposite: StepKind::Suspend,
    guards: Some(Job::RestoreUsers),
    takes_away: false,
};
