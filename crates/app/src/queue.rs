//! The queue of runs for workers.

use headcount_journal::{Journal, QueuedRun, Run, WorkQueue};
use headcount_model::clock::Clock;
use serde_json::json;

use crate::failure::{Failure, USAGE};
use crate::hint::Hint;

/// The key, among what was agreed to, of the largest allowed number of changes.
const MAX_CHANGES: &str = "max_changes";

/// The queue of a journal.
///
/// # Errors
/// The journal is in a file, which several machines cannot share.
pub fn of(journal: &Journal) -> Result<Box<dyn WorkQueue>, Failure> {
    journal.queue()?.ok_or_else(|| {
        Failure::new(USAGE, "this journal is in a file, which workers cannot share").hint(
            Hint::Settings(
                "put the journal into a PostgreSQL database: \
                 HEADCOUNT_JOURNAL=postgres://HOST/DATABASE"
                    .into(),
            ),
        )
    })
}

/// Hands a run over to a worker. The caller holds the run's lock, and its user has agreed to the plan.
pub fn put(
    journal: &Journal,
    run: &Run,
    max_changes: Option<u64>,
    by: Option<&str>,
    clock: Clock,
) -> Result<(), Failure> {
    let how = json!({ MAX_CHANGES: max_changes });
    let (shown, by) = (run.state, by.map(str::to_owned));
    let queued = QueuedRun { run: run.id.clone(), at: clock.now(), by, how, note: None };
    Ok(of(journal)?.put(&queued, shown)?)
}

/// The largest number of changes that was agreed to.
pub fn max_changes(queued: &QueuedRun) -> Option<u64> {
    queued.how.get(MAX_CHANGES)?.as_u64()
}

/// Takes a run out of the queue; whether it was there.
pub fn take_out(journal: &Journal, run: &Run) -> Result<bool, Failure> {
    if !journal.is_queued(&run.id) {
        return Ok(false);
    }
    Ok(of(journal)?.remove(&run.id)?)
}
