//! The rules by which the rows of every job are resolved. All of them are pure.
//!
//! ```text
//! guard     the users and groups that must not be changed, and warnings to check before a plan is applied
//! find      the user and the group that a row means
//! resolved  what a row is resolved with, and the result
//! ```

pub(crate) mod find;
mod guard;
mod resolved;

pub use guard::{Guards, OwnAccount, Touches};
pub(crate) use guard::{
    anyone, directory_owner, lifecycle, makes_administrators, of_addition, rests,
};
pub use resolved::{Part, Resolved, Resolver, Spec};
pub(crate) use resolved::{target, unchanged};
