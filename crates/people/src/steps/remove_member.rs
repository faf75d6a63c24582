//! Removes a user from a group.

use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::kind::StepKind;
use super::membership;
use super::spec::{About, KindSpec, Membership, NotFound};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::RemoveMember,
    about: About::Membership(Membership::Leaves),
    does: |target, _| format!("remove {} from {}", target.who(), target.which()),
    done: |target, _| format!("removed {} from {}", target.who(), target.which()),
    wanted: |step| format!("{} not in {}", step.payload.target.who(), step.payload.target.which()),
    also_wanted: |step| format!("not in {}", step.payload.target.which()),
    already: Reason::NotAMember,
    ways: membership::REMOVES,
    opposite: StepKind::AddMember,
    guards: Some(Job::RemoveMembers),
    takes_away: false,
    creates_user: false,
    not_found: NotFound::Refused,
    is_announced: false,
};
