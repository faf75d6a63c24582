//! The shapes of requests and answers, as the published descriptions give them.
//!
//! Answers are read with tolerance: unknown fields are ignored, optional ones may be absent or
//! `null`. They are never flattened or guessed between shapes, so that an error names what is
//! wrong. The sandbox has shapes of its own: a wrong type must not be wrong twice.

pub mod admin;
pub mod jira;
pub mod path;
pub mod refusal;
