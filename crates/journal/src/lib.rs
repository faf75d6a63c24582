//! The journal: the truth about every run.
//!
//! It keeps runs, rows (the input's cells), steps, which rows a step serves, requests, and the waits
//! that sites have announced. Where it keeps them is a [`Store`], the port of this crate: what a store
//! does is a trait of few methods, what follows from it is [`Journal`], once for all stores. The store
//! on SQLite is `headcount-journal-sqlite`; `headcount-journal-contract` holds, as tests, what every
//! store has to do. Rules:
//!
//! - **Intent first.** A step is `started` here, on disk, before its request is sent, and
//!   `settled` after. What is on disk after a crash is therefore always enough to go on.
//! - **Legal moves only.** [`headcount_model::step::Move`] has the table of steps, [`RunMove`] that of
//!   runs; a move that is not in it is refused and nothing is written.
//! - **One writer.** A run is applied by the process that holds its lock ([`RunLock`]); the lock ends
//!   with its process.
//! - **Batches.** Writes go through a [`Batch`], one transaction; a batch shares one commit and so
//!   one wait for the disk. All commits are made in one place, and a [`Probe`] sees each.
//! - **No credentials.** Nothing that is written here ever holds one: cells of password columns are
//!   blanked before, texts of answers are redacted before.
//!
//! ```
//! use headcount_journal::{NewRun, RunState};
//! use headcount_model::job::Job;
//!
//! let folder = tempfile::tempdir()?;
//! let mut journal = headcount_journal_sqlite::open(&folder.path().join("journal.db"))?;
//! let (run, _lock) = journal.begin(&NewRun {
//!     job: Job::AddMembers,
//!     site: "https://acme.atlassian.net".into(),
//!     organization: None,
//!     profile: "acme".into(),
//!     input: "people.csv".into(),
//!     headings: vec!["Email".into(), "Group".into()],
//!     options: serde_json::json!({}),
//!     undoes: None,
//!     at: jiff::Timestamp::UNIX_EPOCH,
//! })?;
//! journal.seal(&run.id, jiff::Timestamp::UNIX_EPOCH)?;
//! assert_eq!(journal.find("last")?.state, RunState::Sealed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

mod batch;
mod chart_data;
mod commit_hook;
mod error;
mod exports_used;
mod journal;
mod lock;
mod query;
mod reading;
mod reverted;
mod row;
mod run;
pub mod settlement;
mod step;
mod store;
mod wait;
mod waits;

pub use batch::Batch;
pub use chart_data::{CallTimes, Course};
pub use commit_hook::{Moment, Probe};
pub use error::{Cause, JournalError};
pub use exports_used::{EXPORTS, exports_used};
pub use journal::Journal;
pub use lock::RunLock;
pub use query::{Count, Filter, Names, Page, RunQuery, Sort, SortBy, StepQuery, WayQuery};
pub use reading::reading;
pub use reverted::TakenBack;
pub use row::{ReasonCount, RowGroup, RowView, SettledRow, StepView, Undecided};
pub use run::{NewRun, Run, RunId, RunMove, RunState, SANDBOX, WHO};
pub use step::{Added, Effect, NewStep, Returned, Sent, SettledStep, StepGroup, StepRecord, Way};
pub use store::{Durability, ReturnedStep, StepMove, Store, Transaction};
pub use wait::Wait;
pub use waits::Waits;
