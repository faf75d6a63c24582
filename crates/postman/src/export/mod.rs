//! Collections and environments that Postman, Newman and `postman run` read: the other way round.
//!
//! ```text
//! collection    requests → a collection of format 2.1
//! environment   variables → an environment
//! ```

mod collection;
mod environment;

pub use collection::{Auth, Collection, Request};
pub use environment::{Kind, Variable, environment};
