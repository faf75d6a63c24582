//! Creates, checks, saves and removes profiles.

pub mod draft;
pub mod keep;
pub mod remove;
