//! Which users a list names, and why every other user is left out.
//!
//! ```text
//! facts     what is known of a user, from the site's listing or from a file
//! filters   what a command asks for
//! apps      the organization's apps, and which of them a name means
//! judge     facts + filters → listed, or left out and why
//! tally     how many were looked at, listed and left out
//! moments   dates and time stamps, as late as they can mean
//! ```
//!
//! Rules:
//! - A fact that is not known never lists a user: such users are counted as left out for it.
//! - A date of last use can be 24 hours late (organizations description of last-active dates), so a
//!   user counts as inactive for N days only if the date is at least N days and 24 hours old.
//! - A user without a date was never seen, which counts from the day the user was added.

mod facts;
mod filters;
mod judge;
mod moments;
mod options;
mod tally;

#[cfg(test)]
mod tests;

pub use crate::directory::{App, Apps, UnknownApp};
pub use facts::{Added, AppFacts, Facts, LastUse, Status};
pub use filters::{Accounts, Filters, StatusFilter};
pub use judge::{Fact, LATE, LeftOut, Verdict, judge};
pub use moments::{Moment, moment};
pub use options::{Choice, FilterOption, OPTIONS, Takes, WrongFilter, of_fields};
pub use tally::Tally;
