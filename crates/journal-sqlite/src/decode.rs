//! A line of the journal as a value. A word or a number that this program never wrote is an error,
//! never a guess.

use std::cell::OnceCell;
use std::sync::Arc;

use headcount_model::door::Door;
use jiff::Timestamp;
use rusqlite::{Row, RowIndex};

use headcount_journal::{JournalError, RowView, Run, RunId, RunState, StepView};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Named, Payload, Step, StepState};

use super::store::SqliteStore;

pub(crate) fn run_of(row: &Row<'_>) -> rusqlite::Result<Run> {
    let number: i64 = row.get("run")?;
    let created_at = time(row, "created_at")?.unwrap_or(Timestamp::UNIX_EPOCH);
    let job: String = row.get("job")?;
    let state: String = row.get("state")?;
    let undoes = row.get::<_, Option<i64>>("undoes")?;
    Ok(Run {
        id: RunId::new(number, created_at),
        job: Job::from_command(&job).ok_or_else(|| foreign(&format!("the job “{job}”")))?,
        state: RunState::from_word(&state)
            .ok_or_else(|| foreign(&format!("the state “{state}”")))?,
        site: row.get("site")?,
        organization: row.get("organization")?,
        profile: row.get("profile")?,
        input: row.get("input")?,
        headings: parsed(row, "headings")?,
        options: parsed(row, "options")?,
        undoes: undoes.zip(time(row, "undone_at")?).map(|(number, at)| RunId::new(number, at)),
        created_at,
        sealed_at: time(row, "sealed_at")?,
        started_at: time(row, "started_at")?,
        ended_at: time(row, "ended_at")?,
        stop: row.get("stop")?,
        doors: parsed(row, "doors")?,
    })
}

/// The doors of a run, by their numbers in it: a handful, read once a page, when the first is asked for.
pub(crate) struct Doors<'s> {
    store: &'s SqliteStore,
    run: i64,
    read: OnceCell<Vec<(i64, Arc<Door>)>>,
}

impl<'s> Doors<'s> {
    pub(crate) fn new(store: &'s SqliteStore, run: &RunId) -> Self {
        Self { store, run: run.number(), read: OnceCell::new() }
    }

    fn get(&self, number: Option<i64>) -> Result<Option<Arc<Door>>, JournalError> {
        let Some(number) = number else { return Ok(None) };
        let doors = match self.read.get() {
            Some(doors) => doors,
            None => {
                let doors = self.read()?;
                self.read.get_or_init(|| doors)
            }
        };
        let found = doors.iter().find(|(known, _)| *known == number);
        Ok(found.map(|(_, door)| Arc::clone(door)))
    }

    fn read(&self) -> Result<Vec<(i64, Arc<Door>)>, JournalError> {
        let read: Vec<(i64, String)> =
            self.store.list("SELECT door, value FROM doors WHERE run = ?", [self.run], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        read.into_iter().map(|(number, value)| Ok((number, door_of(&value)?))).collect()
    }
}

/// A step of the columns of [`super::steps::columns`], the first of which is column `at` of the row.
/// Columns are read by place, not by name: names would be compared for every cell of every row.
pub(crate) fn step_of(
    row: &Row<'_>,
    at: usize,
    doors: &Doors<'_>,
) -> rusqlite::Result<Result<Step, JournalError>> {
    let named = |column| -> rusqlite::Result<Option<Named>> {
        Ok(row.get::<_, Option<String>>(column)?.map(|text| Named::new(&text)))
    };
    let step = Step {
        number: row.get::<_, i64>(at)? as u64,
        row: row.get::<_, i64>(at + 1)? as u64,
        kind: row.get(at + 2)?,
        payload: Payload { own: row.get(at + 3)?, common: row.get(at + 4)? },
        unseen: row.get(at + 5)?,
        given: named(at + 6)?,
        named: named(at + 7)?,
        attempts: row.get(at + 8)?,
        unclear: row.get(at + 10)?,
        needs: row.get::<_, Option<i64>>(at + 11)?.map(|step| step as u64),
        door: None,
        sent_by: time(row, at + 13)?,
        state: StepState::Pending,
    };
    let door = doors.get(row.get(at + 12)?);
    let state = step_state(row.get_ref(at + 9)?.as_str()?);
    let complete = || Ok(Step { door: door?, state: state?, ..step });
    Ok(complete())
}

/// A row of the columns of [`super::rows::rows_sql`].
pub(crate) fn view_of(
    row: &Row<'_>,
    doors: &Doors<'_>,
) -> rusqlite::Result<Result<RowView, JournalError>> {
    let outcome: Option<String> = row.get(3)?;
    let reason: Option<String> = row.get(4)?;
    let is_planned = row.get::<_, Option<i64>>(8)?.is_some();
    let step = is_planned.then(|| step_of(row, 8, doors)).transpose()?;
    let (http_status, at) = (row.get(6)?, time(row, 7)?);
    let view = RowView {
        row: row.get::<_, i64>(0)? as u64,
        line: row.get::<_, i64>(1)? as u64,
        cells: parsed(row, 2)?,
        outcome: None,
        reason: None,
        detail: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
        step: None,
    };
    let complete = || -> Result<RowView, JournalError> {
        let outcome = outcome.as_deref().map(outcome_of).transpose()?;
        let reason = reason.as_deref().map(reason_of).transpose()?;
        let step = step.transpose()?.map(|step| StepView { step, http_status, at });
        Ok(RowView { outcome, reason, step, ..view })
    };
    Ok(complete())
}

pub(crate) fn time(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<Timestamp>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|_| foreign(&format!("the time “{text}”")))).transpose()
}

pub(crate) fn parsed<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: impl RowIndex,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|_| foreign(&format!("the list {text}")))
}

/// A value this program never wrote.
fn foreign(what: &str) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(what.to_owned().into())
}

pub(crate) fn outcome_of(word: &str) -> Result<Outcome, JournalError> {
    Outcome::from_word(word)
        .ok_or_else(|| JournalError::Unreadable { what: format!("the outcome “{word}”") })
}

pub(crate) fn reason_of(word: &str) -> Result<Reason, JournalError> {
    Reason::from_word(word)
        .ok_or_else(|| JournalError::Unreadable { what: format!("the reason “{word}”") })
}

/// A door that this program wrote.
pub(crate) fn door_of(text: &str) -> Result<Arc<Door>, JournalError> {
    serde_json::from_str(text)
        .map(Arc::new)
        .map_err(|_| JournalError::Unreadable { what: format!("the door {text}") })
}

/// The state of a word in the journal.
pub(crate) fn step_state(word: &str) -> Result<StepState, JournalError> {
    match word {
        "pending" => Ok(StepState::Pending),
        "started" => Ok(StepState::Started),
        "settled" => Ok(StepState::Settled),
        _ => Err(JournalError::Unreadable { what: format!("the step state “{word}”") }),
    }
}

pub(crate) fn state_word(state: StepState) -> &'static str {
    match state {
        StepState::Pending => "pending",
        StepState::Started => "started",
        StepState::Settled => "settled",
    }
}
