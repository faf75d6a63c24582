//! The counter of an export while it reads.

use headcount_app::export::What;

/// What the bar counts. Members are read by user or by group; which of them is known only while reading.
pub fn counted(what: What) -> &'static str {
    match what {
        What::People => "users read",
        What::Groups { members: false } => "groups read",
        What::Groups { members: true } => "read",
    }
}
