//! What a job, an undo and a run do, step by step and without a word: the command line (`cmd/`) and
//! the page (`web/`) call the same, so that they cannot differ.
//!
//! ```text
//! export    everybody, every group → a file
//! exports   Atlassian's own, for who is who
//! journal   opening it, in a folder only its owner can read
//! plan      a sheet → a sealed run
//! undo      a run → the sealed run that takes it back
//! profile   a profile that is being made: tried, then kept
//! rehearse  what a double of the site is made from
//! send      who may be sent, where to, how many; carrying it out
//! ```
//!
//! Whoever calls looks on by an [`plan::Onlooker`] while a plan is made, and by core's `Watcher` while it
//! is carried out. Nothing here prints or asks.

pub mod export;
pub mod exports;
pub mod journal;
pub mod plan;
pub mod profile;
pub mod rehearse;
pub mod send;
pub mod undo;
