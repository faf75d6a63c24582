//! What was undone later: a run's rows that an undo of it changed, unless that undo was itself
//! undone.
//!
//! Nothing of it is kept: an undo is a run with the undone one's row numbers, and its rows tell.

use std::collections::BTreeMap;

use super::store::Journal;
use crate::error::JournalError;
use crate::run::{Run, RunId};

/// Undos of undos are followed this deep; beyond it a row may show as undone although its change
/// is there again.
const DEEP: usize = 8;

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
            let sql = format!(
                "SELECT count(*) FROM rows WHERE run = ? AND {}",
                self.stands("rows", &undo.id, DEEP)?
            );
            let rows = self.number(&sql, &undo.id)?;
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
            let sql = format!(
                "SELECT row FROM rows WHERE run = ?1 AND row BETWEEN ?2 AND ?3 AND {}",
                self.stands("rows", &undo.id, DEEP)?
            );
            let values = [undo.id.number, from as i64, to.min(i64::MAX as u64) as i64];
            let taken: Vec<i64> = self.list(&sql, values, |row| row.get(0))?;
            rows.extend(taken.into_iter().map(|row| (row as u64, undo.id.clone())));
        }
        Ok(rows.into_iter().collect())
    }

    /// The undos of a run, the oldest first.
    pub fn undos(&self, run: &RunId) -> Result<Vec<Run>, JournalError> {
        let sql = super::read::runs_sql("WHERE undoes = ? ORDER BY run");
        self.list(&sql, [run.number], super::decode::run_of)
    }

    /// The condition that a run's row was changed and not undone. The numbers of runs are our own.
    fn stands(&self, table: &str, run: &RunId, deep: usize) -> Result<String, JournalError> {
        let mut condition = format!("{table}.outcome = 'changed'");
        if deep == 0 {
            return Ok(condition);
        }
        for undo in self.undos(run)? {
            let inner = format!("u{}", undo.id.number);
            condition.push_str(&format!(
                " AND NOT EXISTS (SELECT 1 FROM rows AS {inner} WHERE {inner}.run = {} AND {inner}.row = {table}.row AND {})",
                undo.id.number,
                self.stands(&inner, &undo.id, deep - 1)?
            ));
        }
        Ok(condition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NewRun;
    use crate::sqlite::tests::new_run;
    use headcount_model::outcome::Outcome;
    use headcount_model::reason::Reason;

    /// A run whose rows ended so.
    fn run(journal: &mut Journal, undoes: Option<&RunId>, rows: &[(u64, Outcome)]) -> RunId {
        let new = NewRun { undoes: undoes.cloned(), ..new_run() };
        let (run, _lock) = journal.begin(&new).unwrap();
        let mut batch = journal.batch(&run.id).unwrap();
        for (number, outcome) in rows {
            batch.add_row(*number, number + 1, &["a".into()]).unwrap();
            batch.settle_row(*number, *outcome, Reason::Done, "").unwrap();
        }
        batch.commit().unwrap();
        run.id
    }

    #[test]
    fn what_undos_took_back_is_told_and_what_was_put_back_again_is_not() {
        use Outcome::{Changed, Skipped, Unchanged};
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let all = [(1, Changed), (2, Changed), (3, Changed), (4, Unchanged)];
        let first = run(&mut journal, None, &all);
        assert_eq!(journal.taken_back(&first).unwrap(), []);
        let one = run(&mut journal, Some(&first), &[(2, Changed), (3, Skipped)]);
        let other = run(&mut journal, Some(&first), &[(2, Unchanged), (3, Changed)]);
        let taken = |by: &RunId, rows| TakenBack { by: by.clone(), rows };
        assert_eq!(journal.taken_back(&first).unwrap(), [taken(&one, 1), taken(&other, 1)]);
        let rows = journal.rows_taken_back(&first, 1, 9).unwrap();
        assert_eq!(rows, [(2, one.clone()), (3, other.clone())]);
        assert_eq!(journal.rows_taken_back(&first, 3, 3).unwrap(), [(3, other.clone())]);
        // The undo of an undo puts it back; the undo of that takes it back again.
        let again = run(&mut journal, Some(&one), &[(2, Changed)]);
        assert_eq!(journal.taken_back(&first).unwrap(), [taken(&other, 1)]);
        assert_eq!(journal.taken_back(&one).unwrap(), [taken(&again, 1)]);
        run(&mut journal, Some(&again), &[(2, Changed)]);
        assert_eq!(journal.taken_back(&first).unwrap(), [taken(&one, 1), taken(&other, 1)]);
    }
}
