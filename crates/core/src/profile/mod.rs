//! One site and how to sign in to it.

pub mod access;
pub mod choose;
#[cfg(test)]
mod choose_tests;
pub mod config;
