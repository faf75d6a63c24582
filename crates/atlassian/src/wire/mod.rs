//! The JSON types of requests and answers, according to the published descriptions.
//!
//! Answers are read leniently: unknown fields are ignored, and optional ones may be absent or `null`. Types are
//! never flattened and never guessed, so that an error names what is wrong. The sandbox has types of its own, so
//! that a wrong type is not wrong on both sides.

pub mod admin;
pub mod jira;
pub mod path;
pub mod refusal;
pub mod scim;
