//! Changes the email address of a managed account.
//!
//! All sessions of the user end (user management description, `PUT email`). An undo is the same kind of step, with
//! the addresses exchanged.

use headcount_atlassian::pace::Permit;
use headcount_atlassian::{CallError, Endpoint};
use headcount_engine::Observation;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountId, AccountStatus, Privilege, mail_key};

use super::account;
use super::answers::{after_change, cannot};
use super::change::{Before, Step, Target, Wanted};
use super::current::{self, No, Now, closed};
use super::kind::StepKind;
use super::spec::{
    About, KindSpec, Means, NotFound, Performing, SendError, Sends, UserGone, Way, undoable,
};
use crate::directory::Person;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::ChangeEmail,
    about: About::User,
    does: |target, _| format!("change the address of {}", target.who()),
    done: |target, _| format!("changed the address {}", target.who()),
    planned: |step| format!("{} to {}", KIND.in_words(step), new(step)),
    also_planned: |step| format!("{} to {}", KIND.in_words(step), new(step)),
    wanted,
    also_wanted: wanted,
    already: Reason::AlreadyAddress,
    now,
    since_plan: current::kept_since_plan,
    differs: "another new address for the same user",
    ways: &[Way {
        api: Api::Accounts,
        call: Endpoint::AdminSetEmail,
        sends: Sends::Alone(send),
        observe: |by, step| Box::pin(observe(by, step)),
    }],
    opposite: StepKind::ChangeEmail,
    not_undoable: undoable,
    undo: back,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::ChangeEmails),
    takes_away: false,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: Some(Privilege::Email),
    // The next address of a chain is free only once this one is seen on the site.
    read_back: true,
};

/// The key by which two changes of an address are equal. The opposite change of the same account is another one.
pub(crate) fn of_address(account: &AccountId, new: &str) -> String {
    format!("{account} {}", mail_key(new))
}

/// Whether a change of an address waits for the change that frees the address. Another user may have made both
/// meanwhile, so each is looked at before it is sent.
pub(crate) fn waits_for_address(step: &Step) -> bool {
    step.payload.kind == StepKind::ChangeEmail && step.needs.is_some()
}

fn new(step: &Step) -> &str {
    step.payload.wanted.email.as_deref().unwrap_or("another address")
}

fn wanted(step: &Step) -> String {
    format!("{} with the address {}", step.payload.target.person(), new(step))
}

fn now(person: &Person, _: Option<bool>) -> Result<Now, No> {
    match person.status {
        Some(AccountStatus::Closed) => Err(closed(person)),
        Some(AccountStatus::Active | AccountStatus::Inactive) | None => {
            Ok(Now::Before(Before::Present))
        }
    }
}

/// The way back: the account, which now has the new address, gets the old one.
fn back(step: &Step) -> (Target, Wanted) {
    let old = step.payload.target.mail.clone();
    let target = Target { mail: step.payload.wanted.email.clone(), ..step.payload.target.clone() };
    (target, Wanted { email: old, ..Wanted::default() })
}

fn send<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, account) = account::account(by, step)?;
        let email = step.payload.wanted.email.as_deref();
        let email = email.ok_or(SendError::Impossible("the plan does not name the address"))?;
        Ok(after_change(by.spec, step, admin.set_email(permit, account, email).await?))
    })
}

async fn observe(by: Means<'_>, step: &Step) -> Result<Observation, CallError> {
    let (Some(account), Some(admin)) = (&step.payload.target.account, &by.site.admin) else {
        return Ok(cannot("no organization API key"));
    };
    let profile = admin.profile(account).await?;
    let mail = profile.as_ref().and_then(|person| person.mail.as_deref());
    Ok(match mail {
        None => cannot("headcount could not read the account's address"),
        Some(mail) => seen(step, mail),
    })
}

/// What an account's address means for a step.
fn seen(step: &Step, mail: &str) -> Observation {
    let found = mail.to_owned();
    let is = |other: Option<&str>| other.is_some_and(|other| mail_key(other) == mail_key(mail));
    if is(step.payload.wanted.email.as_deref()) {
        Observation::AsWanted { found, named: None }
    } else if is(step.payload.target.mail.as_deref()) {
        Observation::AsBefore { found }
    } else {
        Observation::Otherwise { found: format!("the account's address is {mail}") }
    }
}
