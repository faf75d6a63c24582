//! What an export counts while it reads.

use headcount_app::export::What;

/// What the bar counts. Members are read person by person, or group by group: the way shows only
/// while it is gone.
pub fn counted(what: What) -> &'static str {
    match what {
        What::People => "users read",
        What::Groups { members: false } => "groups read",
        What::Groups { members: true } => "read",
    }
}
