//! The organization during a call that may change it, with a record of the changes.

use std::ops::Deref;

use serde_json::Value;

use super::Caller;
use crate::org::{Audit, Change, Effect, Org, PersonIx, PersonRecord, Product, SettingKind};

/// One stored line: a change, and its entry in the audit log.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Stored {
    pub(crate) change: Change,
    /// Milliseconds since 1970; 0 for a change that the audit log does not show.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) at_ms: i64,
    /// Account that made the change; empty for the organization's API key.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) actor: Box<str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(value: &i64) -> bool {
    *value == 0
}

/// A call's access to the organization. It reads freely; changes are recorded.
pub(crate) struct Edit<'a> {
    org: &'a mut Org,
    caller: Caller,
    now_ms: i64,
    pub(crate) stored: Vec<Stored>,
    pub(crate) effects: Vec<Effect>,
}

impl Deref for Edit<'_> {
    type Target = Org;

    fn deref(&self) -> &Org {
        self.org
    }
}

impl<'a> Edit<'a> {
    pub(crate) fn new(org: &'a mut Org, caller: Caller, now_ms: i64) -> Self {
        Self { org, caller, now_ms, stored: Vec::new(), effects: Vec::new() }
    }

    /// Makes a requested change. It appears in the request log, the audit log and the state.
    pub(crate) fn apply(&mut self, change: Change) -> Option<Effect> {
        let effect = self.org.apply(&change)?;
        self.effects.push(effect);
        self.keep(change, effect);
        Some(effect)
    }

    /// Makes a change that follows from another one, such as the group that gives a new user access to an app. It
    /// appears in the audit log and the state, but is not an effect of its own.
    pub(crate) fn consequence(&mut self, change: Change) {
        if let Some(effect) = self.org.apply(&change) {
            self.keep(change, effect);
        }
    }

    /// The time of the request.
    pub(crate) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Sets or removes a setting: it is in the state, but no effect, and not in the audit log.
    pub(crate) fn setting_of(
        &mut self,
        kind: SettingKind,
        account: Box<str>,
        key: &str,
        value: Option<Value>,
    ) {
        let change = Change::SetSetting { account, kind, key: key.into(), value };
        self.org.apply(&change);
        self.stored.push(Stored { change, at_ms: self.now_ms, actor: "".into() });
    }

    /// Makes a change that leaves no trace, for seeding through `/_sandbox/`.
    pub(crate) fn seed(&mut self, change: Change) -> bool {
        let done = self.org.apply(&change).is_some();
        self.stored.push(Stored { change, at_ms: 0, actor: "".into() });
        done
    }

    /// Creates an account on the site: managed if its domain is claimed, and named by its email until the owner
    /// sets a name. [Jira platform description of `displayName`: "they are sent an email asking them set up an
    /// account"]
    pub(crate) fn create_person(&mut self, email: &str) -> Option<PersonIx> {
        let account = self.org.next_account_id();
        let mut person = PersonRecord::new(&account, email, email);
        person.managed = self.org.is_claimed(email);
        person.added_ms = self.now_ms;
        let effect = self.apply(Change::CreatedUser { person })?;
        effect.person
    }

    /// Adds a user to the default group of each app. For a new user this is part of the creation and not an effect
    /// of its own; for others it is the requested effect.
    pub(crate) fn give(&mut self, at: PersonIx, products: &[Product], newcomer: bool) {
        for product in products {
            if let Some(group) = self.org.default_group(*product) {
                let account = self.org.person(at).record.account_id.clone();
                let group = self.org.group(group).record.id.clone();
                let change = Change::AddedMember { account, group };
                match newcomer {
                    true => self.consequence(change),
                    false => drop(self.apply(change)),
                }
            }
        }
    }

    /// Deletes the record of a user in the user provisioning API. The memberships in the identity provider's groups
    /// end with it: "You will have to completely reprovision the user to their respective groups after deletion."
    /// [user provisioning, `onlyDeleteUserInDB`]
    pub(crate) fn unlink_person(&mut self, at: PersonIx) {
        let account = self.org.person(at).record.account_id.clone();
        let groups = self.org.person(at).groups.iter().map(|group| &self.org.group(*group).record);
        let synced: Vec<_> =
            groups.filter(|group| group.synced).map(|group| group.id.clone()).collect();
        self.apply(Change::Unlinked { account: account.clone() });
        for group in synced {
            self.consequence(Change::RemovedMember { account: account.clone(), group });
        }
    }

    /// Closes every account whose grace period is over.
    pub(crate) fn close_due(&mut self) {
        let now_ms = self.now_ms;
        while let Some((due_ms, at)) = self.org.next_to_close().filter(|(due, _)| *due <= now_ms) {
            let account = self.org.person(at).record.account_id.clone();
            self.now_ms = due_ms;
            self.consequence(Change::Closed { account, at_ms: due_ms });
        }
        self.now_ms = now_ms;
    }

    fn keep(&mut self, change: Change, effect: Effect) {
        let actor = self.caller.person();
        self.org.audit(Audit { at_ms: self.now_ms, actor, effect });
        let actor = actor.map(|at| self.org.person(at).record.account_id.clone());
        self.stored.push(Stored { change, at_ms: self.now_ms, actor: actor.unwrap_or_default() });
    }
}
