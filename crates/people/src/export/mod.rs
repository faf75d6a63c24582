//! Exports all users or all groups with the columns of Atlassian's own exports, so that every job takes the file as
//! `--users`, as `--groups` and as its spreadsheet.
//!
//! | | with an organization API key | else, with the API token |
//! | --- | --- | --- |
//! | users | `users/search` in all directories, 100 per page, one after another (a cursor leads to the next page) | `users/search`, 1,000 per page |
//! | groups | `groups/search`, 100 per page, one directory after another | `group/bulk`, 50 per page |
//! | members | `users/search` with the groups of all users: as many pages as there are of users, however many memberships there are | `group/member`, 50 per page, several groups at the same time |
//!
//! If the organization does not have these calls (older user management was reported to answer 404), Jira is read with the
//! API token. Without a token, only the managed accounts are listed (`GET v1/orgs/{org}/users`), and [`Exported::way`]
//! says so.
//!
//! Rules:
//! - Rows are written as they arrive. Only a page, a fingerprint of each user (8 bytes) and the groups are in memory.
//! - A list is an error if it is shorter than the site's own count, is empty, or does not contain your own account: with a
//!   file that only seems complete, users would count as unknown. The caller discards the part that was written.
//! - What no credential shows stays empty and is reported ([`Exported`]).

mod asked_groups;
mod chosen;
mod columns;
mod error;
mod file;
mod file_columns;
mod file_error;
mod groups;
mod jira;
mod organization;
mod people;
mod plain_listing;
mod review;
mod seats;
mod seen;
mod tokens;

pub use asked_groups::AskedGroups;
pub(crate) use chosen::{Found, chosen, now};
pub(crate) use columns::write_users;
pub use columns::{GROUP_COLUMNS, MEMBER_COLUMNS, PEOPLE_COLUMNS, status_word};
pub use error::ExportError;
pub use file::{Again, Filtered, filter_file};
pub use file_error::FileError;
pub use groups::groups;
pub use people::users;
pub(crate) use plain_listing::kind_of;
pub use review::{REVIEW_COLUMNS, Reviewed, access_review};
pub use seats::{AppSeats, Seats, seats};
pub(crate) use seats::{is_kept, seats_of};
pub use tokens::{ListedTokens, TOKEN_COLUMNS, TokenFilters, tokens};

use crate::choose::Tally;

/// The API from which the export was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The organization's directories.
    Organization,
    /// Jira.
    Jira,
    /// Only the organization's managed accounts.
    Managed,
}

/// The result of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The API that was read.
    pub way: Way,
    /// The number of rows below the heading.
    pub rows: u64,
    /// The number of users, each counted once.
    pub people: u64,
    /// The number of groups, each counted once.
    pub groups: u64,
    /// The number of users whose email the credential does not show.
    pub hidden: u64,
    /// The number of groups without members, for which a list of memberships has no row.
    pub empty: u64,
    /// The number of groups for which the site counts more members than it shows.
    pub short: u64,
    /// The number of groups that Jira shows without an id, so that no job could use them.
    pub nameless: u64,
    /// Whether there was an organization API key, but the organization does not have these calls.
    pub closed: bool,
    /// The number of directories that were not read, because the profile names another one.
    pub others: u64,
    /// The credentials do not show the organization's apps.
    pub no_apps: bool,
    /// Apps and customers of help desks were asked for, and only Jira could list them.
    pub no_others: bool,
    /// People with an app that the organization does not list.
    pub unlisted: u64,
    /// How many users were looked at, and which of them are listed.
    pub tally: Option<Tally>,
}

impl Exported {
    fn by(way: Way) -> Self {
        Self {
            way,
            rows: 0,
            people: 0,
            groups: 0,
            hidden: 0,
            empty: 0,
            short: 0,
            nameless: 0,
            closed: false,
            others: 0,
            no_apps: false,
            no_others: false,
            unlisted: 0,
            tally: None,
        }
    }
}

/// The progress of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Far {
    /// The total, according to the site.
    Total(u64),
    /// How many more are done.
    More(u64),
}

/// Receives the progress.
pub type Progress<'a> = &'a mut (dyn FnMut(Far) + Send);
