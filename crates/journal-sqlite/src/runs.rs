//! Runs: their life, reading them, and numbers about them.

use headcount_journal::{
    Act, Count, JournalError, NewRun, ReadRuns, Run, RunId, RunLock, RunMove, RunQuery, RunState,
    RunTime, WriteRuns,
};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use super::decode::run_of;
use super::error::sql;
use super::lock::FileLock;
use super::steps::AFTER_UNKNOWN;
use super::store::SqliteStore;
use super::transaction::{SqliteTransaction, id, json, of_run};

impl ReadRuns for SqliteStore {
    fn runs(&self, which: RunQuery<'_>) -> Result<Vec<Run>, JournalError> {
        match which {
            RunQuery::All => self.list(&runs_sql("ORDER BY run DESC"), [], run_of),
            RunQuery::Newest => {
                let newest = runs_sql("WHERE state <> 'draft' ORDER BY run DESC LIMIT 1");
                self.list(&newest, [], run_of)
            }
            RunQuery::Number(number) => self.list(&runs_sql("WHERE run = ?"), [number], run_of),
            RunQuery::UndosOf(run) => {
                self.list(&runs_sql("WHERE undoes = ? ORDER BY run"), [run.number()], run_of)
            }
        }
    }

    fn count(&self, run: &RunId, what: Count<'_>) -> Result<u64, JournalError> {
        let statement = match what {
            Count::Rows(filter) => return self.count_rows(run, filter),
            Count::Mentions(text) => return self.finds_text(run, text),
            Count::Names(list) => return self.count_names(run, list, None),
            Count::Name(list, name) => return self.count_names(run, list, Some(name)),
            Count::Requests => {
                concat!("SELECT count(*) FROM requests WHERE ", of_run!("requests")).to_owned()
            }
            Count::Steps => "SELECT count(*) FROM steps INDEXED BY steps_row WHERE run = ?1".to_owned(),
            Count::OpenSteps => of_steps("state <> 'settled'"),
            Count::DependentSteps => "SELECT count(*) FROM steps INDEXED BY steps_needs
                 WHERE run = ?1 AND needs IS NOT NULL"
                .to_owned(),
            Count::StartedSteps => of_steps("state = 'started'"),
            Count::SendableSteps => format!(
                "{AFTER_UNKNOWN} SELECT (SELECT count(*) FROM unknown) + ({})",
                of_steps("state <> 'settled'")
            ),
            Count::PlannedRows => concat!(
                "SELECT count(*) FROM rows WHERE ",
                of_run!("rows"),
                " AND (step IS NOT NULL OR outcome IS NULL AND (
                    EXISTS (SELECT 1 FROM steps WHERE steps.run = ?1 AND steps.row = rows.row)
                    OR EXISTS (SELECT 1 FROM shared WHERE shared.run = ?1 AND shared.row = rows.row)))"
            )
            .to_owned(),
            Count::UnseenRows => format!(
                "{AFTER_UNKNOWN} SELECT count(DISTINCT row) FROM steps WHERE {} AND unseen
                   AND (state <> 'settled' OR step IN (SELECT step FROM unknown))",
                of_run!("steps")
            ),
            Count::LastRow => concat!(
                "SELECT coalesce((SELECT row FROM rows WHERE ",
                of_run!("rows"),
                " ORDER BY id DESC LIMIT 1), 0)"
            )
            .to_owned(),
        };
        self.number(&statement, [run.number()])
    }
}

/// Counts the steps of a run in this state.
fn of_steps(state: &str) -> String {
    format!("SELECT count(*) FROM steps WHERE {} AND {state}", of_run!("steps"))
}

/// A run, and when the run that it undoes was planned (the day is part of that one's id).
fn runs_sql(filter: &str) -> String {
    format!(
        "SELECT *, (SELECT created_at FROM runs AS undone WHERE undone.run = runs.undoes) AS undone_at,
           (SELECT json_group_array(json(value)) FROM doors WHERE doors.run = runs.run) AS doors,
           (SELECT json_group_array(json_array(did, actor, name, at, note, plan) ORDER BY act)
            FROM acts WHERE acts.run = runs.run) AS acts
         FROM runs {filter}"
    )
}

impl SqliteTransaction<'_> {
    /// Locks a new run. If a process works on a run with its id, the journal of that run was deleted or replaced:
    /// then the new run takes the next number, so that no id names two runs.
    fn locked(&self, mut number: i64, at: Timestamp) -> Result<(RunId, RunLock), JournalError> {
        loop {
            let id = RunId::new(number, at);
            match FileLock::take(self.path, &id) {
                Err(JournalError::Locked { .. }) => {
                    self.write("UPDATE runs SET run = run + 1 WHERE run = ?", [number])?;
                    number += 1;
                }
                lock => return Ok((id, RunLock::new(lock?))),
            }
        }
    }
}

