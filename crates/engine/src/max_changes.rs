//! `--max-changes`: how many changes a run would send, compared with how many it may.

use headcount_journal::{Count, Journal, JournalError, RunId};

/// The changes that a run would still send, if they are more than `most`. Changes that ended
/// `unknown` count, because they may be sent again, and so does what was not sent because of them.
///
/// # Errors
/// The journal can't be read.
pub fn more_than(journal: &Journal, run: &RunId, most: u64) -> Result<Option<u64>, JournalError> {
    let changes = journal.count(run, Count::SendableSteps)?;
    Ok((changes > most).then_some(changes))
}
