//! Headings: their words as they are compared, how columns are named, which of them hold secrets.

pub mod names;
pub mod secret;
pub mod words;
