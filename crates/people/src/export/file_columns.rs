//! What an export file shows of each user: the columns of Atlassian's users export in all its forms, of
//! `user export`, and of the list of managed accounts.

use std::borrow::Cow;

use super::file_error::FileError;
use crate::choose::{App, AppFacts, Apps, Facts, Filters, LastUse, Status, moment};
use crate::rows::{Columns, ExportedUser, Field, SheetJob};
use headcount_model::user::{AccountType, Standing};
use headcount_sheet::{Options, Raw, Sheet, normalized};

/// How the column of an app's last use begins.
const LAST_SEEN: &str = "Last seen in ";

/// Where the columns are.
pub(super) struct FileColumns {
    columns: Columns,
    pub(super) apps: Apps,
    /// For each app: access, and last use.
    of_apps: Vec<(Option<usize>, Option<usize>)>,
    /// The last use of any app, as the list of managed accounts has it.
    any_use: Option<usize>,
    added: Option<usize>,
    managed: Option<usize>,
    source: Option<usize>,
    /// Only managed accounts are in the file (KB 1388159392: only their list heads its ids so).
    all_managed: bool,
}

impl FileColumns {
    pub(super) fn of(sheet: &Sheet, options: &Options) -> Result<Self, FileError> {
        let columns = Columns::of(sheet, SheetJob::UsersExport, options)?;
        let headings = sheet.headings();
        let at = |name: &str| {
            headings.iter().position(|heading| normalized(heading) == normalized(name))
        };
        let is_id = |at| normalized(&columns.heading(at)) == normalized("Atlassian ID");
        let all_managed = columns.index(Field::AccountId).is_some_and(is_id);
        let mut found = Self {
            added: at("Added to org"),
            managed: at("Managed"),
            source: at("Source"),
            any_use: at("Last active date [UTC]").or_else(|| at("Last active date")),
            all_managed,
            apps: Apps::default(),
            of_apps: Vec::new(),
            columns,
        };
        for (at, heading) in headings.iter().enumerate() {
            if found.columns.uses(at) {
                continue;
            }
            let heading = heading.trim();
            let start = heading.get(..LAST_SEEN.len());
            if start.is_some_and(|start| start.eq_ignore_ascii_case(LAST_SEEN)) {
                found.app(&heading[LAST_SEEN.len()..]).1 = Some(at);
            } else if heading.contains(" - ") {
                found.app(heading).0 = Some(at);
            }
        }
        Ok(found)
    }

    /// The columns of the app with this heading.
    fn app(&mut self, heading: &str) -> &mut (Option<usize>, Option<usize>) {
        let heading = heading.trim();
        let same = |app: &App| normalized(&app.heading) == normalized(heading);
        let at = self.apps.0.iter().position(same).unwrap_or_else(|| {
            let (title, site) = heading.rsplit_once(" - ").unwrap_or((heading, ""));
            let (title, site) = (title.to_owned(), site.to_owned());
            let (key, id) = (String::new(), String::new());
            self.apps.0.push(App { heading: heading.into(), title, site, key, id, capacity: None });
            self.of_apps.push((None, None));
            self.apps.0.len() - 1
        });
        &mut self.of_apps[at]
    }

    /// Refuses filters that the file has no column for.
    pub(super) fn check(&self, filters: &Filters) -> Result<(), FileError> {
        let has_use = self.of_apps.iter().any(|(_, seen)| seen.is_some());
        let any_use = self.any_use.is_some() && filters.products.is_empty();
        let has_access = !self.apps.0.is_empty();
        let needs = [
            (
                filters.uses_activity() && !has_use && !any_use,
                "--inactive-days or --never-seen",
                SEEN,
            ),
            (!filters.products.is_empty() && !has_access, "--product", "<Product> - <site>"),
            (filters.added_before.is_some() && self.added.is_none(), "--added-before", ADDED),
            (filters.never_seen && self.added.is_none(), "--never-seen", ADDED),
            (
                filters.managed.is_some() && self.managed.is_none() && !self.all_managed,
                "--managed",
                "Managed",
            ),
            (filters.synced.is_some() && self.source.is_none(), "--source", "Source"),
            (
                !filters.statuses.is_empty() && self.lacks(Field::UserStatus),
                "--status",
                "User status",
            ),
            (!filters.roles.is_empty() && self.lacks(Field::OrgRole), "--role", "Org role"),
        ];
        match needs.into_iter().find(|(lacks, ..)| *lacks) {
            Some((_, option, column)) => Err(FileError::Lacks { option, column }),
            None => Ok(()),
        }
    }

