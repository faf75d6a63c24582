//! What grows a draft: rows, names that have to be looked up, and steps.

use std::sync::Arc;

use headcount_journal::{Added, JournalError, Names, NewStep, RunId, WriteDraft};
use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use rusqlite::params;

use super::transaction::{SqliteTransaction, json, number};

impl WriteDraft for SqliteTransaction<'_> {
    fn add_row(
        &mut self,
        run: &RunId,
        row: u64,
        line: u64,
        cells: &[String],
    ) -> Result<(), JournalError> {
        self.write(
            "INSERT INTO rows (run, row, line, cells) VALUES (?, ?, ?, ?)",
            params![run.number(), number(row), number(line), json(cells)],
        )
        .map(drop)
    }

    fn add_name(&mut self, run: &RunId, list: Names, name: &str) -> Result<(), JournalError> {
        match list {
            Names::ToLookUp(kind) => self.write(
                "INSERT OR IGNORE INTO draft_names (run, kind, name) VALUES (?, ?, ?)",
                params![run.number(), kind, name],
            ),
            Names::KnownBefore => self.write(
                "INSERT OR IGNORE INTO known_before (run, name) VALUES (?, ?)",
                params![run.number(), name],
            ),
        }
        .map(drop)
    }

    fn add_step(&mut self, run: &RunId, row: u64, new: &NewStep) -> Result<Added, JournalError> {
        let step = self.next_step(run)?;
        let door = new.door.as_ref().map(|door| self.door(run, door)).transpose()?;
        // Nearly always it is new: whether the same is there is asked only where it is not.
        let added = self.write(
            "INSERT INTO steps (run, step, row, kind, subject, door, payload, common, label, about, unseen,
                                warned, needs, needs_name, state)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')
             ON CONFLICT (run, kind, subject) DO NOTHING",
            params![
                run.number(),
                step,
                number(row),
                new.kind,
                new.subject,
                door,
                new.payload.own,
                new.payload.common,
                new.label,
                new.about,
                new.unseen,
                new.warned,
                new.needs.map(number),
                new.needs_name,
            ],
        )?;
        if added == 0 {
            return self.same_step(run, new);
        }
        self.last_step = Some((run.number(), step));
        self.insert_serves(run, step, row)?;
        Ok(Added::New(step as u64))
    }

    fn serve(&mut self, run: &RunId, step: u64, row: u64) -> Result<(), JournalError> {
        self.insert_serves(run, number(step), row)
    }

    fn settle_row(
        &mut self,
        run: &RunId,
        row: u64,
        outcome: Outcome,
        reason: Reason,
        detail: &str,
    ) -> Result<(), JournalError> {
        self.write(
            "UPDATE rows SET outcome = ?, reason = ?, detail = ? WHERE run = ? AND row = ?",
            params![outcome.word(), reason.word(), detail, run.number(), number(row)],
        )
        .map(drop)
    }
}

impl SqliteTransaction<'_> {
    fn next_step(&self, run: &RunId) -> Result<i64, JournalError> {
        match self.last_step {
            Some((of, last)) if of == run.number() => Ok(last + 1),
            Some(_) | None => self.read(
                "SELECT coalesce(max(step), 0) + 1 FROM steps WHERE run = ?",
                [run.number()],
                |row| row.get(0),
            ),
        }
    }

    /// The number of a door in this run; a new one is written.
    fn door(&mut self, run: &RunId, door: &Arc<Door>) -> Result<i64, JournalError> {
        let is_it = |(of, known, _): &&(i64, Arc<Door>, i64)| {
            *of == run.number() && (Arc::ptr_eq(known, door) || known == door)
        };
        if let Some((_, _, number)) = self.doors.iter().find(is_it) {
            return Ok(*number);
        }
        let words = json(&**door);
        self.write(
            "INSERT INTO doors (run, door, value)
             SELECT ?1, (SELECT coalesce(max(door), 0) + 1 FROM doors WHERE run = ?1), ?2
             WHERE NOT EXISTS (SELECT 1 FROM doors WHERE run = ?1 AND value = ?2)",
            params![run.number(), words],
        )?;
        let number = self.read(
            "SELECT door FROM doors WHERE run = ? AND value = ?",
            params![run.number(), words],
            |row| row.get(0),
        )?;
        self.doors.push((run.number(), Arc::clone(door), number));
        Ok(number)
    }

    /// The step of this kind that is about the same.
    fn same_step(&self, run: &RunId, new: &NewStep) -> Result<Added, JournalError> {
        self.read(
            "SELECT step, row, common FROM steps WHERE run = ? AND kind = ? AND subject = ?",
            params![run.number(), new.kind, new.subject],
            |row| {
                let (step, first) = (row.get::<_, i64>(0)?, row.get::<_, i64>(1)?);
                Ok(Added::SameAs { step: step as u64, row: first as u64, common: row.get(2)? })
            },
        )
    }

    fn insert_serves(&mut self, run: &RunId, step: i64, row: u64) -> Result<(), JournalError> {
        self.write(
            "INSERT OR IGNORE INTO serves (run, step, row) VALUES (?, ?, ?)",
            params![run.number(), step, number(row)],
        )
        .map(drop)
    }
}
