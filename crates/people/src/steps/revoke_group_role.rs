//! Revokes a group's role in an app.

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
    kind: StepKind::RevokeGroupRole,
    about: About::GroupRole,
    does: |target, _| words("revoke", target),
    done: |target, _| words("revoked", target),
    planned: |step| KIND.in_words(step),
    also_planned: |step| KIND.in_words(step),
    wanted,
    also_wanted: wanted,
    already: Reason::HasNoRole,
    now: current::unseen,
    since_plan: any_state,
    differs: NO_DIFFERENCE,
    ways: role::GROUP_REVOKES,
    opposite: StepKind::GrantGroupRole,
    not_undoable: undoable,
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::RevokeAccess),
    takes_away: true,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: None,
    read_back: false,
};

fn words(verb: &str, target: &Target) -> String {
    format!("{verb} {} from the group {}", target.role_words(), target.which())
}

fn wanted(step: &Step) -> String {
    let target = &step.payload.target;
    format!("the group {} without {}", target.which(), target.role_words())
}
