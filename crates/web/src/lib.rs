//! The page: everything in a browser, for one person, on this machine.
//!
//! ```text
//! serve      the listener on loopback, and its end
//! door       who is let in: Host, Origin, the address's token, the cookie; headers of every answer
//! routes     which address is answered by what
//! app        what all answers share: context, journals, and what is below
//! desk       sheets that were brought, until their plan is sent
//! given      exports that were given with a sheet, for who is who
//! reading    how somebody says a sheet is to be read, and what was understood
//! tasks      what takes a while             each on a thread of its own
//! planning     plans that are made
//! exporting    lists of people and groups   kept on a shelf to be downloaded
//! rehearsing   a plan on a double           kept on a shelf to be looked at
//! sending    runs under way                 each on a thread of its own
//! shelf      the newest few of a kind
//! facts      what a run comes to, kept while it cannot change
//! send_form  what a form says of sending
//! answer     pages and refusals as HTTP
//! sites      which site; jobs: which job
//! layout     what every page has around it
//! pages/     one file a page: words and pictures
//! ```
//!
//! Rules:
//! - The same functions as the command line: what is decided and done stands in `work/` and below;
//!   here it is only shown and asked.
//! - The journal is the truth. A page is made from it each time; what lives in the process (a run
//!   under way) only makes it quicker. Closing the tab changes nothing.
//! - HTML is made here, whole; the script only saves clicks and keeps parts of a page fresh. No
//!   file comes from elsewhere.
//! - Everything foreign goes through `maud`, which escapes it, and [`layout::foreign`], which takes
//!   out what would turn text around. No key is ever in a page: none is ever in what pages are
//!   made from.
//! - What changes something is a POST from this very page; a GET changes nothing.

#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

mod access;
mod actions;
mod assets;
mod fault;
mod jobs;
mod notes;
mod pages;
mod parts;
mod responses;
mod routes;
mod serve;
mod state;

pub use serve::{Served, serve};
