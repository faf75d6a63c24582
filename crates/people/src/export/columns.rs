//! The columns of exports, and their rows.
//!
//! Names and order are those of real files (the users export plain, and in its pivot form with the group before
//! the user; KB 1333990432), as far as they are known.

use std::io::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::ExportError;
use crate::choose::{Apps, LastUse};
use headcount_atlassian::records::{AppUse, GroupRecord, ListedGroup, ListedPerson, PersonRecord};
use headcount_model::user::{AccountStatus, Standing};
use headcount_sheet::safe;

/// The columns of `user export`.
pub const PEOPLE_COLUMNS: [&str; 6] =
    ["User id", "User name", "email", "User status", "Added to org", "Org role"];

/// The columns of `group export`. (Atlassian has no export of only groups; `group create` reads `Description`.)
pub const GROUP_COLUMNS: [&str; 3] = ["Group id", "Group name", "Description"];

/// The columns of `group export --members`, with one row for each membership.
pub const MEMBER_COLUMNS: [&str; 8] = [
    "Group id",
    "Group name",
    "User id",
    "User name",
    "email",
    "User status",
    "Added to org",
    "Org role",
];

/// Writes rows: UTF-8, commas, CRLF. A cell that a spreadsheet program would run gets a `'`, which headcount's
/// reader removes again.
pub(super) struct Out<W: Write> {
    csv: csv::Writer<W>,
    pub(super) rows: u64,
}

impl<W: Write> Out<W> {
    pub(super) fn new(out: W) -> Self {
        let csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        Self { csv, rows: 0 }
    }

    /// Writes the line of headings, which comes first.
    pub(super) fn headings(&mut self, headings: &[impl AsRef<str>]) -> Result<(), ExportError> {
        for heading in headings {
            self.csv.write_field(safe(heading.as_ref()).as_bytes())?;
        }
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }

    /// A user with the apps, below [`people_columns`].
    pub(super) fn person_with_apps(
        &mut self,
        person: &ListedPerson,
        apps: &Apps,
    ) -> Result<(), ExportError> {
        let cells = person_cells(person).into_iter();
        self.row(cells.chain(more_cells(person, apps)))
    }

    /// The same with more cells at the end.
    fn person_and_more(
        &mut self,
        person: &ListedPerson,
        apps: &Apps,
        more: &[(String, String)],
    ) -> Result<(), ExportError> {
        let cells = person_cells(person).into_iter().chain(more_cells(person, apps));
        self.row(cells.chain(more.iter().map(|(_, value)| value.clone())))
    }

    pub(super) fn person(&mut self, person: &ListedPerson) -> Result<(), ExportError> {
        self.row(person_cells(person))
    }

    /// A row as it is.
    pub(super) fn cells(&mut self, cells: &[String]) -> Result<(), ExportError> {
        self.row(cells)
    }

    pub(super) fn group(&mut self, group: &ListedGroup) -> Result<(), ExportError> {
        let description = group.description.as_deref().unwrap_or_default();
        self.row([group.group.id.as_str(), &group.group.name, description])
    }

    /// Writes a membership.
    pub(super) fn member(
        &mut self,
        group: &GroupRecord,
        person: &ListedPerson,
    ) -> Result<(), ExportError> {
        let of_person = person_cells(person);
        let of_group = [group.id.as_str().to_owned(), group.name.to_string()];
        self.row(of_group.iter().chain(&of_person))
    }

    fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) -> Result<(), ExportError> {
        for cell in cells {
            self.csv.write_field(safe(cell.as_ref()).as_bytes())?;
        }
        self.csv.write_record(None::<&[u8]>)?;
        self.rows += 1;
        Ok(())
    }

    /// Writes the rest. Returns the number of rows.
    pub(super) fn end(mut self) -> Result<u64, ExportError> {
        self.csv.flush()?;
        Ok(self.rows)
    }
}

/// Writes users with the columns of `user export` with an organization API key, and `more` columns with
/// one value each. Returns the number of rows.
pub(crate) fn write_users(
    apps: &Apps,
    users: impl Iterator<Item = ListedPerson>,
    more: &[(String, String)],
    out: impl Write,
) -> Result<u64, ExportError> {
    let mut out = Out::new(out);
    let own = people_columns(apps).into_iter();
    let headings: Vec<_> = own.chain(more.iter().map(|(heading, _)| heading.clone())).collect();
    out.headings(&headings)?;
    for user in users {
        out.person_and_more(&user, apps, more)?;
    }
    out.end()
}

