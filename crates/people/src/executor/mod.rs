//! The executor for a site's users and groups. [`steps`](crate::steps) has each kind of step: how it is sent and
//! observed.
//!
//! ```text
//! people             the executor: the door of each step, and the rules of each kind
//! membership_lists   memberships that were read before sending, and what the run has changed since
//! packs              collects steps for one invitation request
//! invite             sends many steps in one request
//! observe_many       observes many steps at once
//! since_plan         whether users and groups of a plan that waited have changed
//! reread             checks refusals by reading the site
//! retry_after_store  waits that outlive a process
//! ```

mod invite;
mod membership_lists;
mod observe_many;
mod packs;
mod people;
mod reread;
mod retry_after_store;
mod since_plan;

pub use people::PeopleExecutor;
pub use retry_after_store::{Heard, Places, remember_waits};
