//! What grows a draft: rows, names that have to be looked up, and steps.

use std::sync::Arc;

use headcount_journal::{Added, JournalError, Names, NewStep, RunId, WriteDraft};
use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;

use super::connection::values;
use super::decode::value;
use super::pending::{PendingStep, RowEnd};
use super::transaction::{PostgresTransaction, json, number, text};

impl WriteDraft for PostgresTransaction<'_> {
    fn add_row(
        &mut self,
        run: &RunId,
        row: u64,
        line: u64,
        cells: &[String],
    ) -> Result<(), JournalError> {
        self.fence(run);
        self.pending.lines += 1;
        self.pending.rows.push((run.number(), number(row), number(line), json(cells)));
        self.send_if_long()
    }

    fn add_name(&mut self, run: &RunId, list: Names, name: &str) -> Result<(), JournalError> {
        self.fence(run);
        self.pending.lines += 1;
        match list {
            Names::ToLookUp(kind) => {
                self.pending.names.push((run.number(), kind, text(name)));
            }
            Names::KnownBefore => self.pending.known_before.push((run.number(), text(name))),
        }
        self.send_if_long()
    }

    fn add_step(&mut self, run: &RunId, row: u64, new: &NewStep) -> Result<Added, JournalError> {
        self.fence(run);
        let subject = text(&new.subject);
        if !self.subjects.is_new(run.number(), new)
            && let Some(same) = self.same_step(run, new.kind, &subject)?
        {
            return Ok(same);
        }
        let step = self.next_step(run)?;
        let door = new.door.as_ref().map(|door| self.door(run, door)).transpose()?;
        self.last_step = Some((run.number(), step));
        self.subjects.served.forget();
        if let (Some((of, any)), Some(_)) = (&mut self.subjects.dependents, new.needs)
            && *of == run.number()
        {
            *any = true;
        }
        self.pending.lines += 2;
        self.pending.steps.push(PendingStep {
            ids: [run.number(), step, number(row)],
            kind: new.kind,
            texts: [
                subject,
                text(&new.payload.own),
                text(&new.payload.common),
                text(&new.label),
                text(&new.about),
            ],
            flags: [new.unseen, new.warned, new.needs_name],
            door,
            needs: new.needs.map(number),
        });
        self.pending.serves.push((run.number(), step, number(row)));
        self.send_if_long()?;
        Ok(Added::New(step as u64))
    }

    fn serve(&mut self, run: &RunId, step: u64, row: u64) -> Result<(), JournalError> {
        self.fence(run);
        self.subjects.served.forget();
        self.pending.lines += 1;
        self.pending.serves.push((run.number(), number(step), number(row)));
        self.send_if_long()
    }

    fn settle_row(
        &mut self,
        run: &RunId,
        row: u64,
        outcome: Outcome,
        reason: Reason,
        detail: &str,
    ) -> Result<(), JournalError> {
        self.fence(run);
        self.subjects.served.forget();
        let detail = text(detail);
        let (run, row) = (run.number(), number(row));
        self.pending.end_row(RowEnd { run, row, outcome, reason, detail, step: None });
        self.send_if_long()
    }
}

impl PostgresTransaction<'_> {
    fn next_step(&mut self, run: &RunId) -> Result<i64, JournalError> {
        match self.last_step {
            Some((of, last)) if of == run.number() => Ok(last + 1),
            Some(_) | None => {
                let last = "SELECT coalesce(max(step), 0) FROM steps WHERE run = $1";
                let rows = self.list(last, values![run.number()])?;
                let last: i64 = rows.first().map(|row| value(row, 0)).transpose()?.unwrap_or(0);
                Ok(last + 1)
            }
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
             SELECT $1, (SELECT coalesce(max(door), 0) + 1 FROM doors WHERE run = $1), $2
             WHERE NOT EXISTS (SELECT 1 FROM doors WHERE run = $1 AND value = $2)",
            values![run.number(), words.clone()],
        )?;
        let rows = self.list(
            "SELECT door FROM doors WHERE run = $1 AND value = $2",
            values![run.number(), words],
        )?;
        let number = rows.first().map(|row| value(row, 0)).transpose()?.unwrap_or(0);
        self.doors.push((run.number(), Arc::clone(door), number));
        Ok(number)
    }

    /// The step of this kind for the same change.
    fn same_step(
        &mut self,
        run: &RunId,
        kind: &str,
        subject: &str,
    ) -> Result<Option<Added>, JournalError> {
        let rows = self.list(
            "SELECT step, row, common FROM steps WHERE run = $1 AND kind = $2 AND subject = $3",
            values![run.number(), kind.to_owned(), subject.to_owned()],
        )?;
        let Some(found) = rows.first() else { return Ok(None) };
        let (step, row): (i64, i64) = (value(found, 0)?, value(found, 1)?);
        Ok(Some(Added::SameAs { step: step as u64, row: row as u64, common: value(found, 2)? }))
    }
}
