//! What the tests of several crates share. Only a dev-dependency of any crate.

pub mod sandbox;
