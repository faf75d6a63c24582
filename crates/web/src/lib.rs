//! The page: everything in a browser, for one person, on this machine.
//!
//! ```text
//! serve      the listener on loopback, and its end
//! access     who is let in: Host, Origin, the address's token, the cookie; headers of every answer
//! routes     which address is answered by what
//! state/     what requests share: uploads (in memory alone), tasks, active runs, the fields of forms
//! actions/   what a POST does
//! pages/     one file a page: words and pictures
//! parts/     what several pages have: header, plan, tables, errors
//! responses  pages and refusals as HTTP
//! ```
//!
//! Rules:
//! - The same functions as the command line: what is decided and done is in `headcount_app` and
//!   below; here it is only shown and asked.
//! - The journal is the truth. A page is made from it each time; what lives in the process (a run
//!   under way) only makes it quicker. Closing the tab changes nothing.
//! - HTML is made here, whole; the script only saves clicks and keeps parts of a page fresh. No
//!   file comes from elsewhere.
//! - Everything foreign goes through `maud`, which escapes it, and `parts::text::foreign`, which takes
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
