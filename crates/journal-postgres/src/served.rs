//! The rows of the steps that were read to be sent.
//!
//! Which rows a step serves does not change once the plan is sealed, and a row that only one step serves is pending
//! exactly as long as that step. So such a step decides its rows without asking the server, and its move can wait for
//! the commit.

use std::collections::HashMap;

use headcount_journal::{JournalError, RunId};

use super::connection::{Connection, values};
use super::decode::value;

/// Each row of these steps, and whether it is pending and no other step serves it.
const SERVED: &str = "
    SELECT own.step, own.row, rows.outcome IS NULL AND NOT EXISTS (
        SELECT 1 FROM serves AS other
        WHERE other.run = own.run AND other.row = own.row AND other.step <> own.step)
    FROM serves AS own JOIN rows ON rows.run = own.run AND rows.row = own.row
    WHERE own.run = $1 AND own.step = ANY ($2::bigint[])
    ORDER BY own.step, own.row";

/// Steps of one run that decide their rows alone.
#[derive(Debug, Default)]
pub(crate) struct Served {
    run: i64,
    rows: HashMap<i64, Vec<i64>>,
}

impl Served {
    /// Reads the rows of these steps.
    pub(crate) fn read(
        &mut self,
        connection: &Connection,
        run: &RunId,
        steps: Vec<i64>,
    ) -> Result<(), JournalError> {
        if self.run != run.number() {
            *self = Self { run: run.number(), rows: HashMap::new() };
        }
        for step in &steps {
            self.rows.remove(step);
        }
        let mut shared = Vec::new();
        for served in connection.list(SERVED, values![run.number(), steps])? {
            let (step, row): (i64, i64) = (value(&served, 0)?, value(&served, 1)?);
            self.rows.entry(step).or_default().push(row);
            if !value::<bool>(&served, 2)? {
                shared.push(step);
            }
        }
        for step in shared {
            self.rows.remove(&step);
        }
        Ok(())
    }

    /// Whether each of these steps decides its rows alone.
    pub(crate) fn are_alone(&self, run: &RunId, mut steps: impl Iterator<Item = i64>) -> bool {
        self.run == run.number() && steps.all(|step| self.rows.contains_key(&step))
    }

    /// The rows of a step that decides them alone; it is forgotten.
    pub(crate) fn take(&mut self, step: i64) -> Vec<i64> {
        self.rows.remove(&step).unwrap_or_default()
    }

    /// Forgets all: the run's plan or a settled step changes.
    pub(crate) fn forget(&mut self) {
        self.rows.clear();
    }
}
