//! Runs: their life, reading them, and numbers about them.

use std::sync::Arc;

use headcount_journal::{
    Act, Count, JournalError, NewRun, ReadRuns, Run, RunId, RunLock, RunMove, RunQuery, RunState,
    RunTime, WriteRuns,
};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::connection::{Call, values};
use super::decode::{parsed, run_of, value};
use super::leases::{Taking, take};
use super::steps::AFTER_UNKNOWN;
use super::store::PostgresStore;
use super::transaction::{PostgresTransaction, json, text};

pub(crate) const PLANNED_ROWS: &str = "SELECT count(DISTINCT serves.row) FROM serves
    JOIN rows ON rows.run = serves.run AND rows.row = serves.row
    WHERE serves.run = $1 AND (rows.outcome IS NULL OR rows.step IS NOT NULL)";

impl ReadRuns for PostgresStore {
    fn runs(&self, which: RunQuery<'_>) -> Result<Vec<Run>, JournalError> {
        let (filter, values) = match which {
            RunQuery::All => ("ORDER BY run DESC", values![]),
            RunQuery::Newest => ("WHERE state <> 'draft' ORDER BY run DESC LIMIT 1", values![]),
            RunQuery::Number(number) => ("WHERE run = $1", values![number]),
            RunQuery::UndosOf(run) => ("WHERE undoes = $1 ORDER BY run", values![run.number()]),
        };
        let connection = self.session.connection()?;
        connection.list(&runs_sql(filter), values)?.iter().map(run_of).collect()
    }

    fn count(&self, run: &RunId, what: Count<'_>) -> Result<u64, JournalError> {
        let statement = match what {
            Count::Rows(filter) => return self.count_rows(run, filter),
            Count::Mentions(text) => return self.finds_text(run, text),
            Count::Names(list) => return self.count_names(run, list, None),
            Count::Name(list, name) => return self.count_names(run, list, Some(name)),
            Count::Requests => "SELECT count(*) FROM requests WHERE run = $1".to_owned(),
            Count::Steps => "SELECT count(*) FROM steps WHERE run = $1".to_owned(),
            Count::OpenSteps => {
                "SELECT count(*) FROM steps WHERE run = $1 AND state <> 'settled'".to_owned()
            }
            Count::DependentSteps => {
                "SELECT count(*) FROM steps WHERE run = $1 AND needs IS NOT NULL".to_owned()
            }
            Count::StartedSteps => {
                "SELECT count(*) FROM steps WHERE run = $1 AND state = 'started'".to_owned()
            }
            Count::SendableSteps => format!(
                "{AFTER_UNKNOWN} SELECT (SELECT count(*) FROM not_known)
                 + (SELECT count(*) FROM steps WHERE run = $1 AND state <> 'settled')"
            ),
            Count::PlannedRows => PLANNED_ROWS.to_owned(),
            Count::UnseenRows => format!(
                "{AFTER_UNKNOWN} SELECT count(DISTINCT steps.row) FROM steps
                 WHERE run = $1 AND unseen
                   AND (state <> 'settled' OR step IN (SELECT step FROM not_known))"
            ),
            Count::LastRow => "SELECT coalesce(max(row), 0) FROM rows WHERE run = $1".to_owned(),
        };
        self.number(&statement, values![run.number()])
    }
}

/// A run, when the run that it undoes was planned (the day is part of that one's id), and its doors, in the order of
/// [`run_of`].
fn runs_sql(filter: &str) -> String {
    format!(
        "SELECT run, job, state, site, organization, profile, input, headings, options, undoes,
           created_at, sealed_at, started_at, ended_at, stop,
           (SELECT undone.created_at FROM runs AS undone WHERE undone.run = runs.undoes),
           (SELECT '[' || coalesce(string_agg(value, ',' ORDER BY door), '') || ']'
            FROM doors WHERE doors.run = runs.run),
           approvals,
           (SELECT coalesce(json_agg(json_build_array(did, actor, name, at, note, plan) ORDER BY act), '[]')::text
            FROM acts WHERE acts.run = runs.run)
         FROM runs {filter}"
    )
}

/// The tables that hold data of a run.
const TABLES: [&str; 11] = [
    "DELETE FROM queue WHERE run = $1",
    "DELETE FROM leases WHERE run = $1",
    "DELETE FROM acts WHERE run = $1",
    "DELETE FROM rows WHERE run = $1",
    "DELETE FROM steps WHERE run = $1",
    "DELETE FROM serves WHERE run = $1",
    "DELETE FROM requests WHERE run = $1",
    "DELETE FROM records WHERE run = $1",
    "DELETE FROM doors WHERE run = $1",
    "DELETE FROM draft_names WHERE run = $1",
    "DELETE FROM known_before WHERE run = $1",
];

fn parts_of(run: &RunId) -> Vec<Call<'static>> {
    TABLES.map(|sql| Call { sql, values: values![run.number()] }).into()
}

