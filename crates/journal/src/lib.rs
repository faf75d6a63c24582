//! The journal keeps everything that headcount knows about every run.
//!
//! It has runs, rows (the input's cells), steps, the rows of each step, requests, and the waits that sites have asked
//! for. A [`Store`] keeps this data: the port of this crate, traits with few methods, one for each use. [`Journal`] has
//! all that is the same for every store. `headcount-journal-sqlite` is the store on SQLite; `headcount-journal-contract`
//! has the tests that every store must pass. Rules:
//!
//! - **Intent first.** A step is `started` here, on disk, before its request is sent, and `settled` after its answer.
//!   So the data on disk is always enough to continue after a crash.
//! - **Legal moves only.** [`headcount_model::step::Move`] lists the moves of steps, [`RunMove`] those of runs. Any
//!   other move is refused, and nothing is written.
//! - **One writer.** Only the process that holds a run's lock ([`RunLock`]) applies the run; the lock ends with its
//!   process.
//! - **Batches.** A [`Batch`] is one transaction, with one commit and so one wait for the disk. One place makes all
//!   commits, and a [`Probe`] sees each.
//! - **No credentials.** The journal never has a credential: cells of password columns are emptied and texts of answers
//!   are masked before they are written.
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

mod act;
mod approval;
mod approval_problem;
mod batch;
mod chart_data;
mod commit_hook;
mod copy;
pub mod decode;
mod digest;
mod doors;
mod error;
mod journal;
mod life;
mod lock;
mod query;
mod queue;
mod retention;
mod reverted;
mod row;
mod run;
pub mod settlement;
mod step;
mod store;
mod tables;
mod wait;
mod waits;

pub use act::{Act, ActText, Actor, Did};
pub use approval_problem::ApprovalProblem;
pub use batch::Batch;
pub use chart_data::{CallTimes, Course};
pub use commit_hook::{Moment, Probe};
pub use copy::Copied;
pub use doors::Doors;
pub use error::{Cause, JournalError, ServerProblem};
pub use journal::Journal;
pub use lock::{Holder, RunLock};
pub use query::{Count, Filter, Names, Page, RunQuery, Sort, SortBy, StepQuery, WayQuery};
pub use queue::{CarriedRun, QueuedRun, TakenRun, Wanted, WorkQueue, WorkerEntry};
pub use reverted::TakenBack;
pub use row::{ReasonCount, RowGroup, RowView, SettledRow, StepView};
pub use run::{
    EXPORTS, NewRun, Run, RunId, RunMove, RunState, RunTime, SANDBOX, SITE_ID, WHO, exports_used,
    reading,
};
pub use step::{
    Added, AlsoSent, Effect, NewStep, Returned, Sent, SettledStep, StepGroup, StepRecord, Way,
};
pub use store::{
    Durability, JournalVersion, MoveSteps, ReadRows, ReadRuns, ReadSteps, ReadTimeline,
    ReturnedStep, Space, StepMove, Store, Transaction, WriteDraft, WriteRuns,
};
pub use tables::{
    Cell, Column, Kind, LEFT_OUT, Line, ReadTables, TABLES, Table, TellLine, WriteTables,
};
pub use wait::Wait;
pub use waits::Waits;
