//! The site a command works on: chosen, its keys fetched, opened, and who we are on it.

mod doors;
mod need;
mod open;
mod opened;
mod organization;
mod sandbox;

pub use doors::{Bound, Purpose};
pub use need::{Ceiling, Need, access};
pub use open::{open, open_bound, open_to_rehearse};
pub use opened::{Forecast, Opened};
pub use sandbox::open_double;
