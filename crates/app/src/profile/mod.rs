//! Profiles: one site and how to sign in to it.
//!
//! ```text
//! config     the profiles file, read
//! choose     which profile, with which credentials
//! edit       the profiles file, changed without losing what people wrote
//! postman    environments that Postman exported
//! draft      a profile that is being made: its settings and credentials tried
//! keep       then kept, both or neither
//! remove     and taken away again
//! ```

pub mod choose;
#[cfg(test)]
mod choose_tests;
pub mod config;
pub mod draft;
pub mod edit;
pub mod keep;
pub mod postman;
pub mod remove;