    fn lacks(&self, field: Field) -> bool {
        self.columns.index(field).is_none()
    }

    /// The user of a row; `None` without a readable account id.
    pub(super) fn user<'a>(&'a self, raw: &'a Raw) -> Option<ExportedUser<'a>> {
        ExportedUser::read(raw, &self.columns).0
    }

    /// What the row says of its user.
    pub(super) fn facts<'a>(&self, user: &'a ExportedUser<'_>, cells: &[String]) -> Facts<'a> {
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map(|cell| cell.trim());
        let word = |at| cell(at).unwrap_or_default().to_lowercase();
        let is_customer = user.account_id.starts_with("qm:");
        let role = |role: &Cow<'_, str>| role.split(',').map(|one| one.trim().to_owned()).collect();
        let role_shown = self.columns.index(Field::OrgRole).is_some();
        Facts {
            kind: Some(if is_customer { AccountType::Customer } else { AccountType::Person }),
            status: user.status.as_deref().and_then(status),
            email: user.email.as_deref(),
            added: cell(self.added).and_then(moment).map(Into::into),
            managed: match word(self.managed).as_str() {
                _ if self.all_managed => Some(true),
                "yes" | "managed" | "true" => Some(true),
                "no" | "unmanaged" | "false" => Some(false),
                _ => None,
            },
            synced: match word(self.source).as_str() {
                "synced" => Some(true),
                "invited" => Some(false),
                _ => None,
            },
            roles: match &user.org_role {
                Some(text) => Some(role(text)),
                None => role_shown.then(Vec::new),
            },
            in_group: None,
            in_excluded_group: None,
            apps: Some(self.uses(cells)),
        }
    }

    fn uses(&self, cells: &[String]) -> Vec<AppFacts> {
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let of_app = |(app, (access, seen)): (usize, &(Option<usize>, Option<usize>))| AppFacts {
            app: Some(app),
            has: access.map(|at| has_access(cell(at))),
            last: seen.map_or(LastUse::Unknown, |at| LastUse::of_cell(cell(at))),
        };
        match self.any_use {
            Some(at) if self.apps.0.is_empty() => {
                vec![AppFacts { app: None, has: None, last: LastUse::of_cell(cell(at)) }]
            }
            _ => self.of_apps.iter().enumerate().map(of_app).collect(),
        }
    }

    /// The latest date of use in a row.
    pub(super) fn newest(&self, cells: &[String]) -> Option<jiff::civil::Date> {
        let of_apps = self.of_apps.iter().filter_map(|(_, seen)| *seen);
        let dates = of_apps.chain(self.any_use).filter_map(|at| moment(cells.get(at)?));
        dates.map(|moment| moment.day).max()
    }
}

const SEEN: &str = "Last seen in <Product> - <site>";
const ADDED: &str = "Added to org";

fn has_access(cell: &str) -> bool {
    !matches!(cell.to_lowercase().as_str(), "" | "none" | "no" | "no access")
}

/// The words of the exports, whatever their case. Jira alone does not show why a user is not active.
fn status(word: &str) -> Option<Status> {
    match normalized(word).as_str() {
        "active" => Some(Status::Is(Standing::Active)),
        "suspended" => Some(Status::Is(Standing::Suspended)),
        "deactivated" | "disabled" => Some(Status::Is(Standing::Deactivated)),
        "notinvited" => Some(Status::Is(Standing::NotInvited)),
        "deleted" | "closed" | "fordeletion" => Some(Status::Is(Standing::Deleted)),
        "inactive" => Some(Status::NotActive),
        _ => None,
    }
}
