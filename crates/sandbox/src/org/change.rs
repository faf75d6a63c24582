//! Every way in which an organization can change, and the trace it leaves.
//!
//! A [`Change`] names people and groups by their ids, not by index: it is what the state file
//! holds, and must mean the same to a later build. Its [`Effect`] is the compact trace in the
//! request log, its [`Audit`] the event that the organization's audit log shows.

use serde::{Deserialize, Serialize};

use super::model::{GroupIx, GroupRecord, PersonIx, PersonRecord};

/// One change, as stored. Adding a variant is safe; renaming one breaks old state files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(crate) enum Change {
    CreatedUser {
        person: PersonRecord,
    },
    /// An account that existed is on the site again, or for the first time.
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
    /// Organization administrator, or no longer.
    ChangedRole {
        account: Box<str>,
        org_admin: bool,
    },
    RevokedToken {
        account: Box<str>,
        token: Box<str>,
    },
    /// The grace after a deletion is over: the account is gone for good.
    Closed {
        account: Box<str>,
        at_ms: i64,
    },
    /// The product that membership in a group gives, or none.
    SetGrant {
        group: Box<str>,
        product: Option<super::Product>,
    },
    /// A policy, new or in place of the one with its id.
    SetPolicy {
        policy: super::Policy,
    },
    RemovedPolicy {
        id: Box<str>,
    },
    /// Whether the organization pays for anything.
    SetSubscription {
        paid: bool,
    },
    /// Whether the organization manages the account.
    ChangedClaim {
        account: Box<str>,
        managed: bool,
    },
    /// How many seats a product has; none is without limit.
    SetSeats {
        product: super::Product,
        seats: Option<u32>,
    },
    ClaimedDomain {
        domain: Box<str>,
    },
    /// Everything was discarded; what follows is a snapshot.
    Reset,
    /// Something that happened before a snapshot: kept for the audit log, changes nothing.
    Noted {
        kind: EffectKind,
        account: Option<Box<str>>,
        group: Option<Box<str>>,
    },
}

/// What kind of thing was done, in the words of the request log.
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
            Self::CreatedPolicy => "created-policy",
            Self::ChangedPolicy => "changed-policy",
            Self::RemovedPolicy => "removed-policy",
        }
    }
}

/// The effect of a change and its user; 12 bytes and two options, so that a log of millions is possible.
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
    /// The person whose token did it; none for the organization's API key.
    pub(crate) actor: Option<PersonIx>,
    pub(crate) effect: Effect,
}