impl WriteRuns for PostgresTransaction<'_> {
    fn begin_run(&mut self, new: &NewRun) -> Result<(RunId, RunLock), JournalError> {
        let rows = self.list(
            "INSERT INTO runs (job, state, site, organization, profile, input, headings, options, undoes, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING run",
            values![
                new.job.command(),
                RunState::Draft.word(),
                text(&new.site),
                new.organization.as_deref().map(text),
                text(&new.profile),
                text(&new.input),
                json(&new.headings),
                new.options.to_string(),
                new.undoes.as_ref().map(RunId::number),
                new.at.to_string(),
            ],
        )?;
        let number = rows.first().map(|row| value(row, 0)).transpose()?.unwrap_or_default();
        let id = RunId::new(number, new.at);
        let session = Arc::clone(&self.session);
        let taking = Taking { run: &id, worker: None };
        let lock = take(&session, taking, &mut |sql, values| self.list(sql, values))?;
        self.subjects.begin(number);
        Ok((id, lock))
    }

    fn move_run(
        &mut self,
        run: &RunId,
        to: RunMove<'_>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        // A finished run is reopened to be started, so a refusal leaves it finished.
        if matches!(to, RunMove::Start | RunMove::Reopen) {
            self.take_turn(run)?;
        }
        self.fence(run);
        let from = self.run_state(run)?;
        let state = to.leads_to();
        if !to.starts_from().contains(&from) {
            let wanted = state.word();
            return Err(JournalError::WrongState { run: run.clone(), state: from, wanted });
        }
        let stamp = match to.sets() {
            RunTime::Sealed => "sealed_at = coalesce(sealed_at, $2)",
            RunTime::Started => "started_at = coalesce(started_at, $2)",
            RunTime::Ended => "ended_at = $2",
        };
        let update =
            format!("UPDATE runs SET state = $1, {stamp}, stop = $3 WHERE run = $4 AND state = $5");
        let why = to.why().map(text);
        let values = values![state.word(), at.to_string(), why, run.number(), from.word()];
        let moved = self.write(&update, values)?;
        debug_assert_eq!(moved, 1, "the line is locked");
        self.leave_queue(run, to)?;
        if from == RunState::Draft {
            self.subjects.end();
            self.write("DELETE FROM draft_names WHERE run = $1", values![run.number()])?;
        }
        Ok(())
    }

    fn add_act(&mut self, run: &RunId, act: &Act) -> Result<(), JournalError> {
        self.fence(run);
        self.write(
            "INSERT INTO acts (run, act, did, actor, name, at, note, plan)
             SELECT $1, coalesce(max(act), 0) + 1, $2, $3, $4, $5, $6, $7 FROM acts WHERE run = $1",
            values![
                run.number(),
                act.did.word(),
                act.by.id.as_deref().map(text),
                text(&act.by.name),
                act.at.to_string(),
                act.note.as_deref().map(text),
                act.plan.clone(),
            ],
        )
        .map(drop)
    }

    fn require_approvals(&mut self, run: &RunId, approvals: u32) -> Result<(), JournalError> {
        self.fence(run);
        let values = values![i64::from(approvals), run.number(), RunState::Draft.word()];
        self.write("UPDATE runs SET approvals = $1 WHERE run = $2 AND state = $3", values).map(drop)
    }

    fn remove_draft(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.subjects.end();
        self.fence(run);
        let values = values![run.number(), RunState::Draft.word()];
        if self.write("DELETE FROM runs WHERE run = $1 AND state = $2", values)? == 0 {
            return Ok(());
        }
        self.send(parts_of(run)).map(drop)
    }

    fn remove_run(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.fence(run);
        let mut calls = parts_of(run);
        calls.push(Call { sql: "DELETE FROM runs WHERE run = $1", values: values![run.number()] });
        self.send(calls).map(drop)
    }

    fn add_options(&mut self, run: &RunId, more: &Json) -> Result<(), JournalError> {
        self.fence(run);
        let options = "SELECT options FROM runs WHERE run = $1 FOR UPDATE";
        let rows = self.list(options, values![run.number()])?;
        let Some(row) = rows.first() else { return Ok(()) };
        let mut options: Json = parsed(value(row, 0)?)?;
        merge(&mut options, more);
        let update = "UPDATE runs SET options = $1 WHERE run = $2";
        self.write(update, values![options.to_string(), run.number()]).map(drop)
    }
}

impl PostgresTransaction<'_> {
    /// Takes out of the queue what no worker may continue after a move.
    fn leave_queue(&mut self, run: &RunId, to: RunMove<'_>) -> Result<(), JournalError> {
        let own = "DELETE FROM queue WHERE run = $1";
        // Only a worker leaves its run in the queue when it starts it: if the worker dies, the next one continues.
        let without_worker = "DELETE FROM queue WHERE run = $1 AND NOT EXISTS (
            SELECT 1 FROM leases WHERE leases.run = $1 AND leases.worker IS NOT NULL
               AND leases.until > clock_timestamp())";
        // The rest of a run that is undone would appear on the site again.
        let undone = "DELETE FROM queue WHERE run = (SELECT undoes FROM runs WHERE run = $1)";
        let deletes: &[&str] = match to {
            RunMove::Finish | RunMove::StopForReview(_) | RunMove::Cancel | RunMove::Reject(_) => {
                &[own]
            }
            RunMove::Start => &[without_worker, undone],
            RunMove::Seal | RunMove::Submit => &[undone],
            RunMove::Approve | RunMove::Stop(_) | RunMove::Reopen => &[],
        };
        let calls = deletes.iter().map(|sql| Call { sql, values: values![run.number()] });
        if deletes.is_empty() { Ok(()) } else { self.send(calls.collect()).map(drop) }
    }

    /// The state of a run, whose line is locked until the transaction ends.
    fn run_state(&mut self, run: &RunId) -> Result<RunState, JournalError> {
        let state = "SELECT state FROM runs WHERE run = $1 FOR UPDATE";
        let rows = self.list(state, values![run.number()])?;
        let row = rows.first().ok_or_else(|| JournalError::NoSuchRun(run.to_string()))?;
        let state: &str = value(row, 0)?;
        RunState::from_word(state).ok_or_else(|| JournalError::Unreadable {
            what: format!("the run state “{state}”"),
        })
    }
}

/// A JSON merge patch (RFC 7396), as SQLite's `json_patch` has it.
fn merge(target: &mut Json, patch: &Json) {
    let Json::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Json::Object(serde_json::Map::new());
    }
    let Json::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Json::Null), value);
        }
    }
}
