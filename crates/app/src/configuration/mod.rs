//! The profiles file, and which profile and credentials a command takes. Pure: texts come in, values go
//! out.
//!
//! ```text
//! config     the profiles file, read
//! choose     which profile, with which credentials
//! edit       the profiles file, changed without losing what people wrote
//! postman    environments that Postman exported
//! ```

pub mod choose;
#[cfg(test)]
mod choose_tests;
pub mod config;
pub mod edit;
pub mod postman;
