//! Users of a roster as a spreadsheet with the columns of `user export`.

use std::io::Write;

use super::{Roster, RosterUser};
use crate::choose::{AppFacts, LastUse};
use crate::export::{ExportError, write_users};
use headcount_atlassian::records::{AppUse, ListedPerson, PersonRecord};

impl Roster {
    /// Writes the users at these places, in this order. `more` are columns with the same value in all
    /// rows: heading and value.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(
        &self,
        places: impl Iterator<Item = usize>,
        more: &[(String, String)],
        out: impl Write,
    ) -> Result<u64, ExportError> {
        let users = places.filter_map(|at| self.users.get(at)).map(|user| self.listed(user));
        write_users(&self.apps, users, more, out)
    }

    /// The user as the organization lists one.
    fn listed(&self, user: &RosterUser) -> ListedPerson {
        let person = PersonRecord {
            id: user.id.clone(),
            mail: user.mail.clone(),
            name: user.name.clone(),
            status: None,
            managed: user.managed,
            synced: user.synced,
            org_admin: user.org_admin,
            standing: user.standing,
            account_type: user.kind,
        };
        let uses = user.uses.iter().flatten().filter_map(|one| self.app_use(one));
        ListedPerson {
            person,
            added: user.added.map(|added| format!("{}T00:00:00Z", added.day).into()),
            groups: None,
            products: None,
            apps: Some(uses.collect()),
            roles: None,
        }
    }

    fn app_use(&self, one: &AppFacts) -> Option<AppUse> {
        let app = self.apps.0.get(one.app?)?.id.as_str().into();
        let last = match one.last {
            LastUse::Never => None,
            LastUse::At(at) => Some(at.to_string().into()),
            LastUse::Unknown => Some("unknown".into()),
        };
        Some(AppUse { app, last })
    }
}
