//! The rows of a Postman collection as steps of a run.
//!
//! `headcount-postman` knows no journal, and the engine knows no collection; this is where they meet.
//!
//! ```text
//! files ─ source ─▶ run of headcount-postman ─ plan ─▶ rows and steps in the journal, sealed
//! engine ─ executor ─▶ one iteration ─ row sender ─▶ note committed ─▶ request
//!                      one iteration ─ record ─▶ requests, responses, tests: settled with the row
//! ```
//!
//! - **A changing request (not GET, HEAD or OPTIONS) is sent only after a note of it is on the disk.** So a
//!   row that was started and has no note of one has changed nothing, and is sent again after a crash; one
//!   that has is `unknown`, and never sent again by itself.
//! - **Nothing secret is written**: every text is masked before.
//! - **Rows that run one after the other** leave their variables in their record, and a later process goes
//!   on with them. Where they hold a secret, or a cookie was set, it can't, and says so.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

mod digest;
mod executor;
mod finished_rows;
mod first_row;
mod note;
mod origins;
mod pace;
mod payload;
mod plan;
mod record;
mod resume;
mod row_sender;
mod source;
mod state_record;
mod verdict;

pub use executor::{CollectionExecutor, Executing, NotStarted};
pub use finished_rows::{FinishedRow, FinishedRows};
pub use first_row::first_row;
/// The way through a proxy.
pub use headcount_postman::client::ProxyMatcher;
/// A row that can't be read again.
pub use headcount_postman::data::RowLost;
pub use plan::{NotPlanned, OPTIONS, Planned, is_collection, plan, planned, source_of};
pub use record::{RequestRecord, RowRecord, TestRecord};
pub use resume::{NotResumed, check_resumable};
pub use source::{Given, Loaded, NotLoaded, Source};
