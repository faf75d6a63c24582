//! What a row is resolved with, and what becomes of it.

use std::sync::Arc;

use super::find::{find_group, find_person};
use super::guard::{Guards, Touches};
use crate::directory::{Directory, GroupIndex, Person, PersonIndex};
use crate::rows::{Intent, WhichGroup, WhichUser};
use crate::steps::{self, Before, NewStep, No, StepKind, Target, Wanted};
use headcount_atlassian::admin::Resources;
use headcount_model::door::{Door, Doors};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::user::Product;

/// What a plan is made with, besides rows and directory.
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
    pub(crate) fn door(&self, kind: StepKind) -> Result<Arc<Door>, No> {
        let door = steps::door(&self.doors, kind).cloned();
        door.map_err(|error| No::new(Reason::NotAllowed, error.to_string()))
    }
}

/// What becomes of a row.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// Something to send.
    Step(Box<NewStep>),
    /// Several things, in their order; not all of them are already in the wanted state.
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
    pub(crate) fn new(step: NewStep) -> Self {
        Self { step, needs: None, settled: None }
    }

    /// Whether it will not be done.
    pub(crate) fn is_skipped(&self) -> bool {
        matches!(self.settled, Some((Outcome::Skipped, ..)))
    }
}

impl From<No> for Resolved {
    fn from(no: No) -> Self {
        Self::Settled(Outcome::Skipped, no.reason, no.detail)
    }
}

pub(crate) fn unchanged(reason: Reason, detail: String) -> Resolved {
    Resolved::Settled(Outcome::Unchanged, reason, detail)
}

/// What a row is resolved with.
#[derive(Clone, Copy, Debug)]
pub struct Resolver<'a> {
    /// Who is who.
    pub directory: &'a Directory,
    /// What the plan is made with.
    pub spec: &'a Spec,
    /// What the job does to a user.
    pub touches: Touches,
}

impl<'a> Resolver<'a> {
    /// The user of a row; or why it is not surely one.
    pub(crate) fn user(&self, intent: &Intent) -> Result<PersonIndex, No> {
        find_person(intent.user.as_ref().unwrap_or(&WhichUser::default()), self.directory)
    }

    /// The one group of a row; or why it is not surely one.
    pub(crate) fn group(&self, intent: &Intent) -> Result<GroupIndex, No> {
        find_group(intent.groups.first().unwrap_or(&WhichGroup::default()), self.directory)
    }

    /// Whether the job may not touch this user.
    pub(crate) fn guard_user(&self, person: &Person, org_role: Option<&str>) -> Result<(), No> {
        self.spec.guards.person(self.touches, person, org_role).map_or(Ok(()), Err)
    }

    /// Whether no job may touch this group.
    pub(crate) fn guard_group(&self, group: GroupIndex) -> Result<(), No> {
        self.spec.guards.group(self.directory.group(group)).map_or(Ok(()), Err)
    }

    /// A step that waits for no other.
    pub(crate) fn step(
        &self,
        kind: StepKind,
        subject: String,
        target: Target,
        before: Before,
        wanted: Wanted,
    ) -> Result<NewStep, No> {
        let door = self.spec.door(kind)?;
        Ok(NewStep { kind, door, subject, target, before, wanted, needs: None })
    }
}

impl From<NewStep> for Resolved {
    fn from(step: NewStep) -> Self {
        Self::Step(Box::new(step))
    }
}

pub(crate) fn target(person: &Person) -> Target {
    Target {
        account: Some(person.id.clone()),
        mail: person.mail.as_deref().map(Into::into),
        name: person.name.as_deref().map(Into::into),
        ..Target::default()
    }
}
