//! What the rows of every job are resolved with.
//!
//! ```text
//! guard     who must not be touched                                        (pure)
//! find      which user and which group a row means                        (pure)
//! resolved  what a row is resolved with, and what becomes of it           (pure)
//! warnings  what is to be looked at twice before it is agreed to          (pure)
//! ```

pub(crate) mod find;
mod guard;
mod resolved;
pub(crate) mod warnings;

pub use guard::{Guards, OwnAccount, Touches};
pub(crate) use guard::{anyone, directory_owner, lifecycle};
pub use resolved::{Part, Resolved, Resolver, Spec};
pub(crate) use resolved::{target, unchanged};
