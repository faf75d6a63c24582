//! The use cases of headcount. The command line and the page call the same functions, so they cannot differ.
//!
//! A module imports only from those above it:
//!
//! ```text
//! words            numbers, durations, foreign text, steps and runs in words
//! hint             what to do next, as data
//! failure          a failure that ends a use case, with its exit code
//! configuration    the profiles file, and the choice of the profile
//! credentials      API token and organization API key: environment, command, keyring
//! built_in         a handle to the built-in sandbox of this process
//! context          settings from outside, paths, the clock, as a value
//! options          the options of applying a plan
//! settings         reads and changes the profiles file
//! journal          opens the journal, in a folder that only its owner can read
//! site             opens the chosen site; the built-in sandbox; copies for rehearsals
//! profile/         creates, checks, saves and removes profiles
//! export           exports all users or all groups into a file
//! identity_exports Atlassian's own exports, in which ids are looked up
//! plan             makes a sealed run from a spreadsheet
//! sync             makes a sealed run from a list of users, or only compares it with the site
//! approval         seals plans, those that need approval too; approves and rejects them
//! max_changes      checks the number of changes against a limit
//! apply            checks whether a run may be sent and to which site, and applies it
//! collections      plans, applies and resumes a Postman collection's run
//! native_job       finds the jobs that do the same as a collection's requests
//! postman_export   writes a plan or a job as a collection, an environment and a data file
//! undo             makes a sealed run that undoes another run
//! rehearse         collects the data for a rehearsal's copy of the site
//! report_file      the formats of reports, and a check whether a file can be written
//! retention        removes old runs, and keeps their reports
//! ```
//!
//! A face observes the making of a plan with a [`plan::Onlooker`], and its application with the engine's `Watcher`. No
//! code here prints, asks, or reads the environment.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod apply;
pub mod approval;
pub mod atomic_file;
pub mod built_in;
pub mod collections;
pub mod configuration;
pub mod context;
pub mod credentials;
pub mod doctor;
pub mod export;
pub mod failure;
mod failures;
pub mod find;
pub mod findings;
pub mod hint;
pub mod identity_exports;
pub mod journal;
pub mod max_changes;
pub mod members_file;
pub mod native_job;
pub mod options;
pub mod plan;
pub mod postman_export;
pub mod profile;
pub mod queue;
pub mod rehearse;
pub mod report_file;
pub mod report_subject;
pub mod retention;
pub mod settings;
pub mod site;
pub mod sync;
pub mod undo;
mod unwritable;
pub mod words;
pub mod workers;
pub mod xlsx;
