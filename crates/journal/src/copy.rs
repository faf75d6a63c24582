//! Copies a whole journal into another one, of any store.

use super::error::JournalError;
use super::journal::Journal;
use super::lock::RunLock;
use super::run::RunState;
use super::store::{Durability, Transaction};
use super::tables::{Line, TABLES, Table};

/// Lines that are written together.
const MANY: usize = 500;

/// How many lines of a table were copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The name of the table.
    pub table: &'static str,
    /// How many lines.
    pub lines: u64,
}

impl Journal {
    /// Copies everything into an empty journal, in one transaction. All ids stay.
    ///
    /// # Errors
    /// A process is planning or applying a run of this journal, or the other journal is not empty; then nothing is
    /// written.
    pub fn copy_into(&self, target: &mut Self) -> Result<Vec<Copied>, JournalError> {
        let _locks = self.lock_unfinished()?;
        target.store().check()?;
        let hook = target.hook.clone();
        let mut transaction = target.store_mut().transaction(Durability::Durable)?;
        for table in &TABLES {
            if transaction.count_lines(table)? > 0 {
                return Err(JournalError::NotEmpty);
            }
        }
        let mut copied = Vec::new();
        let mut all = || {
            for table in &TABLES {
                let lines = self.copy_table(table, &mut *transaction)?;
                copied.push(Copied { table: table.name, lines });
            }
            transaction.set_last_number(self.store().last_number()?)
        };
        self.store().at_one_moment(&mut all)?;
        for (table, copied) in TABLES.iter().zip(&copied) {
            let found = transaction.count_lines(table)?;
            if found != copied.lines {
                let what = format!("{found} lines of {}, not {}", table.name, copied.lines);
                return Err(JournalError::Unreadable { what });
            }
        }
        hook.commit(transaction)?;
        Ok(copied)
    }

    /// Holds every run that a process could continue, so that none changes meanwhile.
    fn lock_unfinished(&self) -> Result<Vec<RunLock>, JournalError> {
        let is_open = |state| match state {
            RunState::Draft
            | RunState::Sealed
            | RunState::Unapproved
            | RunState::Running
            | RunState::Stopped => true,
            RunState::Rejected | RunState::Finished | RunState::Cancelled => false,
        };
        let runs = self.runs()?;
        runs.iter().filter(|run| is_open(run.state)).map(|run| self.lock(&run.id)).collect()
    }

    fn copy_table(
        &self,
        table: &Table,
        transaction: &mut dyn Transaction,
    ) -> Result<u64, JournalError> {
        let (mut lines, mut batch) = (0, Vec::with_capacity(MANY));
        self.store().read_lines(table, None, &mut |line: Line| {
            lines += 1;
            batch.push(line);
            if batch.len() == MANY {
                transaction.add_lines(table, std::mem::take(&mut batch))?;
            }
            Ok(())
        })?;
        if !batch.is_empty() {
            transaction.add_lines(table, batch)?;
        }
        Ok(lines)
    }
}
