//! The executor of the users of a site. How each kind of step is sent and observed is in
//! [`steps`](crate::steps).
//!
//! ```text
//! rules              what the engine may conclude of each kind of step; the steps of a row in words
//! membership_lists   memberships that were read before sending, and what the run has done since
//! people             the executor itself: which way a step goes
//! packs              who waits for an invitation, and with whom it travels
//! invite             many steps to one request
//! observe_many       many steps observed at once
//! reread             refusals that are checked by reading the site
//! retry_after_store  waits that outlive a process
//! ```

mod invite;
mod membership_lists;
mod observe_many;
mod packs;
mod people;
mod reread;
mod retry_after_store;
mod rules;

pub use people::PeopleExecutor;
pub use retry_after_store::{Heard, Places, remember_waits};
