//! The undo of a deletion. A cancellation makes an account active, so one that was deactivated before its deletion is
//! deactivated again, in the same row. Pure.

use headcount_model::reason::Reason;
use headcount_model::user::AccountStatus;

use super::undo::{Undo, not_undoable};
use crate::directory::Person;
use crate::jobs;
use crate::resolve::{Part, Resolved};
use crate::steps::{
    self, Before, NewStep, No, Now, Step, StepKind, Wanted, cancels_deletion, follows_undo,
};

const NOT_DATED: &str =
    "the site does not show the deletion, nor how long ago it was; undo it again in ten minutes";

impl Undo<'_> {
    /// Why a deletion is not canceled. `fresh`: the site may not show it yet.
    pub(super) fn not_canceled(
        &self,
        kind: StepKind,
        now: &Result<Now, No>,
        person: &Person,
        fresh: bool,
    ) -> Option<Resolved> {
        if !cancels_deletion(kind) {
            return None;
        }
        match now {
            Ok(Now::Before(_)) => None,
            // Too late, as the site shows.
            Err(no) if no.reason == Reason::AccountClosed => Some(not_undoable(&no.detail)),
            // A cancellation activates an account, so for one that is shown as deactivated, a time that is not known is
            // no evidence. An active account it leaves as it is.
            Ok(Now::Already(..)) | Err(_) => {
                let is_active = person.status == Some(AccountStatus::Active);
                let is_undated = fresh && self.is_old.is_none() && !is_active;
                is_undated.then(|| not_undoable(NOT_DATED))
            }
        }
    }

    /// The inverse of a step, and the step that has to follow it, if there is one. If a guard refuses the second, the
    /// row is left as it is.
    pub(super) fn with_following(&self, undone: &Step, back: Resolved) -> Resolved {
        let (Resolved::Step(first), Some(kind)) = (&back, follows_undo(undone)) else {
            return back;
        };
        let door = match self.door(undone, kind) {
            Ok(door) => door,
            Err(no_door) => return not_undoable(&no_door.to_string()),
        };
        let at = first.target.account.as_ref().and_then(|id| self.directory.person_by_id(id));
        let touches = jobs::of(steps::of(kind).guards.unwrap_or(self.run.job)).touches();
        let person = at.map(|at| self.directory.person(at));
        if let Some(no) = person.and_then(|person| self.guards.person_of_undo(touches, person)) {
            return no.into();
        }
        let first = (**first).clone();
        let before = Before::Status(AccountStatus::Active);
        let second = NewStep { kind, door, before, wanted: Wanted::default(), ..first.clone() };
        Resolved::Parts(vec![Part::new(first), Part { needs: Some(0), ..Part::new(second) }])
    }
}
