//! Reads a row of a list of users, for `sync`, or reports all its problems.

use super::cell;
use super::columns::Columns;
use super::row::{ProductsCell, Row, owned};
use super::wanted::Field;
use headcount_sheet::quoting::{excerpt, list};
use headcount_sheet::{Problem, Raw, normalized};

/// A row of a list of users. It has at least one of id and email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// The user's account id.
    pub account_id: Option<String>,
    /// The user's email address.
    pub email: Option<String>,
    /// The display name, if there is one.
    pub display_name: Option<String>,
    /// The wanted state; `None`: the row does not say it.
    pub status: Option<WantedStatus>,
    /// The wanted groups, each once, in order; `None`: the list has no such column.
    pub groups: Option<Vec<String>>,
    /// The wanted apps of Jira.
    pub products: ProductsCell,
    /// The names of other wanted apps, each once.
    pub apps: Vec<String>,
}

/// The state that a list wants for a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WantedStatus {
    /// On the site, and active.
    Active,
    /// With a deactivated account.
    Deactivated,
    /// Suspended in the directory.
    Suspended,
    /// Not on the site.
    Gone,
}

impl WantedStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Deactivated, Self::Suspended, Self::Gone];

    /// The word in a list.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Suspended => "suspended",
            Self::Gone => "gone",
        }
    }

    /// Reads a cell: the word, or the word of Atlassian's exports for the same state.
    pub fn read(cell: &str) -> Option<Self> {
        match normalized(cell).as_str() {
            "active" => Some(Self::Active),
            "deactivated" | "inactive" => Some(Self::Deactivated),
            "suspended" => Some(Self::Suspended),
            "gone" => Some(Self::Gone),
            _ => None,
        }
    }
}

impl ListRow {
    /// Reads a row. The error has all its problems.
    pub fn read(raw: &Raw, columns: &Columns) -> Result<Self, Vec<Problem>> {
        let mut row = Row::new(raw, columns);
        let (account_id, email) = row.person();
        let display_name = row.take(Field::DisplayName, |text| cell::name(text, "the name"));
        let status = row.status();
        let (products, apps) = row.products_and_apps();
        let groups = columns.index(Field::Groups).map(|_| row.groups());
        let has_more = groups.as_ref().is_some_and(|groups| !groups.is_empty())
            || matches!(products, ProductsCell::These(_));
        if status == Some(WantedStatus::Gone) && has_more {
            row.add(
                Field::Status,
                "the row says that the user is gone, and names groups or products for the user"
                    .to_owned(),
                "empty these cells, or write another status".to_owned(),
            );
        }
        row.end(|| {
            Some(Self {
                account_id: owned(account_id),
                email: owned(email),
                display_name: owned(display_name),
                status,
                groups,
                products,
                apps,
            })
        })
    }
}

impl Row<'_> {
    /// The wanted state; `None` if the row does not say it.
    fn status(&mut self) -> Option<WantedStatus> {
        let text = self.text(Field::Status)?;
        let status = WantedStatus::read(text);
        if status.is_none() {
            let words = WantedStatus::ALL.map(|status| status.word().to_owned());
            self.add(
                Field::Status,
                format!("“{}” is no status of a user", excerpt(text)),
                format!("write one of {}, or nothing", list(&words)),
            );
        }
        status
    }
}
