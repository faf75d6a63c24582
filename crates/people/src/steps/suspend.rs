//! Suspends a user in the directory.

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::user::Standing;

use super::change::Step;
use super::current::{self, No, Now};
use super::kind::StepKind;
use super::spec::{
    About, KindSpec, Means, NO_DIFFERENCE, NotFound, Observing, Performing, Sends, UserGone, Way,
    any_state, nothing_more, undoable,
};
use super::standing;
use crate::directory::Person;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::Suspend,
    about: About::User,
    does: |target, _| format!("suspend {}", target.who()),
    done: |target, _| format!("suspended {}", target.who()),
    planned: |step| KIND.in_words(step),
    also_planned: |step| KIND.in_words(step),
    wanted,
    also_wanted: wanted,
    already: Reason::AlreadySuspended,
    now,
    since_plan: any_state,
    differs: NO_DIFFERENCE,
    ways: &[Way {
        api: Api::Directory,
        call: Endpoint::AdminSuspend,
        sends: Sends::Alone(send),
        observe,
    }],
    opposite: StepKind::Restore,
    not_undoable: undoable,
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::SuspendUsers),
    takes_away: true,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: None,
    read_back: false,
};

fn now(person: &Person, _: Option<bool>) -> Result<Now, No> {
    let already = (Reason::AlreadySuspended, "is already suspended");
    current::standing(person, Standing::Suspended, already)
}

fn wanted(step: &Step) -> String {
    format!("{} suspended", step.payload.target.who())
}

fn send<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(standing::change(by, step, move |admin, account| admin.suspend(permit, account)))
}

fn observe<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(standing::observe(by, step, Standing::Suspended, |now| now == Standing::Active))
}
