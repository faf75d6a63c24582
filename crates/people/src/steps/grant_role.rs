//! Gives a user a role in an app.

use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::change::{Step, Target};
use super::current;
use super::kind::StepKind;
use super::role;
use super::spec::{About, KindSpec, NO_DIFFERENCE, NotFound, UserGone, nothing_more, undoable};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::GrantRole,
    about: About::Role,
    does: |target, _| words("grant", target),
    done: |target, _| words("granted", target),
    planned: |step| KIND.in_words(step),
    also_planned: |step| KIND.in_words(step),
    wanted,
    also_wanted: wanted,
    already: Reason::AlreadyHasRole,
    now: current::unseen,
    since_plan: current::access_since_plan,
    differs: NO_DIFFERENCE,
    ways: role::GRANTS,
    opposite: StepKind::RevokeRole,
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
    format!("{verb} {} {}", target.who(), target.role_words())
}

fn wanted(step: &Step) -> String {
    let target = &step.payload.target;
    format!("{} with {}", target.who(), target.role_words())
}
