//! One site and how to sign in to it.
//!
//! ```text
//! config     the profiles file, read
//! edit       the profiles file, changed without losing what people wrote
//! postman    environments that Postman exported
//! choose     which profile, with which keys
//! ```

pub mod choose;
#[cfg(test)]
mod choose_tests;
pub mod config;
pub mod edit;
pub mod postman;

pub use headcount_atlassian::{access, place};
