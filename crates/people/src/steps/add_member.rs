//! Adds a user to a group.

use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::kind::StepKind;
use super::membership;
use super::spec::{About, KindSpec, Membership, NotFound};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::AddMember,
    about: About::Membership(Membership::Joins),
    does: |target, _| format!("add {} to {}", target.who(), target.which()),
    done: |target, _| format!("added {} to {}", target.who(), target.which()),
    wanted: |step| format!("{} in {}", step.payload.target.who(), step.payload.target.which()),
    also_wanted: |step| format!("in {}", step.payload.target.which()),
    already: Reason::AlreadyMember,
    ways: membership::ADDS,
    opposite: StepKind::RemoveMember,
    guards: Some(Job::AddMembers),
    takes_away: false,
    creates_user: false,
    not_found: NotFound::Refused,
    is_announced: false,
};
