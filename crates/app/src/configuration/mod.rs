//! The profiles file, and the choice of profile and credentials. Pure: from texts to values.
//!
//! ```text
//! config     parses the profiles file
//! choose     chooses the profile and its credentials
//! edit       edits the profiles file and keeps comments and order
//! postman    reads environments that Postman exported
//! ```

pub mod approval;
pub mod choose;
#[cfg(test)]
mod choose_tests;
pub mod config;
pub mod edit;
pub mod postman;
