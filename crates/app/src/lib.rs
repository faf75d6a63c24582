//! What headcount does, step by step and without a word: the command line and the page call the same
//! functions, so that they cannot differ.
//!
//! A module imports only from those above it:
//!
//! ```text
//! words          numbers, durations, foreign text, steps and runs in words
//! hint           what to do next, as data
//! failure        what ends a use case early, with its exit code
//! configuration  the profiles file, and which profile is taken
//! credentials    API token and organization API key: environment, command, keyring
//! built_in       the built-in sandbox of this process, as a value
//! context        settings from outside, paths, the clock, as a value
//! options        what a face says of sending
//! settings       the profiles' file
//! journal        opening it, in a folder only its owner can read
//! site           the chosen site, opened; the built-in sandbox; copies for rehearsals
//! profile/       a profile that is being made: tried, then kept, or removed
//! export         all users, all groups → a file
//! identity_exports   Atlassian's own exports, to find ids in
//! plan           a spreadsheet → a sealed run
//! max_changes    what a share of the users comes to, and whether a plan has more changes
//! apply          which run may be sent, and where to; carrying it out
//! collections    a Postman collection's run: how it is sent and resumed
//! native_job     the jobs that do what a collection's requests do
//! postman_export a plan or a job → a collection, an environment and a data file
//! undo           a run → the sealed run that undoes it
//! rehearse       what a copy of the site is made from
//! report_file    report formats and places
//! ```
//!
//! A face looks on by a [`plan::Onlooker`] while a plan is made, and by the engine's `Watcher` while it
//! is applied. Nothing here prints, asks, or reads the environment.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod apply;
pub mod atomic_file;
pub mod built_in;
pub mod collections;
pub mod configuration;
pub mod context;
pub mod credentials;
pub mod export;
pub mod failure;
mod failures;
pub mod hint;
pub mod identity_exports;
pub mod journal;
pub mod max_changes;
pub mod native_job;
pub mod options;
pub mod plan;
pub mod postman_export;
pub mod profile;
pub mod rehearse;
pub mod report_file;
pub mod report_subject;
pub mod settings;
pub mod site;
pub mod undo;
mod unwritable;
pub mod words;
pub mod xlsx;
