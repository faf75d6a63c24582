//! Row + directory → a step, or an outcome and why. Pure: no clock, no network, no journal.

use super::create::Creation;
use super::directory_jobs;
use super::guard::{Guards, No};
use super::notes::{of_addition, rests};
use super::wish::{WhichGroup, WhichUser, Wish};
use crate::directory::{
    Directory, FoundGroup, FoundPerson, Group, GroupIndex, Person, PersonIndex,
};
use crate::journal::NewStep;
use crate::site::admin::Resources;
use crate::values::group::name_key;
use crate::values::job::Job;
use crate::values::outcome::Outcome;
use crate::values::reason::Reason;
use crate::values::step::{Before, Note, StepKind, Target, Wanted};
use crate::values::user::{AccountStatus, Product, Standing, mail_key};

/// What a plan is made with, beside rows and directory.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The job.
    pub job: Job,
    /// Products of new users whose cell is empty.
    pub products: Vec<Product>,
    /// The message that travels with a deactivation.
    pub message: Option<String>,
    /// With invitations: what the organisation calls each product on this site.
    pub invite: Option<Resources>,
    /// Who must not be touched.
    pub guards: Guards,
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
pub fn resolve(wish: &Wish, directory: &Directory, spec: &Spec) -> Resolved {
    let resolved = match wish {
        Wish::Create { mail, name, products, groups } => {
            let name = name.as_deref();
            Creation { mail, name, products: products.as_deref(), groups, directory, spec }
                .resolve()
        }
        Wish::User { user, org_role } => person(user, org_role.as_deref(), directory, spec),
        Wish::Member { user, group } => member(user, group, directory, spec),
        Wish::Group { name, description } => directory_jobs::group(name, description, directory),
    };
    resolved.unwrap_or_else(Resolved::from)
}

/// The one person that is meant.
pub fn find_person(user: &WhichUser, directory: &Directory) -> Result<PersonIndex, No> {
    let Some(id) = &user.account else {
        return find_by_mail(user.mail.as_deref().unwrap_or_default(), directory);
    };
    let index = directory.person_by_id(id).ok_or_else(|| {
        skip(Reason::UserNotFound, format!("no account {id} is known to the site"))
    })?;
    let person = directory.person(index);
    let known = person.mail.as_deref().map(mail_key);
    match user.mail.as_deref() {
        Some(mail) if known.as_deref().is_some_and(|known| known != mail_key(mail)) => Err(skip(
            Reason::Mismatch,
            format!("the account id is {}’s, the e-mail is {mail}", person.shown()),
        )),
        // The person's own address is hidden, but somebody else shows this one.
        Some(mail) if known.is_none() && holds_another(mail, index, directory) => Err(skip(
            Reason::Mismatch,
            format!("the e-mail {mail} is somebody else’s than the account id {id}"),
        )),
        _ => Ok(index),
    }
}

fn holds_another(mail: &str, index: PersonIndex, directory: &Directory) -> bool {
    match directory.people_by_mail(mail) {
        FoundPerson::Nobody => false,
        FoundPerson::One(holder) => holder != index,
        FoundPerson::Several(holders) => !holders.contains(&index),
    }
}

pub(super) fn find_by_mail(mail: &str, directory: &Directory) -> Result<PersonIndex, No> {
    match directory.people_by_mail(mail) {
        FoundPerson::One(index) => Ok(index),
        FoundPerson::Several(several) => {
            let ids: Vec<_> = several.iter().map(|&at| directory.person(at).id.as_str()).collect();
            Err(skip(
                Reason::UserAmbiguous,
                format!("{} accounts have the e-mail {mail}: {}", ids.len(), ids.join(", ")),
            ))
        }
        FoundPerson::Nobody if directory.is_hidden(mail) => Err(skip(
            Reason::UserHidden,
            format!("the site finds somebody for {mail} but hides the address"),
        )),
        FoundPerson::Nobody => {
            let blind = if directory.sees_every_mail {
                ""
            } else {
                " (this key does not see hidden addresses or deactivated people)"
            };
            let nearest = nearest(&directory.nearest_mails(mail, 3));
            Err(skip(Reason::UserNotFound, format!("nobody has the e-mail {mail}{blind}{nearest}")))
        }
    }
}

/// The one group that is meant.
pub fn find_group(group: &WhichGroup, directory: &Directory) -> Result<GroupIndex, No> {
    let Some(id) = &group.id else {
        return find_by_name(group.name.as_deref().unwrap_or_default(), directory);
    };
    let index = directory
        .group_by_id(id)
        .ok_or_else(|| skip(Reason::GroupNotFound, format!("no group has the id {id}")))?;
    let known = &directory.group(index).name;
    match group.name.as_deref() {
        Some(name) if !known.is_empty() && name_key(known) != name_key(name) => Err(skip(
            Reason::Mismatch,
            format!("the group id is that of “{known}”, the name is “{name}”"),
        )),
        _ => Ok(index),
    }
}

pub(super) fn find_by_name(name: &str, directory: &Directory) -> Result<GroupIndex, No> {
    match directory.group_by_name(name) {
        FoundGroup::One(index) => Ok(index),
        FoundGroup::Several(several) => {
            let names: Vec<_> = several
                .iter()
                .map(|&at| directory.group(at))
                .map(|group| format!("“{}” ({})", group.name, group.id))
                .collect();
            let detail = format!("several groups fit “{name}”: {}", names.join(", "));
            Err(skip(Reason::GroupAmbiguous, detail))
        }
        FoundGroup::Nothing => {
            let nearest = nearest(&directory.nearest_groups(name, 3));
            Err(skip(Reason::GroupNotFound, format!("no group is called “{name}”{nearest}")))
        }
    }
}

fn nearest(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        names => format!("; nearest: {}", names.join(", ")),
    }
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
    user: &WhichUser,
    org_role: Option<&str>,
    directory: &Directory,
    spec: &Spec,
) -> Result<Resolved, No> {
    let person = directory.person(find_person(user, directory)?);
    let who = person.shown();
    let (kind, already) = match spec.job {
        Job::DeactivateUsers => (StepKind::Deactivate, AccountStatus::Inactive),
        Job::ActivateUsers => (StepKind::Activate, AccountStatus::Active),
        _ => return directory_jobs::person(person, org_role, spec),
    };
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
        subject: person.id.as_str().to_owned(),
        target: target(person),
        before: person.status.map_or(Before::Unseen, Before::Status),
        wanted: Wanted { message, notes, ..Wanted::default() },
        needs: None,
    })))
}

fn member(
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
    let adds = spec.job == Job::AddMembers;
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
        let detail = format!("{who} has an Atlassian account, but is not in this organisation");
        return Err(skip(Reason::NotInDirectory, detail));
    }
    Ok(Resolved::Step(Box::new(NewStep {
        kind: if adds { StepKind::AddMember } else { StepKind::RemoveMember },
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
