//! What Jira keeps for a user next to the account: properties, preferences, and the columns of issue tables. None of
//! it is in the organization's audit log.

use serde_json::Value;

use super::change::Change;
use super::model::SettingKind;
use super::world::Org;

impl Org {
    /// The value of a setting.
    pub(crate) fn setting(&self, kind: SettingKind, account: &str, key: &str) -> Option<&Value> {
        self.settings.get(&(kind, account.into(), key.into()))
    }

    /// The settings of an account with their keys, sorted.
    pub(crate) fn settings_of(
        &self,
        kind: SettingKind,
        account: &str,
    ) -> impl Iterator<Item = (&str, &Value)> {
        let first = (kind, Box::from(account), Box::from(""));
        let all = self.settings.range(first..);
        all.take_while(move |((other, owner, _), _)| *other == kind && **owner == *account)
            .map(|((_, _, key), value)| (&**key, value))
    }

    /// The accounts with a setting of this kind and key, and its value.
    pub(crate) fn with_setting(
        &self,
        kind: SettingKind,
        key: &str,
    ) -> impl Iterator<Item = (&str, &Value)> {
        let all = self.settings.iter();
        all.filter(move |((other, _, name), _)| *other == kind && **name == *key)
            .map(|((_, account, _), value)| (&**account, value))
    }

    /// Sets a setting; without a value, removes it.
    pub(super) fn set_setting(
        &mut self,
        kind: SettingKind,
        account: &str,
        key: &str,
        value: Option<&Value>,
    ) {
        let at = (kind, account.into(), key.into());
        match value {
            Some(value) => self.settings.insert(at, value.clone()),
            None => self.settings.remove(&at),
        };
    }

    /// Removes all settings of an account that was closed.
    pub(super) fn forget_settings(&mut self, account: &str) {
        self.settings.retain(|(_, owner, _), _| **owner != *account);
    }

    /// All settings as changes, for a snapshot.
    pub(super) fn settings_as_changes(&self) -> impl Iterator<Item = Change> {
        self.settings.iter().map(|((kind, account, key), value)| Change::SetSetting {
            account: account.clone(),
            kind: *kind,
            key: key.clone(),
            value: Some(value.clone()),
        })
    }
}
