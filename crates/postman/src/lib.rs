//! Postman collections: from the exported files to the requests that they describe.
//!
//! A collection, its environments and its data are hostile input: size and depth are bounded, and
//! what headcount does not support is refused by name before anything is sent.
//!
//! ```text
//! document   JSON with line and column               bytes → Node
//! model      collection, items, requests, scopes     Node → typed values
//! variables  names and their values                  text → text that knows where its parts are from
//! dynamic    {{$guid}} and the others                name → value
//! script     QuickJS with the pm object              source and input → assertions, changes
//! prepare    resolve, encode, sign                   request → bytes
//! exchange   cookies, redirects, compression         bytes → answer, by a Sender
//! client     the Sender for the real network
//! data       CSV, JSON, XLSX                         bytes → rows
//! check      what is known before anything is sent   run → problems, or the order of rows
//! recognize  what a file is                          bytes → kind
//! load       the files of a run                     bytes → run
//! run        one iteration after the other           rows → executions
//! report     in the forms of Newman                  executions → text, JSON, JUnit
//! export     the other way round                     requests, variables → collection, environment
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod check;
pub mod client;
pub mod data;
pub mod document;
pub mod dynamic;
pub mod exchange;
pub mod export;
pub mod load;
pub mod model;
pub mod prepare;
pub mod recognize;
pub mod report;
pub mod run;
pub mod script;
mod spool;
pub mod value;
pub mod variables;
