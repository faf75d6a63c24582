//! Makes a sealed plan from rows: all decisions before anything is sent.
//!
//! ```text
//! intent            reads what a row asks for, including `Action` cells and answers (pure)
//! check             reads a spreadsheet without writing anything
//! contradictions    refuses rows of a sheet of several jobs that contradict each other
//! draft             streams the spreadsheet's rows and distinct names into the journal
//! look_up           looks up the names on the site; the only part that uses the site
//! into_steps        resolves the rows and writes the results into the journal
//! name_mismatch     compares a user's name with the name on the site (pure)
//! seats             the free seats at the time when the plan was made
//! access_seats      the seats that a plan of roles in apps takes and frees
//! unverified        what the guards could not check
//! blast_radius      the number of users that lose something by a plan
//! suggestions       corrections for names that were not found (only reads)
//! preset_outcomes   the rows that a plan does not send, for its rehearsal
//! map               `member map`: only the lookup of memberships (pure)
//! undo              the plan of an undo from a run's changed steps (pure)
//! undo_deletions    the undo of a deletion
//! undo_guards       the users and groups that an undo leaves alone
//! undo_roles        the undo of a role in an app
//! undo_rows         the rows of a run that an undo covers
//! undo_step         the step that reverses a step
//! later_runs        what later runs did with the users and groups that a run changed
//! summary           the summary of a plan
//! ```
//!
//! The row's [job](crate::jobs) resolves it.
//!
//! Rules: no code here sends a changing request. A name that is not certainly one user or one group never becomes a step. A
//! row that is already in the wanted state is `unchanged` and never sent.

mod access_seats;
mod blast_radius;
mod check;
mod contradictions;
mod draft;
pub mod intent;
mod into_steps;
mod later_runs;
pub mod look_up;
pub mod map;
mod members_file;
mod name_mismatch;
mod preset_outcomes;
mod seats;
mod suggestions;
mod summary;
pub mod undo;
mod undo_deletions;
mod undo_guards;
mod undo_roles;
mod undo_rows;
mod undo_step;
mod unverified;

pub use crate::error::PlanError;
pub use access_seats::AccessSeats;
pub use blast_radius::{BlastRadius, HANDFUL, note_blast_radius};
pub use check::{BadRow, Checked, check_rows};
pub use draft::{ReadRows, UnseenMarks, note_reading, read_rows};
pub use headcount_journal::{EXPORTS, exports_used};
pub use into_steps::plan_rows;
pub use later_runs::recheck_undo;
pub use members_file::{MEMBER_HEADINGS, members_of_deleted};
pub use preset_outcomes::{Decided, decided, settle_decided};
pub use seats::seats_left;
pub use suggestions::{Missing, Suggestion, missing_names};
pub use summary::{Summary, summary};
pub use undo_rows::{ROWS, chosen, count_changed};
pub use unverified::{Doubted, Unverified, saw_every_mail};
