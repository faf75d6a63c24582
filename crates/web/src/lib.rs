//! The page: headcount in a browser, for one user, on this computer.
//!
//! ```text
//! serve      the listener on loopback, and its end
//! access     decides which requests are accepted: Host, Origin, token, cookie; adds the security headers
//! routes     the table of addresses and their handlers
//! state/     the state that requests share: uploads (only in memory), tasks, active runs, forms
//! actions/   the handlers of POST requests
//! pages/     the pages, one file each
//! parts/     parts of several pages: header, plan, tables, errors
//! responses  pages and refusals as HTTP
//! ```
//!
//! Rules:
//! - The page and the command line use the same functions: `headcount_app` and the crates below it decide and act. The
//!   page only shows and asks.
//! - A page is made from the journal each time. The state in memory (active runs) only makes pages faster. Closing
//!   the tab changes nothing.
//! - The server makes complete HTML. The script only saves clicks and updates parts of a page. No file comes from
//!   another server.
//! - Every foreign text passes `maud`, which escapes it, and `parts::text::foreign`, which removes characters that change
//!   the direction of text. No page contains a credential, because the data of pages contains none.
//! - Only a POST from this page changes something; a GET changes nothing.

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
