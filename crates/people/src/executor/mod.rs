//! The executor of the users of a site: each kind of step as a call, and as a question.
//!
//! ```text
//! rules            what the engine may conclude of each kind of step; the steps of a row in words
//! classify         what an answer means for a step                     (pure)
//! observation      what a reading shows of a step                      (pure)
//! looks            memberships that were read before sending, and what the run has done since
//! people           the executor: which call a step is, and which question
//! deletion         the last look before a group is deleted
//! directory        the same in the organization's directory
//! packs            who waits for an invitation, and with whom it travels
//! invite           many steps to one request
//! look             many steps observed at once
//! reread           answers that are read before they are told
//! retry_after_store  waits that outlive a process
//! ```

mod classify;
mod deletion;
mod directory;
mod invite;
mod look;
mod looks;
mod observation;
mod packs;
mod people;
mod reread;
mod retry_after_store;
mod rules;

pub use people::PeopleExecutor;
pub use retry_after_store::{Heard, Places, remember_waits};
