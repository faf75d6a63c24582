//! The server: from a connection to a call and back.

mod answer;
mod asked;
mod broken;
mod control;
mod shared;
mod start;
mod wire;

pub use start::{Sandbox, start};
