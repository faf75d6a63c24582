//! Cancels the deletion of a managed account, within 14 days.

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::user::Privilege;

use super::account;
use super::answers::after_change;
use super::change::Step;
use super::current::{No, Now};
use super::kind::StepKind;
use super::schedule::{self, Goal, before_cancellation};
use super::spec::{
    About, KindSpec, Means, NO_DIFFERENCE, NotFound, Observing, Performing, Sends, UserGone, Way,
    any_state, nothing_more, undoable,
};
use crate::directory::Person;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::CancelDelete,
    about: About::User,
    does: |target, _| format!("cancel the deletion of {}", target.who()),
    done: |target, _| format!("canceled the deletion of {}; the account is active", target.who()),
    planned: |step| KIND.in_words(step),
    also_planned: |step| KIND.in_words(step),
    wanted,
    also_wanted: wanted,
    already: Reason::NotForDeletion,
    now,
    since_plan: any_state,
    differs: NO_DIFFERENCE,
    ways: &[Way {
        api: Api::Accounts,
        call: Endpoint::AdminCancelDelete,
        sends: Sends::Alone(send),
        observe,
    }],
    opposite: StepKind::Delete,
    not_undoable: undoable,
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::CancelDeleteUsers),
    takes_away: false,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: Some(Privilege::Deletion),
    read_back: false,
};

fn now(person: &Person, _: Option<bool>) -> Result<Now, No> {
    before_cancellation(person)
}

fn wanted(step: &Step) -> String {
    format!("the account of {} active, not scheduled for deletion", step.payload.target.who())
}

fn send<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, account) = account::account(by, step)?;
        Ok(after_change(by.spec, step, admin.cancel_delete(permit, account).await?))
    })
}

fn observe<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(schedule::observe(by, step, Goal::Kept))
}
