//! Reactivates a managed account.

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountStatus, Privilege};

use super::account;
use super::answers::after_change;
use super::change::Step;
use super::current::{self, No, Now};
use super::kind::StepKind;
use super::provisioning;
use super::spec::{
    About, KindSpec, Means, NO_DIFFERENCE, NotFound, Observing, Performing, Sends, UserGone, Way,
    nothing_more, undoable,
};
use crate::directory::Person;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::Activate,
    about: About::User,
    does: |target, _| format!("reactivate {}", target.who()),
    done: |target, _| format!("reactivated {}", target.who()),
    planned: |step| KIND.in_words(step),
    also_planned: |step| KIND.in_words(step),
    wanted,
    also_wanted: wanted,
    already: Reason::AlreadyActive,
    now,
    since_plan: current::kept_since_plan,
    differs: NO_DIFFERENCE,
    ways: &[
        Way {
            api: Api::Accounts,
            call: Endpoint::AdminActivate,
            sends: Sends::Alone(send),
            observe,
        },
        provisioning::ACTIVATES,
    ],
    opposite: StepKind::Deactivate,
    not_undoable: undoable,
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::ActivateUsers),
    takes_away: false,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: Some(Privilege::Enablement),
    read_back: false,
};

fn now(person: &Person, _: Option<bool>) -> Result<Now, No> {
    let already = (Reason::AlreadyActive, "is already active");
    current::account(person, AccountStatus::Active, already)
}

fn wanted(step: &Step) -> String {
    format!("{} active", step.payload.target.who())
}

fn send<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, account) = account::account(by, step)?;
        Ok(after_change(by.spec, step, admin.activate(permit, account).await?))
    })
}

fn observe<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(account::observe(by, step, AccountStatus::Active))
}
