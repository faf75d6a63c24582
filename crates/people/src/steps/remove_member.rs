//! Removes a user from a group.

use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::kind::StepKind;
use super::membership;
use super::spec::{
    About, KindSpec, Membership, NO_DIFFERENCE, NotFound, UserGone, any_state, nothing_more,
    undoable,
};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::RemoveMember,
    about: About::Membership(Membership::Leaves),
    does: |target, _| format!("remove {} from {}", target.who(), target.which()),
    done: |target, _| format!("removed {} from {}", target.who(), target.which()),
    planned: |step| KIND.in_words(step),
    also_planned: |step| format!("remove from {}", step.payload.target.which()),
    wanted: |step| format!("{} not in {}", step.payload.target.who(), step.payload.target.which()),
    also_wanted: |step| format!("not in {}", step.payload.target.which()),
    already: Reason::NotAMember,
    now: |_, is_member| membership::now(Membership::Leaves, is_member),
    since_plan: any_state,
    differs: NO_DIFFERENCE,
    ways: membership::REMOVES,
    opposite: StepKind::AddMember,
    not_undoable: undoable,
    undo: nothing_more,
    user_gone: UserGone::WantedAfterUndo,
    guards: Some(Job::RemoveMembers),
    takes_away: false,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: None,
    read_back: false,
};
