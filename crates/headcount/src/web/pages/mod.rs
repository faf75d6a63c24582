//! The pages: one file each, and the parts that several of them show.

pub mod bar;
pub mod download;
pub mod enter;
pub mod home;
pub mod jobs;
pub mod rows;
pub mod run;
pub mod sites;
pub mod wrong;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
