//! One site and how to sign in to it.
//!
//! ```text
//! access     checked addresses and keys
//! place      where a key lies in the keyring
//! config     the profiles file, read
//! edit       the profiles file, changed without losing what people wrote
//! postman    environments that Postman exported
//! choose     which profile, with which keys
//! ```

pub mod access;
pub mod choose;
#[cfg(test)]
mod choose_tests;
pub mod config;
pub mod edit;
pub mod place;
pub mod postman;
