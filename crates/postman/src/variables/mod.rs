//! `{{name}}`: which value a name has, and where the value's characters are afterwards.

mod marked;
mod scopes;
mod used;

pub use marked::{Mark, Marked};
pub use scopes::{Found, Mode, Row, Scopes, Seen};
pub use used::UsedNames;
