//! Users that an identity provider provisions: their records in the user provisioning API (SCIM).
//!
//! A record has the attributes as the identity provider sent them. Name, email and state of the account are in
//! [`PersonRecord`], which all other APIs read; each change of a record is followed by the changes of the account.

use serde_json::json;

use super::change::{Effect, EffectKind};
use super::ids;
use super::model::{GroupIx, PersonIx, PersonRecord, Provisioned, Source};
use super::world::{Org, of_person};

/// The record of a user if only the account is known.
fn record_of(person: &PersonRecord) -> Provisioned {
    let emails = json!([{"value": person.email, "type": "work", "primary": true}]);
    let attributes = [
        ("userName", json!(person.email)),
        ("displayName", json!(person.name)),
        ("emails", emails),
    ];
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value));
    Provisioned {
        id: ids::provisioned_id(&person.account_id).into(),
        attributes: attributes.into_iter().collect(),
        changed_ms: person.added_ms,
    }
}

impl Org {
    /// The user with this id of a record.
    pub(crate) fn find_provisioned(&self, id: &str) -> Option<PersonIx> {
        self.provisioned.get(id).copied()
    }

    /// All users that an identity provider provisions, in the order in which they were added.
    pub(crate) fn provisioned_people(&self) -> impl Iterator<Item = PersonIx> {
        self.people().filter(|(_, person)| person.record.provisioned.is_some()).map(|(at, _)| at)
    }

    /// The group with this id in the user provisioning API.
    pub(crate) fn find_provisioned_group(&self, id: &str) -> Option<GroupIx> {
        let found = self
            .groups()
            .find(|(_, group)| group.record.synced && ids::provisioned_id(&group.record.id) == id);
        found.map(|(at, _)| at)
    }

    /// Gives a new user their record if an identity provider provisions the user.
    pub(super) fn complete(record: &mut PersonRecord) {
        match record.source {
            Source::Scim if record.provisioned.is_none() => {
                record.provisioned = Some(Box::new(record_of(record)));
            }
            Source::Invited | Source::Google => record.provisioned = None,
            Source::Scim => {}
        }
    }

    /// Sets the record of a user; from now on the identity provider owns the account.
    pub(super) fn provision(&mut self, account: &str, new: &Provisioned) -> Option<Effect> {
        let at = self.find(account)?;
        let record = &mut self.people[at.0 as usize].record;
        let was = record.source;
        record.source = Source::Scim;
        let old = record.provisioned.replace(Box::new(new.clone()));
        if let Some(old) = &old {
            self.provisioned.remove(&old.id);
        }
        self.provisioned.insert(new.id.clone(), at);
        let same = old.is_some_and(|old| old.attributes == new.attributes);
        let kind = match was {
            Source::Scim if same => return None,
            Source::Scim => EffectKind::ChangedRecord,
            Source::Invited | Source::Google => EffectKind::LinkedUser,
        };
        Some(of_person(kind, at))
    }

    /// Deletes the record of a user; the identity provider no longer owns the account.
    pub(super) fn unlink(&mut self, account: &str) -> Option<Effect> {
        let at = self.find(account)?;
        let record = &mut self.people[at.0 as usize].record;
        let old = record.provisioned.take()?;
        record.source = Source::Invited;
        self.provisioned.remove(&old.id);
        Some(of_person(EffectKind::UnlinkedUser, at))
    }

    /// Sets the id that an identity provider keeps for a group.
    pub(super) fn set_external_id(&mut self, group: &str, external_id: &str) -> Option<Effect> {
        let at = self.find_group(group)?;
        let record = &mut self.groups[at.0 as usize].record;
        let moved = *record.external_id != *external_id;
        record.external_id = external_id.into();
        moved.then_some(super::world::of_group(EffectKind::ChangedRecord, at))
    }
}
