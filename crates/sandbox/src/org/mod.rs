//! The organization: people, groups, memberships, product seats and the audit log.
//!
//! # Rules
//! - Nothing here knows HTTP. An [`Org`] is read freely and changed only through
//!   [`Change`]s ([`Org::apply`]), so what the state file replays is what the calls did.
//! - People and groups are interned: outside this module they travel as a [`PersonIx`] or
//!   [`GroupIx`], which never changes and is never used again. A removed user leaves a
//!   tombstone, because Jira's list of all users and the audit log still know them.
//! - No look-up costs more with a larger organization, but for a logarithm: 100,000 people are
//!   to be answered as fast as ten.

mod admin_changes;
mod change;
mod ids;
mod index;
mod lagging;
mod mail;
mod model;
mod queries;
mod world;

pub(crate) use change::{Audit, Change, Effect, EffectKind};
pub(crate) use ids::{account_id, event_id, mix};
pub(crate) use index::name_keys;
pub(crate) use lagging::Lagging;
pub(crate) use mail::is_mail;
pub(crate) use model::{
    ADMIN_GROUPS, Group, GroupIx, GroupRecord, Kind, Lifecycle, Person, PersonIx, PersonRecord,
    Place, Policy, Product, Source,
};
pub(crate) use world::Org;

#[cfg(test)]
mod tests;
