//! The organization: users, groups, memberships, seats and the audit log.
//!
//! # Rules
//! - No code here knows HTTP. An [`Org`] is read freely and changed only through [`Change`]s ([`Org::apply`]), so
//!   that a replay of the state file makes the same changes as the calls did.
//! - Users and groups have an index: other modules refer to them by a [`PersonIx`] or [`GroupIx`], which never
//!   changes and is never used again. A removed user stays as a tombstone, because Jira's list of all users and
//!   the audit log still know the user.
//! - The cost of a lookup grows at most with the logarithm of the organization's size: 100,000 users are answered
//!   as fast as ten.

mod admin_changes;
mod change;
mod ids;
mod index;
mod lagging;
mod mail;
mod model;
mod provisioned;
mod queries;
mod roles;
mod seeded;
mod settings;
mod world;

pub(crate) use change::{Audit, Change, Effect, EffectKind};
pub(crate) use ids::{account_id, event_id, mix, new_provisioned_id, provisioned_id};
pub(crate) use index::name_keys;
pub(crate) use lagging::Lagging;
pub(crate) use mail::is_mail;
pub(crate) use model::{
    ADMIN_GROUPS, Group, GroupIx, GroupRecord, Kind, Lifecycle, Person, PersonIx, PersonRecord,
    Place, Policy, Product, Provisioned, SettingKind, Source,
};
pub(crate) use roles::{ApiToken, AppRole};
pub(crate) use world::Org;

#[cfg(test)]
mod tests;
