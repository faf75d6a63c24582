//! From rows to a sealed plan: everything that is decided before anything is sent.
//!
//! ```text
//! check     sheet → what was understood of it, before anything is journaled
//! draft     sheet → rows in the journal, distinct names        (streamed)
//! look_up   names → directory                                  (the only part that asks the site)
//! resolve   row + directory → a step, or an outcome and why    (pure)
//! find      which person and which group a row means           (pure)
//! create    the same for a row of `user create`: several steps (pure)
//! into_steps  what became of the rows → the journal
//! unseen    marks that no reader sees, reported once
//! verbs     whether a row's `Action` asks for what the job does   (pure)
//! notes     what is to be looked at twice before it is agreed to     (pure)
//! reading   how the file was understood, kept with the run
//! called    whether a row calls somebody by another name than the site (pure)
//! seats     how many seats were left when the plan was made
//! guard     who must not be touched                            (pure)
//! near      names that were not found, where exactly one is near     (pure but for reading)
//! map       `member map`: the look-up of a membership sheet alone      (pure)
//! undo      a run's changed steps → the inverse rows and steps (pure)
//! present   what the site shows now of what an undo would change    (pure)
//! chosen    which rows of a run an undo takes back
//! ```
//!
//! Rules: nothing here sends a changing request. A name that is not surely one person or one
//! group is never a step. A row that is already so is `unchanged` and never sent.

mod blast_radius;
mod check;
mod create;
mod current_state;
mod directory_jobs;
mod draft;
mod error;
mod find;
pub mod guard;
pub mod intent;
mod into_steps;
pub mod look_up;
pub mod map;
mod name_mismatch;
mod preset_outcomes;
mod reading;
pub mod resolve;
#[cfg(test)]
mod resolve_tests;
mod seats;
mod suggestions;
mod summary;
pub mod undo;
mod undo_rows;
mod unseen;
mod unverified;
mod verbs;
mod warnings;

pub use blast_radius::{BlastRadius, HANDFUL, note_blast_radius};
pub use check::{BadRow, Checked, check_rows};
pub use draft::{ReadRows, read_rows};
pub use error::PlanError;
pub use headcount_journal::{EXPORTS, WHO, exports_used};
pub use into_steps::plan_rows;
pub use preset_outcomes::{Decided, decided, settle_decided};
pub use reading::note_reading;
pub use seats::seats_left;
pub use suggestions::{Missing, Suggestion, missing_names};
pub use summary::{Summary, summary};
pub use undo_rows::{ROWS, chosen, count_changed};
pub use unseen::UnseenMarks;
pub use unverified::{Doubted, Unverified, saw_every_mail};
