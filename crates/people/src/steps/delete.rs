//! Deletes a managed account: for 14 days it is only scheduled for deletion.

use std::borrow::Cow;

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountStatus, Privilege};

use super::account;
use super::change::{Before, Step};
use super::current::{self, No, Now};
use super::kind::StepKind;
use super::schedule::{self, Goal, before_deletion, deleted};
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
    since_plan: current::status_since_plan,
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

/// A cancellation activates the account (user management description, `lifecycle/cancel-delete`), so the state before
/// the deletion has to be known: an account that was deactivated is then deactivated again. Whether there is still time,
/// the site shows.
fn not_undoable(undone: &Undone<'_>) -> Option<Cow<'static, str>> {
    let was = match undone.step.payload.before {
        Before::Status(AccountStatus::Active | AccountStatus::Inactive) => return None,
        Before::Status(AccountStatus::Closed)
        | Before::Unseen
        | Before::Absent
        | Before::Present
        | Before::Member(_)
        | Before::Standing(_) => {
            "the site did not show whether the account was active before its deletion"
        }
    };
    let why = format!(
        "{was}, and canceling the deletion would make it active; to bring it back within the 14 days, use \
         `user cancel-delete`, then `user deactivate`"
    );
    Some(why.into())
}

fn send<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, account) = account::account(by, step)?;
        let asked = by.site.clock.now().map(|now| now.at_least);
        Ok(deleted(by, step, admin.delete(permit, account).await?, asked))
    })
}

fn observe<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(schedule::observe(by, step, Goal::Scheduled))
}
