//! Removes old runs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::error::JournalError;
use super::journal::Journal;
use super::run::{Run, RunId, RunState};
use super::store::{Durability, Space};

impl Journal {
    /// The runs that ended before `before` and can be removed: each with its undos, which are removed together with it
    /// or not at all. Without its undo a run would look as if its changes were still on the site.
    pub fn old_runs(&self, before: Timestamp) -> Result<Vec<Vec<Run>>, JournalError> {
        let runs = self.runs()?;
        let first = first_of_each(&runs);
        let mut kept = BTreeSet::new();
        for run in &runs {
            let is_old = is_over(run.state)
                && last_time(run) < before
                && self.counts(&run.id)?.unknown == 0
                && !self.is_held(&run.id);
            if !is_old {
                kept.insert(first[&run.id.number()]);
            }
        }
        let mut old: BTreeMap<i64, Vec<Run>> = BTreeMap::new();
        for run in runs.into_iter().rev() {
            let first = first[&run.id.number()];
            if !kept.contains(&first) {
                old.entry(first).or_default().push(run);
            }
        }
        Ok(old.into_values().collect())
    }

    /// Removes runs that have ended, with all their data, in one transaction.
    ///
    /// # Errors
    /// A run has not ended, or another process holds it; then nothing is removed.
    pub fn remove_runs(&mut self, runs: &[Run]) -> Result<(), JournalError> {
        let mut locks = Vec::new();
        for run in runs {
            locks.push(self.lock(&run.id)?);
            let found = self.run(run.id.as_str())?;
            if !is_over(found.state) {
                let (run, state) = (found.id, found.state);
                return Err(JournalError::WrongState { run, state, wanted: "removed" });
            }
        }
        self.write(Durability::Durable, |transaction| {
            // An undo refers to what it undoes.
            runs.iter().rev().try_for_each(|run| transaction.remove_run(&run.id))
        })
    }

    /// Gives the space of what was removed back, as far as the store can.
    pub fn shrink(&self) -> Result<Space, JournalError> {
        self.store().shrink()
    }
}

fn is_over(state: RunState) -> bool {
    match state {
        RunState::Finished | RunState::Cancelled | RunState::Rejected => true,
        RunState::Draft
        | RunState::Sealed
        | RunState::Unapproved
        | RunState::Running
        | RunState::Stopped => false,
    }
}

/// The newest time of a run.
fn last_time(run: &Run) -> Timestamp {
    let times = [run.sealed_at, run.started_at, run.ended_at];
    times.into_iter().flatten().fold(run.created_at, Timestamp::max)
}

/// For each run the number of the run that it undoes, directly or over other undos, or its own.
fn first_of_each(runs: &[Run]) -> BTreeMap<i64, i64> {
    let mut all = BTreeMap::new();
    // An undo has a larger number than what it undoes.
    for run in runs.iter().rev() {
        let number = run.id.number();
        let of = run.undoes.as_ref().map(RunId::number);
        let first = of.and_then(|of| all.get(&of).copied()).unwrap_or(number);
        all.insert(number, first);
    }
    all
}
