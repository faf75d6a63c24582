//! The site of a command: chosen, opened with its credentials, and with the credential's own account.

mod doors;
mod need;
mod open;
mod opened;
mod organization;
mod sandbox;

pub use doors::{Bound, Purpose};
pub use need::{Ceiling, Need, access};
pub use open::{open, open_bound, open_to_decide, open_to_rehearse};
pub use opened::{Forecast, Opened};
pub(crate) use organization::confirm;
pub use sandbox::open_double;
