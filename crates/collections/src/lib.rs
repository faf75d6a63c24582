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

mod ahead;
mod digest;
mod executor;
mod files;
mod finished_rows;
mod first_row;
mod folders;
mod inspect;
mod note;
mod origins;
mod pace;
mod payload;
mod plan;
mod planned;
mod record;
mod resume;
mod row_sender;
mod run_totals;
mod shown_files;
mod shown_requests;
mod source;
mod state_record;
mod totals;
mod verdict;

pub use executor::{CollectionExecutor, Executing, NotStarted};
pub use files::{Data, Files};
pub use finished_rows::{FinishedRow, FinishedRows};
pub use first_row::first_row;
pub use folders::{Folder, folders};
/// The way through a proxy.
pub use headcount_postman::client::ProxyMatcher;
/// A row that can't be read again.
pub use headcount_postman::data::RowLost;
/// What files of a run are, and names that they give no value.
pub use headcount_postman::{
    check::{Lacking, Order},
    load::{File, NotRun},
    recognize::{FileKind, recognize},
};
pub use inspect::{Inspected, inspect};
pub use note::{Note, NotedRequest};
pub use pace::CONCURRENCY;
pub use plan::{NotPlanned, OPTIONS, is_collection, plan, source_of};
pub use planned::{GivenAs, Planned, planned};
pub use record::{Kept, RequestRecord, RowRecord, TestRecord};
pub use resume::{NotResumed, check_resumable, check_resumable_with};
pub use shown_files::PlannedFile;
pub use shown_requests::PlannedRequest;
pub use source::{Given, Loaded, NotLoaded, Source};
pub use totals::{Total, Totals};
