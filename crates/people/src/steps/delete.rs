//! Deletes a managed account: for 14 days it is only scheduled for deletion.

use std::borrow::Cow;

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::user::Privilege;

use super::account;
use super::change::Step;
use super::current::{No, Now};
use super::kind::StepKind;
use super::schedule::{self, Goal, before_deletion, day, deleted, ends};
use super::spec::{
    About, KindSpec, Means, NO_DIFFERENCE, NotFound, Observing, Performing, Sends, Undone,
    UserGone, Way, nothing_more,
};
use crate::directory::Person;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::Delete,
    about: About::User,
    does: |target, _| format!("delete the account of {}", target.who()),
    done: |target, _| format!("deleted the account of {}", target.who()),
    planned: |step| KIND.in_words(step),
    also_planned: |step| KIND.in_words(step),
    wanted,
    also_wanted: wanted,
    already: Reason::AlreadyForDeletion,
    now,
    differs: NO_DIFFERENCE,
    ways: &[Way {
        api: Api::Accounts,
        call: Endpoint::AdminDelete,
        sends: Sends::Alone(send),
        observe,
    }],
    opposite: StepKind::CancelDelete,
    not_undoable,
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::DeleteUsers),
    takes_away: true,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: Some(Privilege::Deletion),
    read_back: true,
};

fn now(person: &Person, _: Option<bool>) -> Result<Now, No> {
    before_deletion(person)
}

fn wanted(step: &Step) -> String {
    format!("the account of {} scheduled for deletion", step.payload.target.who())
}

/// The grace period has ended, by the site's own clock.
fn not_undoable(undone: &Undone<'_>) -> Option<Cow<'static, str>> {
    let end = ends(undone.at?);
    (undone.now? >= end).then(|| {
        format!(
            "the account was deleted for good on {}: the deletion could be canceled only for 14 days",
            day(end)
        )
        .into()
    })
}

fn send<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, account) = account::account(by, step)?;
        Ok(deleted(by, step, admin.delete(permit, account).await?))
    })
}

fn observe<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(schedule::observe(by, step, Goal::Scheduled))
}
