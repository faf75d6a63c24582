//! Checks before anything is sent: unsupported features, missing values, and whether rows depend on each other.

mod braced;
mod certain;
mod credentials;
mod declared;
mod lacking;
mod names;
mod order;
mod rows;
mod shared;
mod supported;
mod tokens;
mod usage;

pub use credentials::shadowed;
pub use lacking::{Lacking, lacking};
pub use names::{Gap, gaps};
pub use order::{Order, leaves_functions, order};
pub use rows::{BadRow, bad_rows};
pub use supported::{Unsupported, unsupported};
