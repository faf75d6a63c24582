//! Invites a user to the organization.

use super::StepKind;
use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::KindSpec;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::InviteUser,
    does: |target, _| format!("invite {}", target.who()),
    done: |target, _| format!("created {}", target.who()),
    wanted: super::on_the_site,
    already: Reason::AlreadyThere,
    calls: &[(Api::Invitations, Endpoint::AdminInvite)],
    opposite: StepKind::RemoveUser,
    guards: Some(Job::CreateUsers),
    takes_away: false,
};
