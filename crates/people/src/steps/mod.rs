//! The kinds of steps: what each one is, in a file of its own.
//!
//! As with the [jobs](crate::jobs), all of a [`KindSpec`] is required.

mod activate;
mod add_member;
mod change;
mod create_group;
mod create_user;
mod deactivate;
mod invite_user;
mod kind;
mod record;
mod remove_group;
mod remove_member;
mod remove_user;
mod restore;
mod suspend;

use std::sync::Arc;

use headcount_atlassian::Endpoint;
use headcount_model::door::{Api, Door, Doors};
use headcount_model::job::Job;
use headcount_model::reason::Reason;

pub use change::{Before, Change, NewStep, Note, Step, Target, Wanted};
pub use kind::{About, StepKind};
pub use record::{
    named_account, named_group, of_row, read, read_all, read_common, read_effect, read_kind,
};

/// What a kind of step is.
#[derive(Debug)]
pub struct KindSpec {
    /// Which one, as the journal knows it.
    pub kind: StepKind,
    /// What it does to its target through an API: `take ann@example.com off the site`. `None`: which
    /// API is not recorded.
    pub does: fn(&Target, Option<Api>) -> String,
    /// The same once it is done.
    pub done: fn(&Target, Option<Api>) -> String,
    /// What a step wants to be so, to stand beside what was found: `ann@example.com in berlin`.
    pub wanted: fn(&Step) -> String,
    /// The reason of a step that was so already.
    pub already: Reason,
    /// The call of each API that performs it. A new step goes through the first one that is open.
    pub calls: &'static [(Api, Endpoint)],
    /// What takes it back, if only by name: an undo says so of steps that it does not send, too.
    pub opposite: StepKind,
    /// The job whose guards it obeys, where it is about somebody who is there.
    pub guards: Option<Job>,
    /// It takes a user's access away: administrators are left alone.
    pub takes_away: bool,
}

/// What a kind of step is.
pub fn of(kind: StepKind) -> &'static KindSpec {
    match kind {
        StepKind::CreateUser => &create_user::KIND,
        StepKind::InviteUser => &invite_user::KIND,
        StepKind::RemoveUser => &remove_user::KIND,
        StepKind::AddMember => &add_member::KIND,
        StepKind::RemoveMember => &remove_member::KIND,
        StepKind::Deactivate => &deactivate::KIND,
        StepKind::Activate => &activate::KIND,
        StepKind::Suspend => &suspend::KIND,
        StepKind::Restore => &restore::KIND,
        StepKind::CreateGroup => &create_group::KIND,
        StepKind::RemoveGroup => &remove_group::KIND,
    }
}

impl KindSpec {
    /// The API that a new step goes through, of those that are open.
    pub fn api(&self, is_open: impl Fn(Api) -> bool) -> Option<Api> {
        self.calls.iter().map(|(api, _)| *api).find(|api| is_open(*api))
    }

    /// The call that performs it through an API; `None`: the API has none.
    pub fn call(&self, api: Api) -> Option<Endpoint> {
        self.calls.iter().find(|(of, _)| *of == api).map(|(_, call)| *call)
    }
}

/// No credential opens a door for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no credential of the profile opens an API for the step `{}`", .kind.word())]
pub struct NoDoor {
    /// What the step does.
    pub kind: StepKind,
}

/// The door that a new step of this kind goes through.
///
/// # Errors
/// No credential opens an API that has a call for it.
pub fn door(doors: &Doors, kind: StepKind) -> Result<&Arc<Door>, NoDoor> {
    let api = of(kind).api(|api| doors.at(api).is_some());
    api.and_then(|api| doors.at(api)).ok_or(NoDoor { kind })
}

/// The door that takes back what went through `made`: the same one. An invitation is not taken back
/// where it was made; the user is removed as a new removal would be.
///
/// # Errors
/// As of [`door`].
pub fn door_back(doors: &Doors, made: &Arc<Door>, kind: StepKind) -> Result<Arc<Door>, NoDoor> {
    match made.api() {
        Api::Invitations => door(doors, kind).cloned(),
        Api::Jira | Api::Directory | Api::Accounts => Ok(Arc::clone(made)),
    }
}

/// What a creation wants.
fn on_the_site(step: &Step) -> String {
    let who = step.payload.target.who();
    let products: Vec<_> =
        step.payload.wanted.products.iter().map(|product| product.key()).collect();
    match products.as_slice() {
        [] => format!("{who} on the site, with no product"),
        products => format!("{who} on the site, with {}", products.join(", ")),
    }
}
