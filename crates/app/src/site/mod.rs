//! The site a command works on: chosen, its keys fetched, opened, and who we are on it.

mod need;
mod open;
mod opened;
mod organization;
mod sandbox;

pub use need::{Ceiling, Need, access};
pub use open::{open, open_profile};
pub use opened::Opened;
pub use sandbox::open_double;
