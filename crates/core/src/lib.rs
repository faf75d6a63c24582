//! Decides and does bulk changes of the people of an Atlassian Cloud site.
//!
//! One direction of imports; a module imports only from those above it:
//!
//! ```text
//! values                   user group step outcome event secret clock
//! profile   sheet          one site and how to sign in · file → rows
//! site      directory      one method a call · who is who on the site now
//! check                    tries the keys of a profile
//! journal                  the only SQL: runs, rows, steps, requests
//! plan                     rows + directory → steps, then sealed
//! run       report         a sealed plan is carried out · told
//! export                   everybody, every group → Atlassian's own export columns
//! ```
//!
//! Nothing in this crate prints, reads the environment, or knows a home folder: the binary does
//! that and hands values in. Deciding is pure and apart from doing.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod check;
pub mod directory;
pub mod export;
pub mod journal;
pub mod plan;
pub mod profile;
pub mod report;
pub mod run;
pub mod sheet;
pub mod site;
pub mod values;