/// The columns of `user export` with an organization API key: those of Atlassian's users export, whose
/// own columns for each app come last.
pub(super) fn people_columns(apps: &Apps) -> Vec<String> {
    let own = PEOPLE_COLUMNS.iter().chain(&["Managed", "Source"]).map(|name| (*name).to_owned());
    let access = apps.0.iter().map(|app| app.heading.clone());
    let seen = apps.0.iter().map(|app| format!("Last seen in {}", app.heading));
    own.chain(access).chain(seen).collect()
}

fn more_cells(listed: &ListedPerson, apps: &Apps) -> Vec<String> {
    let word = |fact: Option<bool>, yes: &'static str, no: &'static str| match fact {
        Some(true) => yes,
        Some(false) => no,
        None => "",
    };
    let mut cells = vec![
        word(listed.person.managed, "yes", "no").to_owned(),
        word(listed.person.synced, "synced", "invited").to_owned(),
    ];
    let mut uses: Vec<Option<&AppUse>> = vec![None; apps.0.len()];
    for one in listed.apps.iter().flatten() {
        if let Some(at) = apps.by_id(&one.app) {
            uses[at] = Some(one);
        }
    }
    cells.extend(uses.iter().map(|has| if has.is_some() { "User" } else { "" }.to_owned()));
    cells.extend(uses.iter().map(|has| has.map_or_else(String::new, last_seen)));
    cells
}

/// A date as real files have it. A time stamp that cannot be read stays as it is.
pub(super) fn last_seen(of: &AppUse) -> String {
    let stamp = of.last.as_deref();
    match LastUse::of_stamp(stamp) {
        LastUse::Never => "Never accessed".to_owned(),
        LastUse::At(_) | LastUse::Unknown => {
            let stamp = stamp.unwrap_or_default();
            day(stamp).unwrap_or_else(|| stamp.to_owned())
        }
    }
}

fn person_cells(listed: &ListedPerson) -> [String; 6] {
    let ListedPerson { person, added, .. } = listed;
    let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
    // Jira alone does not show why a user is not active.
    let inactive = || match person.status {
        Some(AccountStatus::Inactive) => "Inactive",
        _ => "",
    };
    let status = person.standing.map_or_else(inactive, status_word);
    let added = added.as_deref().and_then(day).unwrap_or_default();
    let role = if person.org_admin == Some(true) { "Organization admin" } else { "" };
    [
        person.id.as_str().to_owned(),
        text(&person.name),
        text(&person.mail),
        status.to_owned(),
        added,
        role.to_owned(),
    ]
}

/// `Active`, `Suspended` and `Deactivated` occur in real files; the others are headcount's own, and readers of
/// these files skip unknown words.
pub fn status_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "Active",
        Standing::Suspended => "Suspended",
        Standing::NotInvited => "Not invited",
        Standing::Deactivated => "Deactivated",
        Standing::Deleted => "Deleted",
    }
}

/// The form in real files: `3 Jan 2024`.
pub(super) fn day(iso: &str) -> Option<String> {
    let at: Timestamp = iso.parse().ok()?;
    Some(at.to_zoned(TimeZone::UTC).strftime("%-d %b %Y").to_string())
}

/// A user as Jira shows them: active or not, where suspended users count as not active.
pub(super) fn of_jira(mut person: PersonRecord) -> ListedPerson {
    person.standing = match person.status {
        Some(AccountStatus::Active) => Some(Standing::Active),
        Some(AccountStatus::Closed) => Some(Standing::Deleted),
        Some(AccountStatus::Inactive) | None => None,
    };
    bare(person)
}

/// A user as user management shows them: active or deactivated.
pub(super) fn plain(mut person: PersonRecord) -> ListedPerson {
    person.standing = person.status.map(|status| match status {
        AccountStatus::Active => Standing::Active,
        AccountStatus::Inactive => Standing::Deactivated,
        AccountStatus::Closed => Standing::Deleted,
    });
    bare(person)
}

fn bare(person: PersonRecord) -> ListedPerson {
    let (added, groups, products, apps, roles) = (None, None, None, None, None);
    ListedPerson { person, added, groups, products, apps, roles }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_atlassian_writes_them() {
        assert_eq!(day("2024-01-03T23:59:59.000Z").as_deref(), Some("3 Jan 2024"));
        assert_eq!(day("2024-12-31T00:00:00Z").as_deref(), Some("31 Dec 2024"));
        assert_eq!(day("yesterday"), None);
    }
}
