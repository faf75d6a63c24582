//! What the tests of several crates share. Crates use it only as a dev-dependency.

pub mod sandbox;
