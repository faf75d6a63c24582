//! The kinds of steps, each in a file of its own.
//!
//! As with the [jobs](crate::jobs), all of a [`KindSpec`] is required: its words, its guards, and for each API how it is
//! sent and how it is observed.
//!
//! ```text
//! spec         the definition of a kind, as a value
//! kind         the names of the kinds
//! change       the change of a step
//! current      what the site shows now about the target of a step     (pure)
//! record       steps in the journal
//! answers      what an answer means for a step                        (pure)
//! observation  what a read shows                                      (pure)
//! deletion     the last read before a group is deleted
//! schedule     whether an account is scheduled for deletion
//! provisioning through the identity provider's directory, for several kinds
//! account, creation, group, membership, standing   shared by several kinds
//! ```

mod account;
mod activate;
mod add_member;
mod answers;
mod cancel_delete;
mod change;
mod change_email;
mod create_group;
mod create_user;
mod creation;
mod current;
mod deactivate;
mod delete;
mod deletion;
mod grant_group_role;
mod grant_role;
mod group;
mod invite_user;
mod kind;
mod membership;
mod observation;
mod provisioning;
mod record;
mod remove_group;
mod remove_member;
mod remove_user;
mod restore;
mod revoke_group_role;
mod revoke_role;
mod revoke_token;
mod role;
mod schedule;
mod spec;
mod standing;
mod suspend;
mod unlink;

use std::sync::Arc;

use headcount_model::door::{Api, Door, Doors};

pub(crate) use answers::{
    after_created, after_error, cannot, names_the_state, not_looked_up, not_read, not_sent,
};
pub use change::{
    Before, Change, Emailed, NewStep, Note, Step, Target, Wanted, WrittenMembers, list,
};
pub(crate) use change_email::{of_address, waits_for_address};
pub(crate) use current::without_access;
pub use current::{No, Now};
pub use kind::StepKind;
pub(crate) use membership::NO_USER;
pub(crate) use observation::{member_or_not, readdressed};
pub use record::{named_account, of_row, read, read_all, read_common, read_effect, read_kind};
pub(crate) use schedule::{
    GRACE, cancels_deletion, follows_cancellation, follows_undo, last_minute,
};
pub(crate) use spec::THROUGH_IT;
pub use spec::{
    About, KindSpec, Looking, Means, Membership, NotFound, Send, SendError, Sends, Undone,
    UserGone, Way,
};

/// The definition of a kind of step.
pub fn of(kind: StepKind) -> &'static KindSpec {
    match kind {
        StepKind::CreateUser => &create_user::KIND,
        StepKind::InviteUser => &invite_user::KIND,
        StepKind::RemoveUser => &remove_user::KIND,
        StepKind::AddMember => &add_member::KIND,
        StepKind::RemoveMember => &remove_member::KIND,
        StepKind::Deactivate => &deactivate::KIND,
        StepKind::Activate => &activate::KIND,
        StepKind::Delete => &delete::KIND,
        StepKind::CancelDelete => &cancel_delete::KIND,
        StepKind::ChangeEmail => &change_email::KIND,
        StepKind::Unlink => &unlink::KIND,
        StepKind::Suspend => &suspend::KIND,
        StepKind::Restore => &restore::KIND,
        StepKind::CreateGroup => &create_group::KIND,
        StepKind::RemoveGroup => &remove_group::KIND,
        StepKind::GrantRole => &grant_role::KIND,
        StepKind::RevokeRole => &revoke_role::KIND,
        StepKind::GrantGroupRole => &grant_group_role::KIND,
        StepKind::RevokeGroupRole => &revoke_group_role::KIND,
        StepKind::RevokeToken => &revoke_token::KIND,
    }
}

/// No credential opens a door for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no credential of the profile can do the step `{}`", .kind.word())]
pub struct NoDoor {
    /// The kind of the step.
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

/// The door for undoing a step that went through `made`: the same one. An invitation is not undone where it was
/// made; the user is removed as a new removal would do it.
///
/// # Errors
/// As for [`door`].
pub fn door_back(doors: &Doors, made: &Arc<Door>, kind: StepKind) -> Result<Arc<Door>, NoDoor> {
    match made.api() {
        Api::Invitations => door(doors, kind).cloned(),
        Api::Provisioning if of(kind).way(Api::Provisioning).is_none() => Err(NoDoor { kind }),
        Api::Jira | Api::Directory | Api::Accounts | Api::Provisioning => Ok(Arc::clone(made)),
    }
}