impl WriteRuns for SqliteTransaction<'_> {
    fn begin_run(&mut self, new: &NewRun) -> Result<(RunId, RunLock), JournalError> {
        let inserted = self.transaction.query_row(
            "INSERT INTO runs (job, state, site, organization, profile, input, headings, options, undoes, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING run",
            params![
                new.job.command(),
                RunState::Draft.word(),
                new.site,
                new.organization,
                new.profile,
                new.input,
                json(&new.headings),
                new.options.to_string(),
                new.undoes.as_ref().map(RunId::number),
                new.at.to_string(),
            ],
            |row| row.get(0),
        );
        self.locked(inserted.map_err(sql("be written"))?, new.at)
    }

    fn move_run(
        &mut self,
        run: &RunId,
        to: RunMove<'_>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let from = self.run_state(run)?;
        let state = to.leads_to();
        if !to.starts_from().contains(&from) {
            let wanted = state.word();
            return Err(JournalError::WrongState { run: run.clone(), state: from, wanted });
        }
        let stamp = match to.sets() {
            RunTime::Sealed => "sealed_at = coalesce(sealed_at, ?2)",
            RunTime::Started => "started_at = coalesce(started_at, ?2)",
            RunTime::Ended => "ended_at = ?2",
        };
        let moved = self.write(
            &format!(
                "UPDATE runs SET state = ?1, {stamp}, stop = ?3 WHERE run = ?4 AND state = ?5"
            ),
            params![state.word(), at.to_string(), to.why(), run.number(), from.word()],
        )?;
        debug_assert_eq!(moved, 1, "the write lock is held");
        if from == RunState::Draft {
            self.write("DELETE FROM draft_names WHERE run = ?", [run.number()])?;
            self.alike.end();
        }
        Ok(())
    }

    fn remove_run(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.write("DELETE FROM runs WHERE run = ?", [run.number()])?;
        self.remove_lines(run)
    }

    fn add_act(&mut self, run: &RunId, act: &Act) -> Result<(), JournalError> {
        self.write(
            "INSERT INTO acts (run, act, did, actor, name, at, note, plan)
             SELECT ?1, coalesce(max(act), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM acts WHERE run = ?1",
            params![
                run.number(),
                act.did.word(),
                act.by.id,
                act.by.name,
                act.at.to_string(),
                act.note,
                act.plan,
            ],
        )
        .map(drop)
    }

    fn require_approvals(&mut self, run: &RunId, approvals: u32) -> Result<(), JournalError> {
        let values = params![approvals, run.number(), RunState::Draft.word()];
        self.write("UPDATE runs SET approvals = ? WHERE run = ? AND state = ?", values).map(drop)
    }

    fn remove_draft(&mut self, run: &RunId) -> Result<(), JournalError> {
        let values = params![run.number(), RunState::Draft.word()];
        if self.write("DELETE FROM runs WHERE run = ? AND state = ?", values)? == 0 {
            return Ok(());
        }
        self.alike.end();
        self.remove_lines(run)
    }

    fn add_options(&mut self, run: &RunId, more: &Value) -> Result<(), JournalError> {
        self.write(
            "UPDATE runs SET options = json_patch(
                CASE json_type(options) WHEN 'object' THEN options ELSE '{}' END, ?)
             WHERE run = ?",
            params![json(more), run.number()],
        )
        .map(drop)
    }
}

impl SqliteTransaction<'_> {
    /// Removes the lines with ids of a run that was removed; those of other tables went with it. (To refer to the run, each
    /// line would look it up when it is written.)
    fn remove_lines(&self, run: &RunId) -> Result<(), JournalError> {
        let bounds = [id(run, 0), id(run, u64::MAX)];
        for lines in [
            "DELETE FROM rows WHERE id BETWEEN ? AND ?",
            "DELETE FROM steps WHERE id BETWEEN ? AND ?",
            "DELETE FROM requests WHERE id BETWEEN ? AND ?",
        ] {
            self.write(lines, bounds)?;
        }
        Ok(())
    }

    fn run_state(&self, run: &RunId) -> Result<RunState, JournalError> {
        let state: Option<String> = self
            .transaction
            .query_row("SELECT state FROM runs WHERE run = ?", [run.number()], |row| row.get(0))
            .optional()
            .map_err(sql("be written"))?;
        let state = state.ok_or_else(|| JournalError::NoSuchRun(run.to_string()))?;
        RunState::from_word(&state).ok_or_else(|| JournalError::Unreadable {
            what: format!("the run state “{state}”"),
        })
    }
}
