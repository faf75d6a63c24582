//! Undoes a grant or a revocation of a role in an app.

use std::sync::Arc;

use super::undo::{Undo, already, not_undoable};
use crate::directory::{Held, PersonIndex};
use crate::jobs;
use crate::jobs::families::access::{emailing, keeps_access};
use crate::resolve::Resolved;
use crate::steps::{self, Before, NewStep, No, Now, Step, StepKind, Target, Wanted};
use headcount_model::door::Door;
use headcount_model::reason::Reason;

impl Undo<'_> {
    /// The state of a user's role before its grant or revocation is undone.
    pub(super) fn role_now(
        &self,
        step: &Step,
        kind: StepKind,
        at: Option<PersonIndex>,
    ) -> Result<Now, No> {
        let target = &step.payload.target;
        let access = &self.directory.access;
        let app = target.app.as_deref().and_then(|app| access.apps.by_id(app));
        let held = at.zip(app).and_then(|(at, app)| access.held(at, app, target.role?));
        let Some(held) = held else {
            return Err(No::new(Reason::NotSent, "headcount could not read the user's roles"));
        };
        let already = |reason, words| Ok(Now::Already(reason, words));
        match (held, !steps::of(kind).takes_away) {
            (Some(_), true) => already(Reason::AlreadyHasRole, "has the role again"),
            (None, true) => Ok(Now::Before(Before::Absent)),
            (None, false) => already(Reason::HasNoRole, "no longer has the role"),
            (Some(Held { direct: Some(true), .. }), false) => Ok(Now::Before(Before::Present)),
            (Some(Held { direct: Some(false), .. }), false) => Err(No::new(
                Reason::ThroughGroup,
                "the site shows the role through a group, not as the user's own",
            )),
            (Some(Held { direct: None, .. }), false) => Err(No::new(
                Reason::NotSent,
                "the site does not show through what the user has the role",
            )),
        }
    }

    /// A role of a group. Undoing a revocation emails the members again.
    pub(super) fn group_role(
        &self,
        step: &Step,
        kind: StepKind,
        door: Arc<Door>,
        fresh: bool,
    ) -> Resolved {
        let (directory, target) = (self.directory, &step.payload.target);
        let at = target.group.as_ref().and_then(|id| directory.group_by_id(id));
        let app = target.app.as_deref().and_then(|app| directory.access.apps.by_id(app));
        let (Some(at), Some(app), Some(role)) = (at, app, target.role) else {
            return not_undoable("the site no longer shows the group or the app");
        };
        let group = directory.group(at);
        if let Some(no) = self.guards.group(group) {
            return no.into();
        }
        let grants = !steps::of(kind).takes_away;
        let has = directory.access.gives(&group.id, app, role);
        let before = match has {
            None => return not_undoable("headcount could not read the group's roles"),
            Some(has) if has == grants && fresh => Before::Unseen,
            Some(true) if grants => {
                return already(Reason::AlreadyHasRole, target, "has the role again");
            }
            Some(false) if !grants => {
                return already(Reason::HasNoRole, target, "no longer has the role");
            }
            Some(true) => Before::Present,
            Some(false) => Before::Absent,
        };
        let members = directory.access.members(at).unwrap_or_default();
        if !grants && let Some(no) = self.member_to_spare(kind, members) {
            return no.into();
        }
        let wanted = if grants { emailing(members, directory) } else { Wanted::default() };
        Resolved::Step(Box::new(NewStep {
            kind,
            door,
            subject: target.with_part(group.id.as_str()),
            target: Target { group_name: Some(group.name.to_string()), ..target.clone() },
            before,
            wanted,
            needs: None,
        }))
    }

    /// Why an app is not taken from these members of a group, if one of them must keep it.
    fn member_to_spare(&self, kind: StepKind, members: &[PersonIndex]) -> Option<No> {
        let touches = jobs::of(steps::of(kind).guards.unwrap_or(self.run.job)).touches();
        keeps_access(members, self.directory, |person| self.guards.person(touches, person, None))
    }
}
