//! Row + directory → a step, or an outcome and why. Pure: no clock, no network, no journal.

use std::sync::Arc;

use super::create::Creation;
use super::directory_jobs;
use super::find::{find_group, find_person};
use super::guard::{Guards, No};
use super::intent::{Intent, MemberChange, UserChange, WhichGroup, WhichUser};
use super::warnings::{of_addition, rests};
use crate::directory::{Directory, Group, Person};
use crate::steps;
use headcount_atlassian::admin::Resources;
use headcount_journal::NewStep;
use headcount_model::door::{Door, Doors};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Before, Note, StepKind, Target, Wanted};
use headcount_model::user::{AccountStatus, Product, Standing};

/// What a plan is made with, beside rows and directory.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The job.
    pub job: Job,
    /// Products of new users whose cell is empty.
    pub products: Vec<Product>,
    /// The message that travels with a deactivation.
    pub message: Option<String>,
    /// With invitations: what the organization calls each product on this site.
    pub invite: Option<Resources>,
    /// Who must not be touched.
    pub guards: Guards,
    /// The doors that its steps go through.
    pub doors: Doors,
}

impl Spec {
    /// The door that a step of this kind goes through.
    pub(super) fn door(&self, kind: StepKind) -> Result<Arc<Door>, No> {
        let door = steps::door(&self.doors, kind).cloned();
        door.map_err(|error| skip(Reason::NotAllowed, error.to_string()))
    }
}

/// What becomes of a row.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// Something to send.
    Step(Box<NewStep>),
    /// Several things, in their order; not all of them are so already.
    Parts(Vec<Part>),
    /// Nothing to send, and why.
    Settled(Outcome, Reason, String),
}

/// One thing that a row of several wants.
#[derive(Clone, Debug)]
pub struct Part {
    /// What is to be done.
    pub step: NewStep,
    /// Which part of the row has to be done first, by its place.
    pub needs: Option<usize>,
    /// It will not be sent, and why.
    pub settled: Option<(Outcome, Reason, String)>,
}

impl Part {
    /// A part that waits for no other.
    pub(super) fn new(step: NewStep) -> Self {
        Self { step, needs: None, settled: None }
    }

    /// Whether it will not be done.
    pub(super) fn is_skipped(&self) -> bool {
        matches!(self.settled, Some((Outcome::Skipped, ..)))
    }
}

impl From<No> for Resolved {
    fn from(no: No) -> Self {
        Self::Settled(Outcome::Skipped, no.reason, no.detail)
    }
}

pub(super) fn skip(reason: Reason, detail: impl Into<String>) -> No {
    No { reason, detail: detail.into() }
}

pub(super) fn unchanged(reason: Reason, detail: String) -> Resolved {
    Resolved::Settled(Outcome::Unchanged, reason, detail)
}

/// What becomes of this row.
pub fn resolve(wish: &Intent, directory: &Directory, spec: &Spec) -> Resolved {
    let resolved = match wish {
        Intent::Create { mail, name, products, groups } => {
            let name = name.as_deref();
            Creation { mail, name, products: products.as_deref(), groups, directory, spec }
                .resolve()
        }
        Intent::User { change, user, org_role } => {
            person(*change, user, org_role.as_deref(), directory, spec)
        }
        Intent::Member { change, user, group } => member(*change, user, group, directory, spec),
        Intent::Group { name, description } => {
            directory_jobs::group(name, description, directory, spec)
        }
    };
    resolved.unwrap_or_else(Resolved::from)
}

pub(super) fn target(person: &Person) -> Target {
    Target {
        account: Some(person.id.clone()),
        mail: person.mail.as_deref().map(Into::into),
        name: person.name.as_deref().map(Into::into),
        ..Target::default()
    }
}

/// Products in words.
pub fn list(products: &[Product]) -> String {
    match products {
        [] => "no product".to_owned(),
        products => products.iter().map(|product| product.key()).collect::<Vec<_>>().join(", "),
    }
}

