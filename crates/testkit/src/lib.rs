//! What the tests of several crates share. Crates use it only as a dev-dependency.

#[cfg(unix)]
pub mod postgres;
pub mod sandbox;
