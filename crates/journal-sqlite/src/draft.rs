//! What grows a draft: rows, names that have to be looked up, and steps.

use std::sync::Arc;

use headcount_journal::{Added, JournalError, Names, NewStep, RunId, WriteDraft};
use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use rusqlite::params;

use super::error::sql;
use super::transaction::{SqliteTransaction, id, json, number};

impl WriteDraft for SqliteTransaction<'_> {
    fn add_row(
        &mut self,
        run: &RunId,
        row: u64,
        line: u64,
        cells: &[String],
    ) -> Result<(), JournalError> {
        self.write(
            "INSERT INTO rows (id, line, cells) VALUES (?, ?, ?)",
            params![id(run, row), number(line), json(cells)],
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
        if let Some(same) = self.same_step(run, new)? {
            return Ok(same);
        }
        let step = self.next_step(run)?;
        let door = new.door.as_ref().map(|door| self.door(run, door)).transpose()?;
        self.write(
            "INSERT INTO steps (id, row, kind, subject, door, payload, common, label, about, unseen, warned,
                                needs, needs_name, state)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
            params![
                id(run, step),
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
        self.last_step = Some((run.number(), step));
        self.has_dependents = self.has_dependents.filter(|_| new.needs.is_none());
        self.alike.add(new.kind, &new.subject, step as u32);
        Ok(Added::New(step))
    }

    fn serve(&mut self, run: &RunId, step: u64, row: u64) -> Result<(), JournalError> {
        self.write(
            "INSERT OR IGNORE INTO shared (run, step, row)
             SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM steps WHERE id = ?4 AND row = ?3)",
            params![run.number(), number(step), number(row), id(run, step)],
        )
        .map(drop)
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
            "UPDATE rows SET outcome = ?, reason = ?, detail = ? WHERE id = ?",
            params![outcome.word(), reason.word(), detail, id(run, row)],
        )
        .map(drop)
    }
}

impl SqliteTransaction<'_> {
    fn next_step(&self, run: &RunId) -> Result<u64, JournalError> {
        match self.last_step {
            Some((of, last)) if of == run.number() => Ok(last + 1),
            Some(_) | None => Ok(self.last_of("steps", run)? + 1),
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
    fn same_step(&mut self, run: &RunId, new: &NewStep) -> Result<Option<Added>, JournalError> {
        if !self.alike.is_of(run.number()) {
            self.read_alike(run)?;
        }
        for step in self.alike.find(new.kind, &new.subject) {
            let found = self.list(
                "SELECT row, common FROM steps WHERE id = ? AND kind = ? AND subject = ?",
                params![id(run, step.into()), new.kind, new.subject],
                |row| {
                    let (step, row, common) = (step.into(), row.get::<_, i64>(0)?, row.get(1)?);
                    Ok(Added::SameAs { step, row: row as u64, common })
                },
            )?;
            if let Some(same) = found.into_iter().next() {
                return Ok(Some(same));
            }
        }
        Ok(None)
    }

    /// Reads what the steps of a run are about: of a draft that has just begun, none.
    fn read_alike(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.alike.begin(run.number());
        let Self { alike, transaction, .. } = self;
        let mut read = || -> rusqlite::Result<()> {
            let mut steps = transaction
                .prepare("SELECT step, kind, subject FROM steps WHERE id BETWEEN ? AND ?")?;
            let mut steps = steps.query([id(run, 0), id(run, u64::MAX)])?;
            while let Some(step) = steps.next()? {
                let (kind, subject) = (step.get_ref(1)?.as_str()?, step.get_ref(2)?.as_str()?);
                alike.add(kind, subject, step.get(0)?);
            }
            Ok(())
        };
        let read = read();
        read.map_err(|error| {
            self.alike.end();
            sql("be read")(error)
        })
    }
}
