//! A note on a run, such as the number of a ticket.

use headcount_journal::Run;

/// The key of the note in a run's options.
pub const NOTE: &str = "note";

/// The longest note, in characters.
pub const LONGEST: usize = 200;

/// The note on a run; empty if there is none.
pub fn note(run: &Run) -> &str {
    run.options[NOTE].as_str().unwrap_or_default()
}
