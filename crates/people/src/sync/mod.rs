//! Makes the site match a list of users: the plan is the difference between list and site.
//!
//! ```text
//! list         the users and memberships of a list, and contradictions between its rows (pure)
//! read         reads a list from a spreadsheet, or from the sheets of a workbook
//! apps         the apps of the list's users, and how they differ from the site's
//! named_apps   which apps the names of a list mean
//! rules        what a list owns, and what happens to users that it does not name
//! error        why a list is refused
//! look_up      reads from the site the users and groups that the list names or owns
//! difference   the difference between list and site (pure)
//! recent       what runs of the last minutes changed, which the site may not show yet
//! check        refuses a list that is empty, or that was cut off (pure)
//! rows         writes the differences into a draft, as rows
//! draft        all of these, in order
//! ```
//!
//! Each difference becomes a row of an ordinary run, and the [job](crate::jobs::Action::job) of its action resolves it
//! with its own guards. A list names only what it owns; nothing else is changed.

mod apps;
mod check;
mod difference;
mod draft;
mod error;
mod list;
mod look_up;
mod named_apps;
mod read;
mod recent;
mod rows;
mod rules;
#[cfg(test)]
mod tests;

pub use draft::{Drafted, HEADINGS, SyncSpec, draft};
pub use error::{ListError, SyncError};
pub use list::{List, ListedUser, OtherApp, Place};
pub use read::{ReadList, Reader};
pub use rules::{Absent, Rules};
