//! All changes of an organization, and the trace that each leaves.
//!
//! A [`Change`] names users and groups by their ids, not by index, because the state file stores it, and a later
//! build must read it in the same way. Its [`Effect`] is the compact trace in the request log, its [`Audit`] the
//! entry in the organization's audit log.

use serde::{Deserialize, Serialize};

use super::model::{GroupIx, GroupRecord, PersonIx, PersonRecord};

/// A change, as it is stored. Adding a variant is safe; renaming one breaks old state files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(crate) enum Change {
    CreatedUser {
        person: PersonRecord,
    },
    /// An existing account is on the site again, or for the first time.
    ReturnedUser {
        account: Box<str>,
    },
    RemovedUser {
        account: Box<str>,
    },
    CreatedGroup {
        group: GroupRecord,
    },
    RemovedGroup {
        group: Box<str>,
    },
    AddedMember {
        account: Box<str>,
        group: Box<str>,
    },
    RemovedMember {
        account: Box<str>,
        group: Box<str>,
    },
    Deactivated {
        account: Box<str>,
        at_ms: i64,
    },
    Activated {
        account: Box<str>,
        at_ms: i64,
    },
    ScheduledDeletion {
        account: Box<str>,
        at_ms: i64,
    },
    CancelledDeletion {
        account: Box<str>,
        at_ms: i64,
    },
    Suspended {
        account: Box<str>,
    },
    Restored {
        account: Box<str>,
    },
    ChangedEmail {
        account: Box<str>,
        email: Box<str>,
    },
    ChangedName {
        account: Box<str>,
        name: Box<str>,
    },
    /// A user became organization administrator, or lost this role.
    ChangedRole {
        account: Box<str>,
        org_admin: bool,
    },
    RevokedToken {
        account: Box<str>,
        token: Box<str>,
    },
    /// The grace period after a deletion is over: the account is closed.
    Closed {
        account: Box<str>,
        at_ms: i64,
    },
    /// The record of a user in the user provisioning API, new or changed.
    Provisioned {
        account: Box<str>,
        record: Box<super::Provisioned>,
    },
    /// The record was deleted: the identity provider no longer owns the account.
    Unlinked {
        account: Box<str>,
    },
    /// The id that an identity provider keeps for a group.
    SetExternalId {
        group: Box<str>,
        external_id: Box<str>,
    },
    /// The app that membership in a group gives access to, or none.
    SetGrant {
        group: Box<str>,
        product: Option<super::Product>,
        #[serde(default)]
        role: super::AppRole,
    },
    /// A role in an app was assigned to a user.
    AssignedRole {
        account: Box<str>,
        product: super::Product,
        role: super::AppRole,
    },
    /// A role in an app was revoked from a user.
    RevokedRole {
        account: Box<str>,
        product: super::Product,
        role: super::AppRole,
    },
    /// A policy, new or replacing the one with its id.
    SetPolicy {
        policy: super::Policy,
    },
    RemovedPolicy {
        id: Box<str>,
    },
    /// Whether the organization pays for its apps.
    SetSubscription {
        paid: bool,
    },
    /// Whether the organization manages the account.
    ChangedClaim {
        account: Box<str>,
        managed: bool,
    },
    /// A user used an app; an earlier time than the one that is known changes nothing.
    Used {
        account: Box<str>,
        product: super::Product,
        at_ms: i64,
    },
    /// How many seats an app has; `None` means no limit.
    SetSeats {
        product: super::Product,
        seats: Option<u32>,
    },
    /// A setting of a user, or of the site (without an account); without a value it was removed.
    SetSetting {
        account: Box<str>,
        kind: super::model::SettingKind,
        key: Box<str>,
        value: Option<serde_json::Value>,
    },
    ClaimedDomain {
        domain: Box<str>,
    },
    /// Everything was discarded; a snapshot follows.
    Reset,
    /// A change before a snapshot: kept for the audit log, has no effect.
    Noted {
        kind: EffectKind,
        account: Option<Box<str>>,
        group: Option<Box<str>>,
    },
}

/// The kind of an effect, by its word in the request log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EffectKind {
    CreatedUser,
    ReturnedUser,
    RemovedUser,
    CreatedGroup,
    RemovedGroup,
    AddedMember,
    RemovedMember,
    Deactivated,
    Activated,
    ScheduledDeletion,
    CancelledDeletion,
    Suspended,
    Restored,
    ChangedEmail,
    ChangedName,
    ChangedRole,
    RevokedToken,
    Closed,
    GrantedProduct,
    RevokedProduct,
    AssignedRole,
    RevokedRole,
    LinkedUser,
    UnlinkedUser,
    ChangedRecord,
    CreatedPolicy,
    ChangedPolicy,
    RemovedPolicy,
}

impl EffectKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::CreatedUser => "created-user",
            Self::ReturnedUser => "returned-user",
            Self::RemovedUser => "removed-user",
            Self::CreatedGroup => "created-group",
            Self::RemovedGroup => "removed-group",
            Self::AddedMember => "added-member",
            Self::RemovedMember => "removed-member",
            Self::Deactivated => "deactivated",
            Self::Activated => "activated",
            Self::ScheduledDeletion => "scheduled-deletion",
            Self::CancelledDeletion => "cancelled-deletion",
            Self::Suspended => "suspended",
            Self::Restored => "restored",
            Self::ChangedEmail => "changed-email",
            Self::ChangedName => "changed-name",
            Self::ChangedRole => "changed-role",
            Self::RevokedToken => "revoked-token",
            Self::Closed => "closed",
            Self::GrantedProduct => "granted-product",
            Self::RevokedProduct => "revoked-product",
            Self::AssignedRole => "assigned-role",
            Self::RevokedRole => "revoked-role",
            Self::LinkedUser => "linked-user",
            Self::UnlinkedUser => "unlinked-user",
            Self::ChangedRecord => "changed-record",
            Self::CreatedPolicy => "created-policy",
            Self::ChangedPolicy => "changed-policy",
            Self::RemovedPolicy => "removed-policy",
        }
    }
}

/// The effect of a change and its user: 12 bytes and two options, so that a log of millions fits in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Effect {
    pub(crate) kind: EffectKind,
    pub(crate) person: Option<PersonIx>,
    pub(crate) group: Option<GroupIx>,
}

/// An entry of the organization's audit log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Audit {
    pub(crate) at_ms: i64,
    /// The user whose token made the change; `None` for the organization API key.
    pub(crate) actor: Option<PersonIx>,
    pub(crate) effect: Effect,
}
