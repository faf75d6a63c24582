//! What was undone later: a run's rows that an undo of it changed, unless that undo was itself
//! undone.
//!
//! Nothing of it is kept: an undo is a run with the undone one's row numbers, and its rows show it.

use std::collections::{BTreeMap, BTreeSet};

use super::error::JournalError;
use super::journal::Journal;
use super::query::Count;
use super::run::RunId;

/// Undos of undos are followed this deep; beyond it a row may show as undone although its change
/// is there again.
const DEEP: usize = 8;

/// Row numbers that are held at once.
const WINDOW: u64 = 10_000;

/// What one undo reverted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// The undo.
    pub by: RunId,
    /// Rows that it changed and that were not put back again.
    pub rows: u64,
}

impl Journal {
    /// The undos of a run that took something back, the oldest first.
    pub fn taken_back(&self, run: &RunId) -> Result<Vec<TakenBack>, JournalError> {
        let mut taken = Vec::new();
        for undo in self.undos(run)? {
            let mut rows = 0;
            self.each_standing(&undo.id, 1, u64::MAX, |standing| rows += standing.len() as u64)?;
            if rows > 0 {
                taken.push(TakenBack { by: undo.id, rows });
            }
        }
        Ok(taken)
    }

    /// Which of the rows from `from` to `to` were undone: each with the undo that did it last.
    pub fn rows_taken_back(
        &self,
        run: &RunId,
        from: u64,
        to: u64,
    ) -> Result<Vec<(u64, RunId)>, JournalError> {
        let mut rows = BTreeMap::new();
        for undo in self.undos(run)? {
            self.each_standing(&undo.id, from, to, |standing| {
                rows.extend(standing.into_iter().map(|row| (row, undo.id.clone())));
            })?;
        }
        Ok(rows.into_iter().collect())
    }

    /// Returns the rows from `from` to `to` that a run changed and that were not undone, a window at a
    /// time.
    fn each_standing(
        &self,
        run: &RunId,
        from: u64,
        to: u64,
        mut tell: impl FnMut(BTreeSet<u64>),
    ) -> Result<(), JournalError> {
        let last = self.count(run, Count::LastRow)?.min(to);
        let mut from = from;
        while from <= last {
            let to = from.saturating_add(WINDOW - 1).min(last);
            tell(self.standing(run, from, to, DEEP)?);
            from = to.saturating_add(1);
        }
        Ok(())
    }

    fn standing(
        &self,
        run: &RunId,
        from: u64,
        to: u64,
        deep: usize,
    ) -> Result<BTreeSet<u64>, JournalError> {
        let mut rows: BTreeSet<u64> =
            self.store().changed_rows(run, from, to)?.into_iter().collect();
        if deep == 0 || rows.is_empty() {
            return Ok(rows);
        }
        for undo in self.undos(run)? {
            for undone in self.standing(&undo.id, from, to, deep - 1)? {
                rows.remove(&undone);
            }
        }
        Ok(rows)
    }
}
