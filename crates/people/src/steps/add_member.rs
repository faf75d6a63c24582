//! Adds a user to a group.

use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::current;
use super::kind::StepKind;
use super::membership;
use super::spec::{
    About, KindSpec, Membership, NO_DIFFERENCE, NotFound, UserGone, nothing_more, undoable,
};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::AddMember,
    about: About::Membership(Membership::Joins),
    does: |target, _| format!("add {} to {}", target.who(), target.which()),
    done: |target, _| format!("added {} to {}", target.who(), target.which()),
    planned: |step| KIND.in_words(step),
    also_planned: |step| format!("add to {}", step.payload.target.which()),
    wanted: |step| format!("{} in {}", step.payload.target.who(), step.payload.target.which()),
    also_wanted: |step| format!("in {}", step.payload.target.which()),
    already: Reason::AlreadyMember,
    now: |_, is_member| membership::now(Membership::Joins, is_member),
    since_plan: current::access_since_plan,
    differs: NO_DIFFERENCE,
    ways: membership::ADDS,
    opposite: StepKind::RemoveMember,
    not_undoable: undoable,
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::AddMembers),
    takes_away: false,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: None,
    read_back: false,
};
