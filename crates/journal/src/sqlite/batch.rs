//! One transaction on one run: everything that grows a draft, and what moves steps until they settle
//! (see `settle`).

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

use super::store::json;
use crate::commit_hook::CommitHook;
use crate::error::JournalError;
use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Payload, StepState};

/// A transaction; dropped without [`Batch::commit`] it leaves no trace.
#[derive(Debug)]
pub struct Batch<'j> {
    pub(crate) transaction: Transaction<'j>,
    seam: &'j CommitHook,
    pub(crate) run: i64,
    /// The last step that was added here.
    last_step: Option<i64>,
    /// The doors of its steps, by their numbers in the journal.
    doors: Vec<(Arc<Door>, i64)>,
}

/// A step to be.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// What it does: a word of its executor.
    pub kind: &'static str,
    /// The door that it goes through.
    pub door: Arc<Door>,
    /// What makes two steps of a kind the same.
    pub subject: String,
    /// What its executor writes of it.
    pub payload: Payload,
    /// What it changes in a row of several steps, for people.
    pub label: String,
    /// A line for each name of what it is about: all of them are searched, and rows are sorted by the
    /// first.
    pub about: String,
    /// How it was before could not be seen.
    pub unseen: bool,
    /// There is something to check before the plan is agreed to.
    pub warned: bool,
    /// A step to be done first.
    pub needs: Option<u64>,
    /// It cannot be sent before that one has named what it created.
    pub needs_name: bool,
}

/// Whether a step was new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is this step now.
    New(u64),
    /// One about the same is there already. Where it wants the same, it may [serve](Batch::serve) this
    /// row, too.
    SameAs {
        /// The step.
        step: u64,
        /// The first row it serves.
        row: u64,
        /// What it has in common with others: [`Payload::common`].
        common: String,
    },
}

const WRITE: &str = "be written";

impl<'j> Batch<'j> {
    pub(crate) fn begin(
        connection: &'j mut Connection,
        seam: &'j CommitHook,
        run: i64,
    ) -> Result<Self, JournalError> {
        Ok(Self {
            transaction: seam.begin(connection)?,
            seam,
            run,
            last_step: None,
            doors: Vec::new(),
        })
    }

    /// Makes it all durable at once.
    pub fn commit(self) -> Result<(), JournalError> {
        self.seam.commit(self.transaction)
    }

