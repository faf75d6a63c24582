//! All users, and every group, in the columns of Atlassian's own exports, so that every job takes
//! the file as `--users`, as `--groups` and as its sheet.
//!
//! | | with an organization API key | else, with the API token |
//! | --- | --- | --- |
//! | people | `users/search` in all directories, 100 a page, one after another (a cursor leads to the next only) | `users/search`, 1,000 a page |
//! | groups | `groups/search`, 100 a page, directory by directory | `group/bulk`, 50 a page |
//! | members | `users/search` with the groups of all users: as many pages as people need, however many memberships there are | `group/member`, 50 a page, groups side by side |
//!
//! An organization that has no such calls (an older user management was reported to answer 404) is
//! read with Jira's token; where there is none, its managed accounts alone are listed
//! (`GET v1/orgs/{org}/users`), and [`Exported::way`] says so.
//!
//! Rules:
//! - Rows are written as they come in. In memory are a page, a fingerprint of each person (8 bytes),
//!   and the groups.
//! - A listing that is shorter than the site's own count, that ends before it began, or that does not
//!   show your own account is an error: a file that looks whole and is not would make users
//!   unknown. The caller discards what was written so far.
//! - What no credential shows stays empty and is reported ([`Exported`]).

mod columns;
mod error;
mod groups;
mod jira;
mod organization;
mod people;
mod seen;

pub use columns::{GROUP_COLUMNS, MEMBER_COLUMNS, PEOPLE_COLUMNS};
pub use error::ExportError;
pub use groups::groups;
pub use people::users;

/// By which way the site was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The organization's directories.
    Organization,
    /// Jira.
    Jira,
    /// The organization's managed accounts alone.
    Managed,
}

/// What an export came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// By which way.
    pub way: Way,
    /// Rows written below the heading.
    pub rows: u64,
    /// People written, each once.
    pub people: u64,
    /// Groups written, each once.
    pub groups: u64,
    /// People whose mail address the key does not show.
    pub hidden: u64,
    /// Groups without members: a list of memberships has no row for them.
    pub empty: u64,
    /// Groups for which the site counts more members than it shows.
    pub short: u64,
    /// Groups that Jira shows without an id: nothing could be done with them.
    pub nameless: u64,
    /// An organization's key was there, and the organization has no such calls for it.
    pub closed: bool,
    /// Directories of the organization that were not read: the profile names another one.
    pub others: u64,
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
        }
    }
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Far {
    /// So many there will be, by the site's word.
    Total(u64),
    /// So many more are done.
    More(u64),
}

/// Gets the progress.
pub type Progress<'a> = &'a mut (dyn FnMut(Far) + Send);
