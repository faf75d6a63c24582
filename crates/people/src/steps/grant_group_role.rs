//! Gives the members of a group a role in an app.

use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::change::{Step, Target};
use super::current;
use super::kind::StepKind;
use super::role;
use super::spec::{
    About, KindSpec, NO_DIFFERENCE, NotFound, UserGone, any_state, nothing_more, undoable,
};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::GrantGroupRole,
    about: About::GroupRole,
    does: |target, _| words("grant", target),
    done: |target, _| words("granted", target),
    planned,
    also_planned: planned,
    wanted,
    also_wanted: wanted,
    already: Reason::AlreadyHasRole,
    now: current::unseen,
    since_plan: any_state,
    differs: NO_DIFFERENCE,
    ways: role::GROUP_GRANTS,
    opposite: StepKind::RevokeGroupRole,
    not_undoable: undoable,
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::GrantAccess),
    takes_away: false,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: None,
    read_back: false,
};

fn words(verb: &str, target: &Target) -> String {
    format!("{verb} the group {} {}", target.which(), target.role_words())
}

fn wanted(step: &Step) -> String {
    let target = &step.payload.target;
    format!("the group {} with {}", target.which(), target.role_words())
}

fn planned(step: &Step) -> String {
    let words = KIND.in_words(step);
    match &step.payload.wanted.emailed {
        Some(emailed) if emailed.users > 0 => format!("{words}; {}", emailed.words()),
        Some(_) | None => words,
    }
}
