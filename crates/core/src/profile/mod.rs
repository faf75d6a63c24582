//! One site and how to sign in to it.

pub mod access;