fn person(
    change: UserChange,
    user: &WhichUser,
    org_role: Option<&str>,
    directory: &Directory,
    spec: &Spec,
) -> Result<Resolved, No> {
    let person = directory.person(find_person(user, directory)?);
    match change {
        UserChange::Deactivate => {
            account(StepKind::Deactivate, AccountStatus::Inactive, person, org_role, spec)
        }
        UserChange::Activate => {
            account(StepKind::Activate, AccountStatus::Active, person, org_role, spec)
        }
        UserChange::Suspend => directory_jobs::suspend(person, org_role, spec),
        UserChange::Restore => directory_jobs::restore(person, org_role, spec),
        UserChange::Remove => directory_jobs::remove(person, org_role, spec),
    }
}

fn account(
    kind: StepKind,
    already: AccountStatus,
    person: &Person,
    org_role: Option<&str>,
    spec: &Spec,
) -> Result<Resolved, No> {
    let who = person.shown();
    if person.status == Some(already) {
        let reason = if already == AccountStatus::Active {
            Reason::AlreadyActive
        } else {
            Reason::AlreadyInactive
        };
        return Ok(unchanged(reason, format!("{who} is {} already", already.word())));
    }
    if person.status == Some(AccountStatus::Closed) {
        return Err(skip(Reason::AccountClosed, format!("the account of {who} was deleted")));
    }
    if let Some(no) = spec.guards.person(spec.job, person, org_role) {
        return Err(no);
    }
    let message = spec.message.clone().filter(|_| kind == StepKind::Deactivate);
    // Who is to be reactivated is deactivated, and known to be.
    let notes = rests(person).into_iter().filter(|note| *note == Note::Suspended).collect();
    Ok(Resolved::Step(Box::new(NewStep {
        kind,
        door: spec.door(kind)?,
        subject: person.id.as_str().to_owned(),
        target: target(person),
        before: person.status.map_or(Before::Unseen, Before::Status),
        wanted: Wanted { message, notes, ..Wanted::default() },
        needs: None,
    })))
}

fn member(
    change: MemberChange,
    user: &WhichUser,
    group: &WhichGroup,
    directory: &Directory,
    spec: &Spec,
) -> Result<Resolved, No> {
    // Both are looked for, so that one row tells all that is wrong with it.
    let (at, of) = match (find_person(user, directory), find_group(group, directory)) {
        (Ok(at), Ok(of)) => (at, of),
        (Err(no), Ok(_)) | (Ok(_), Err(no)) => return Err(no),
        (Err(first), Err(second)) => {
            return Err(skip(first.reason, format!("{}; and {}", first.detail, second.detail)));
        }
    };
    let (person, group) = (directory.person(at), directory.group(of));
    let (adds, kind) = match change {
        MemberChange::Add => (true, StepKind::AddMember),
        MemberChange::Remove => (false, StepKind::RemoveMember),
    };
    let is_member = directory.is_member(at, of);
    if is_member == Some(adds) {
        let (reason, words) = if adds {
            (Reason::AlreadyMember, "is a member of")
        } else {
            (Reason::NotAMember, "is not a member of")
        };
        return Ok(unchanged(reason, format!("{} {words} {} already", person.shown(), group.name)));
    }
    if let Some(no) =
        spec.guards.group(group).or_else(|| spec.guards.person(spec.job, person, None))
    {
        return Err(no);
    }
    if adds && person.standing == Some(Standing::NotInvited) {
        let who = person.shown();
        let detail = format!("{who} has an Atlassian account, but is not in this organization");
        return Err(skip(Reason::NotInDirectory, detail));
    }
    Ok(Resolved::Step(Box::new(NewStep {
        kind,
        door: spec.door(kind)?,
        subject: membership_subject(person, group),
        target: Target {
            group: Some(group.id.clone()),
            group_name: Some(group.name.to_string()),
            ..target(person)
        },
        before: is_member.map_or(Before::Unseen, Before::Member),
        wanted: if adds { of_addition(Some(person), of, directory) } else { Wanted::default() },
        needs: None,
    })))
}

/// What makes two memberships the same. An account id holds no space, so this is one pair only.
fn membership_subject(person: &Person, group: &Group) -> String {
    format!("{} {}", person.id, group.id)
}
