//! A note on a run, such as the number of a ticket.

use headcount_journal::Run;

/// Where it is among a run's options.
pub const NOTE: &str = "note";

/// Characters of a note at most.
pub const LONGEST: usize = 200;

/// What was written about a run; empty where nothing was.
pub fn note(run: &Run) -> &str {
    run.options[NOTE].as_str().unwrap_or_default()
}
