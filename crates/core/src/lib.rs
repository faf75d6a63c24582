//! One name for the libraries below the program; [`profile`] is what is left of its own.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod profile;

pub use headcount_atlassian as site;
pub use headcount_journal as journal;
pub use headcount_model as values;
pub use headcount_people::{check, directory, export, jobs, plan, steps};
pub use headcount_report as report;
pub use headcount_sheet as sheet;

/// Carrying out a run: the engine, and the executor of the users of a site.
pub mod run {
    pub use headcount_engine::*;
    pub use headcount_people::executor::{Heard, PeopleExecutor, Places, remember_waits};
}
