//! The nouns every other module speaks in: plain values, no input or output.
//!
//! ```
//! use headcount_model::outcome::Outcome;
//! use headcount_model::reason::Reason;
//!
//! // Outcomes and reasons are stable words in reports and events.
//! assert_eq!(Outcome::Unchanged.word(), "unchanged");
//! assert_eq!(Reason::from_word("already-member"), Some(Reason::AlreadyMember));
//! assert!(Reason::Duplicate.harmless());
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod app_role;
pub mod clock;
pub mod door;
pub mod event;
pub mod folding;
pub mod group;
pub mod harmful;
pub mod job;
pub mod lease;
pub mod outcome;
pub mod protected;
pub mod reading;
pub mod reason;
pub mod retry_after;
pub mod rows;
pub mod scripts;
pub mod secret;
pub mod spelling;
pub mod step;
pub mod user;
pub mod words;
