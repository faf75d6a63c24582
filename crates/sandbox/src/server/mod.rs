//! Serving: from a connection to a call and back.

mod answer;
mod broken;
mod shared;
mod start;
mod wire;

pub(crate) use answer::Asked;
pub(crate) use shared::Shared;
pub use start::{Sandbox, start};
