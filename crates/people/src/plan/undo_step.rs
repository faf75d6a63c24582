//! The step that reverses a step. It shows the group's name and the user's state of now: if the plan waits, they are
//! compared with the site again before the step is sent.

use std::sync::Arc;

use super::undo::Undo;
use crate::directory::{GroupIndex, Person};
use crate::resolve::{Resolved, rests};
use crate::steps::{self, About, Before, Membership, NewStep, Note, Step, StepKind, of_address};
use headcount_model::door::Door;

impl Undo<'_> {
    /// The step that reverses a step.
    pub(super) fn reversed(
        &self,
        step: &Step,
        (kind, door, before): (StepKind, Arc<Door>, Before),
        person: &Person,
        group: Option<GroupIndex>,
    ) -> Resolved {
        let (mut target, mut wanted) = (steps::of(step.payload.kind).undo)(step);
        let subject = match (&step.payload.target.group, &wanted.email) {
            (Some(group), _) => format!("{} {group}", person.id),
            (None, Some(mail)) => of_address(&person.id, mail),
            (None, None) => target.with_part(person.id.as_str()),
        };
        if let Some(group) = group.map(|at| self.directory.group(at)) {
            target.group_name = Some(group.name.to_string()).filter(|name| !name.is_empty());
        }
        wanted.notes.extend(note(kind, person));
        Resolved::Step(Box::new(NewStep {
            kind,
            door,
            subject,
            target,
            before,
            wanted,
            needs: None,
        }))
    }
}

/// The warning for a user who gets access back and cannot sign in.
fn note(kind: StepKind, person: &Person) -> Option<Note> {
    let spec = steps::of(kind);
    let gives = match spec.about {
        About::Membership(membership) => membership == Membership::Joins,
        About::Role => !spec.takes_away,
        About::User | About::Group | About::GroupRole | About::Token => false,
    };
    rests(person).filter(|_| gives)
}
