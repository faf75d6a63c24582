//! From rows to a sealed plan: everything that is decided before anything is sent.
//!
//! ```text
//! intent            cells → what a row asks for, `Action` and answers too (pure)
//! check             sheet → what was understood of it, before anything is journaled
//! draft             sheet → rows in the journal, distinct names           (streamed)
//! look_up           names → directory                                     (the only part that asks the site)
//! into_steps        what becomes of the rows → the journal
//! name_mismatch     whether a row calls a user by another name than the site (pure)
//! seats             how many seats were left when the plan was made
//! unverified        what the guards could not see
//! blast_radius      of how many users a plan takes something away from some
//! suggestions       names that were not found, where exactly one is near  (pure but for reading)
//! preset_outcomes   what a plan decided, for its rehearsal
//! map               `member map`: the look-up of a membership sheet alone (pure)
//! undo              a run's changed steps → the inverse rows and steps    (pure)
//! undo_rows         which rows of a run an undo covers
//! later_runs        what later runs did to what a run changed
//! summary           what a plan comes to
//! ```
//!
//! What becomes of a row, its [job](crate::jobs) decides.
//!
//! Rules: nothing here sends a changing request. A name that is not surely one person or one
//! group is never a step. A row that is already so is `unchanged` and never sent.

mod blast_radius;
mod check;
mod draft;
pub mod intent;
mod into_steps;
mod later_runs;
pub mod look_up;
pub mod map;
mod name_mismatch;
mod preset_outcomes;
mod seats;
mod suggestions;
mod summary;
pub mod undo;
mod undo_rows;
mod unverified;

pub use crate::error::PlanError;
pub use blast_radius::{BlastRadius, HANDFUL, note_blast_radius};
pub use check::{BadRow, Checked, check_rows};
pub use draft::{ReadRows, UnseenMarks, note_reading, read_rows};
pub use headcount_journal::{EXPORTS, WHO, exports_used};
pub use into_steps::plan_rows;
pub use later_runs::recheck_undo;
pub use preset_outcomes::{Decided, decided, settle_decided};
pub use seats::seats_left;
pub use suggestions::{Missing, Suggestion, missing_names};
pub use summary::{Summary, summary};
pub use undo_rows::{ROWS, chosen, count_changed};
pub use unverified::{Doubted, Unverified, saw_every_mail};
