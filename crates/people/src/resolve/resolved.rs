//! What a row is resolved with, and the result.

use std::sync::Arc;

use super::find::{find_group, find_person};
use super::guard::{Guards, Touches, anyone};
use crate::directory::{Directory, Group, GroupIndex, Lifecycle, Person, PersonIndex};
use crate::rows::{Intent, WhichGroup, WhichUser};
use crate::steps::{self, Before, NewStep, No, StepKind, Target, Wanted};
use headcount_atlassian::admin::Resources;
use headcount_model::door::{Door, Doors};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::user::Product;

/// The data of a plan besides rows and directory.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The job.
    pub job: Job,
    /// Apps of new users whose cell is empty.
    pub products: Vec<Product>,
    /// The message that is sent with a deactivation.
    pub message: Option<String>,
    /// Whether a deactivation also revokes the user's API tokens.
    pub revoke_tokens: bool,
    /// For invitations: the organization's resource names of the apps on this site.
    pub invite: Option<Resources>,
    /// The users and groups that must not be changed.
    pub guards: Guards,
    /// The doors of its steps.
    pub doors: Doors,
}

impl Spec {
    /// Whether the plan goes through the identity provider's directory, and so through no other door.
    pub(crate) fn is_provisioning(&self) -> bool {
        self.doors.provisioning.is_some()
    }

    /// The door that a step of this kind goes through.
    pub(crate) fn door(&self, kind: StepKind) -> Result<Arc<Door>, No> {
        let door = steps::door(&self.doors, kind).cloned();
        door.map_err(|error| No::new(Reason::NotAllowed, error.to_string()))
    }
}

/// The result of a row.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// A step to send.
    Step(Box<NewStep>),
    /// Several steps, in order; not all of them are already in the wanted state.
    Parts(Vec<Part>),
    /// Nothing to send, and why.
    Settled(Outcome, Reason, String),
}

/// One of a row's several steps.
#[derive(Clone, Debug)]
pub struct Part {
    /// The step.
    pub step: NewStep,
    /// The index of the row's part that has to be done first.
    pub needs: Option<usize>,
    /// Set if it will not be sent: with the reason.
    pub settled: Option<(Outcome, Reason, String)>,
}

impl Part {
    /// A part that needs no other.
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
    /// The users and groups.
    pub directory: &'a Directory,
    /// The data of the plan.
    pub spec: &'a Spec,
    /// What the job does to a user.
    pub touches: Touches,
}

impl<'a> Resolver<'a> {
    /// The user of a row, or why it is not certainly one.
    pub(crate) fn user(&self, intent: &Intent) -> Result<PersonIndex, No> {
        find_person(intent.user.as_ref().unwrap_or(&WhichUser::default()), self.directory)
    }

    /// The only group of a row, or why it is not certainly one.
    pub(crate) fn group(&self, intent: &Intent) -> Result<GroupIndex, No> {
        find_group(intent.groups.first().unwrap_or(&WhichGroup::default()), self.directory)
    }

    /// Refuses a user that the job may not change.
    pub(crate) fn guard_user(&self, person: &Person, org_role: Option<&str>) -> Result<(), No> {
        let through = self.spec.is_provisioning();
        let owner = if through { anyone } else { self.touches.owner };
        let touches = Touches { owner, ..self.touches };
        match self.spec.guards.person(touches, person, org_role) {
            // Google's own sync does not go through the user provisioning API.
            Some(no) if person.lifecycle.as_ref().is_some_and(is_google) => Err(no),
            Some(no) => Err(self.or_scim(no)),
            None if through && !self.directory.records.contains_key(&person.id) => {
                Err(not_provisioned(person.shown()))
            }
            None => Ok(()),
        }
    }

    /// Says how a row that an identity provider refuses can be changed.
    fn or_scim(&self, no: No) -> No {
        match (no.reason, self.touches.scim) {
            (Reason::IdentityProvider, true) => {
                No { detail: format!("{}, or {}", no.detail, steps::THROUGH_IT), ..no }
            }
            _ => no,
        }
    }

    /// Refuses a new email that the profile protects.
    pub(crate) fn guard_new_mail(&self, mail: &str) -> Result<(), No> {
        self.spec.guards.new_mail(mail).map_or(Ok(()), Err)
    }

    /// Refuses a group that no job may change.
    pub(crate) fn guard_group(&self, group: GroupIndex) -> Result<(), No> {
        let group = self.directory.group(group);
        if !self.spec.is_provisioning() {
            return self.spec.guards.group(group).map_or(Ok(()), |no| Err(self.or_scim(no)));
        }
        let unowned = Group { synced: None, ..group.clone() };
        match self.spec.guards.group(&unowned) {
            Some(no) => Err(no),
            None if self.directory.group_records.contains_key(&group.id) => Ok(()),
            None => Err(not_provisioned(&group.name)),
        }
    }

    /// A step that needs no other.
    pub(crate) fn step(
        &self,
        kind: StepKind,
        subject: String,
        target: Target,
        before: Before,
        wanted: Wanted,
    ) -> Result<NewStep, No> {
        let door = self.spec.door(kind)?;
        let record = |id| self.directory.records.get(id).map(|id| id.to_string());
        let group = |id| self.directory.group_records.get(id).map(|id| id.to_string());
        let target = Target {
            record: target.account.as_ref().and_then(record),
            group_record: target.group.as_ref().and_then(group),
            ..target
        };
        Ok(NewStep { kind, door, subject, target, before, wanted, needs: None })
    }
}

impl From<NewStep> for Resolved {
    fn from(step: NewStep) -> Self {
        Self::Step(Box::new(step))
    }
}

fn is_google(lifecycle: &Lifecycle) -> bool {
    matches!(lifecycle, Lifecycle::Refused(key) if &**key == "externalDirectory.google")
}

fn not_provisioned(which: &str) -> No {
    let detail = format!(
        "{which} is not in the identity provider's directory; run the job without --scim for this row"
    );
    No::new(Reason::NotProvisioned, detail)
}

pub(crate) fn target(person: &Person) -> Target {
    Target {
        account: Some(person.id.clone()),
        mail: person.mail.as_deref().map(Into::into),
        name: person.name.as_deref().map(Into::into),
        ..Target::default()
    }
}