    pub(crate) fn write(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
    ) -> Result<usize, JournalError> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(values))
            .map_err(JournalError::sql(WRITE))
    }

    /// Adds a row of the input.
    pub fn add_row(&mut self, row: u64, line: u64, cells: &[String]) -> Result<(), JournalError> {
        self.write(
            "INSERT INTO rows (run, row, line, cells) VALUES (?, ?, ?, ?)",
            params![self.run, row as i64, line as i64, json(&cells)],
        )
        .map(drop)
    }

    /// Notes a name of some kind that has to be looked up; the same name once.
    pub fn add_name(&mut self, kind: &'static str, name: &str) -> Result<(), JournalError> {
        self.write(
            "INSERT OR IGNORE INTO draft_names (run, kind, name) VALUES (?, ?, ?)",
            params![self.run, kind, name],
        )
        .map(drop)
    }

    /// Adds to the options of a draft what its plan has to say of itself.
    pub fn add_options(&mut self, more: &serde_json::Value) -> Result<(), JournalError> {
        self.write(
            "UPDATE runs SET options = json_patch(
                CASE json_type(options) WHEN 'object' THEN options ELSE '{}' END, ?)
             WHERE run = ? AND state = 'draft'",
            params![json(more), self.run],
        )
        .map(drop)
    }

    pub(crate) fn add_known_before(&mut self, name: &str) -> Result<(), JournalError> {
        self.write(
            "INSERT OR IGNORE INTO known_before (run, name) VALUES (?, ?)",
            params![self.run, name],
        )
        .map(drop)
    }

    /// Gives a row its outcome without any step of its own: planned away.
    pub fn settle_row(
        &mut self,
        row: u64,
        outcome: Outcome,
        reason: Reason,
        detail: &str,
    ) -> Result<(), JournalError> {
        self.write(
            "UPDATE rows SET outcome = ?, reason = ?, detail = ? WHERE run = ? AND row = ?",
            params![outcome.word(), reason.word(), detail, self.run, row as i64],
        )
        .map(drop)
    }

    /// Adds a step for a row, unless the same step is there already.
    pub fn add_step(&mut self, row: u64, new: &NewStep) -> Result<Added, JournalError> {
        let step = match self.last_step {
            Some(last) => last + 1,
            None => self.next("SELECT coalesce(max(step), 0) + 1 FROM steps WHERE run = ?")?,
        };
        let door = self.door(&new.door)?;
        // Nearly always it is new: whether the same is there is asked only where it is not.
        let added = self.write(
            "INSERT INTO steps (run, step, row, kind, subject, door, payload, common, label, about, unseen,
                                warned, needs, needs_name, state)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')
             ON CONFLICT (run, kind, subject) DO NOTHING",
            params![
                self.run,
                step,
                row as i64,
                new.kind,
                new.subject,
                door,
                new.payload.own,
                new.payload.common,
                new.label,
                new.about,
                new.unseen,
                new.warned,
                new.needs.map(|step| step as i64),
                new.needs_name,
            ],
        )?;
        if added == 0 {
            return self.same_step(new);
        }
        self.last_step = Some(step);
        self.serve(step as u64, row)?;
        Ok(Added::New(step as u64))
    }

    /// The number of a door in this run; a new one is written.
    fn door(&mut self, door: &Arc<Door>) -> Result<i64, JournalError> {
        let is_it = |(known, _): &&(Arc<Door>, i64)| Arc::ptr_eq(known, door) || known == door;
        if let Some((_, number)) = self.doors.iter().find(is_it) {
            return Ok(*number);
        }
        let words = json(&**door);
        self.write(
            "INSERT INTO doors (run, door, value)
             SELECT ?1, (SELECT coalesce(max(door), 0) + 1 FROM doors WHERE run = ?1), ?2
             WHERE NOT EXISTS (SELECT 1 FROM doors WHERE run = ?1 AND value = ?2)",
            params![self.run, words],
        )?;
        let number = self
            .transaction
            .prepare_cached("SELECT door FROM doors WHERE run = ? AND value = ?")
            .and_then(|mut statement| {
                statement.query_row(params![self.run, words], |row| row.get(0))
            })
            .map_err(JournalError::sql("be read"))?;
        self.doors.push((Arc::clone(door), number));
        Ok(number)
    }

    /// The step of this kind that is about the same.
    fn same_step(&mut self, new: &NewStep) -> Result<Added, JournalError> {
        self.transaction
            .prepare_cached(
                "SELECT step, row, common FROM steps WHERE run = ? AND kind = ? AND subject = ?",
            )
            .and_then(|mut statement| {
                statement.query_row(params![self.run, new.kind, new.subject], |row| {
                    let (step, first) = (row.get::<_, i64>(0)?, row.get::<_, i64>(1)?);
                    Ok(Added::SameAs { step: step as u64, row: first as u64, common: row.get(2)? })
                })
            })
            .map_err(JournalError::sql("be read"))
    }

    /// Lets a step serve a row: the row has its outcome once all its steps have theirs.
    pub fn serve(&mut self, step: u64, row: u64) -> Result<(), JournalError> {
        self.write(
            "INSERT OR IGNORE INTO serves (run, step, row) VALUES (?, ?, ?)",
            params![self.run, step as i64, row as i64],
        )
        .map(drop)
    }

    fn next(&self, sql: &str) -> Result<i64, JournalError> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([self.run], |row| row.get(0)))
            .map_err(JournalError::sql("be read"))
    }

    /// Notes that a step is about to be sent. After the commit it may be; not before.
    pub fn start(&mut self, step: u64, call: &str, at: Timestamp) -> Result<(), JournalError> {
        let request =
            self.next("SELECT coalesce(max(request), 0) + 1 FROM requests WHERE run = ?")?;
        self.write(
            "INSERT INTO requests (run, request, step, call, sent_at) VALUES (?, ?, ?, ?, ?)",
            params![self.run, request, step as i64, call, at.to_string()],
        )?;
        let moved = self.write(
            "UPDATE steps SET state = 'started', request = ?, attempts = attempts + 1
             WHERE run = ? AND step = ? AND state = 'pending'",
            params![request, self.run, step as i64],
        )?;
        self.legal(moved, step, StepState::Started)
    }

    /// Notes that a started step surely had no effect: it is pending again.
    pub fn unsend(
        &mut self,
        step: u64,
        why: &str,
        status: Option<u16>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.end_request(step, why, status, at)?;
        let moved = self.write(
            "UPDATE steps SET state = 'pending' WHERE run = ? AND step = ? AND state = 'started'",
            params![self.run, step as i64],
        )?;
        self.legal(moved, step, StepState::Pending)
    }

    /// Notes that a started step never left this process: it is no attempt, and no request.
    pub fn never_left(&mut self, step: u64) -> Result<(), JournalError> {
        self.write(
            "DELETE FROM requests WHERE run = ?1 AND ended_at IS NULL AND request =
                (SELECT request FROM steps WHERE run = ?1 AND step = ?2 AND state = 'started')",
            params![self.run, step as i64],
        )?;
        self.write(
            // Its number may be another's the next moment.
            "UPDATE steps SET attempts = attempts - 1, request = NULL
             WHERE run = ? AND step = ? AND state = 'started'",
            params![self.run, step as i64],
        )
        .map(drop)
    }

    /// Notes that a sending of this step lost its answer.
    pub fn mark_unclear(&mut self, step: u64) -> Result<(), JournalError> {
        self.write(
            "UPDATE steps SET unclear = unclear + 1 WHERE run = ? AND step = ?",
            params![self.run, step as i64],
        )
        .map(drop)
    }

    pub(crate) fn end_request(
        &self,
        step: u64,
        result: &str,
        status: Option<u16>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.write(
            "UPDATE requests SET ended_at = ?, status = ?, result = ? WHERE run = ?4 AND ended_at IS NULL
               AND request = (SELECT request FROM steps WHERE run = ?4 AND step = ?5)",
            params![at.to_string(), status, result, self.run, step as i64],
        )
        .map(drop)
    }

    /// A move that changed no line was not legal; says from where it was tried.
    pub(crate) fn legal(&self, moved: usize, step: u64, to: StepState) -> Result<(), JournalError> {
        if moved == 1 {
            return Ok(());
        }
        let from: String = self
            .transaction
            .query_row(
                "SELECT state FROM steps WHERE run = ? AND step = ?",
                params![self.run, step as i64],
                |row| row.get(0),
            )
            .map_err(JournalError::sql("be read"))?;
        let from = super::decode::step_state(&from)?;
        Err(JournalError::IllegalMove { step, from, to })
    }
}
