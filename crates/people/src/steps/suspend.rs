//! Suspends a user in the directory.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::Suspend,
    does: |target, _| format!("suspend {}", target.who()),
    done: |target, _| format!("suspended {}", target.who()),
    wanted: |step| format!("{} suspended", step.payload.target.who()),
    already: Reason::AlreadySuspended,
    calls: &[(Api::Directory, Endpoint::AdminSuspend)],
    opposite: StepKind::Restore,
    guards: Some(Job::SuspendUsers),
    takes_away: true,
};
