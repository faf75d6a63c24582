//! `{{name}}`: finds the value of a name, and the position of the value's characters afterwards.

mod marked;
mod scopes;
mod used;

pub use marked::{Mark, Marked};
pub use scopes::{Found, Mode, Row, Scopes, Seen};
pub use used::UsedNames;
