//! A line of the journal as a value. A word or a number that this program never wrote is an error, never a guess.

use headcount_journal::decode::{outcome_of, reason_of, step_state};
use headcount_journal::{
    Act, ActText, Doors, JournalError, RowView, Run, RunId, RunState, StepView,
};
use headcount_model::job::Job;
use headcount_model::step::{Named, Payload, Step};
use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::connection::{Connection, values};
use super::error::failed;

/// The value of a column. Columns are read by place.
pub(crate) fn value<'r, T: FromSql<'r>>(row: &'r Row, at: usize) -> Result<T, JournalError> {
    row.try_get(at).map_err(failed("be read"))
}

/// A run of the columns of [`super::runs`].
pub(crate) fn run_of(row: &Row) -> Result<Run, JournalError> {
    let number: i64 = value(row, 0)?;
    let created_at = time(row, 10)?.unwrap_or(Timestamp::UNIX_EPOCH);
    let (job, state): (&str, &str) = (value(row, 1)?, value(row, 2)?);
    let undoes = value::<Option<i64>>(row, 9)?;
    Ok(Run {
        id: RunId::new(number, created_at),
        job: Job::from_command(job).ok_or_else(|| foreign(&format!("the job “{job}”")))?,
        state: RunState::from_word(state)
            .ok_or_else(|| foreign(&format!("the run state “{state}”")))?,
        site: value(row, 3)?,
        organization: value(row, 4)?,
        profile: value(row, 5)?,
        input: value(row, 6)?,
        headings: parsed(value(row, 7)?)?,
        options: parsed(value(row, 8)?)?,
        undoes: undoes.zip(time(row, 15)?).map(|(number, at)| RunId::new(number, at)),
        created_at,
        sealed_at: time(row, 11)?,
        started_at: time(row, 12)?,
        ended_at: time(row, 13)?,
        stop: value(row, 14)?,
        doors: parsed(value(row, 16)?)?,
        approvals: count_of(value(row, 17)?)?,
        acts: acts_of(value(row, 18)?)?,
    })
}

fn acts_of(text: &str) -> Result<Vec<Act>, JournalError> {
    let read: Vec<ActText> = parsed(text)?;
    read.into_iter().map(|act| Act::try_from(act).map_err(|what| foreign(&what))).collect()
}

fn count_of(count: i64) -> Result<u32, JournalError> {
    u32::try_from(count).map_err(|_| foreign(&format!("the count {count}")))
}

/// The doors of a run.
pub(crate) fn doors<'c>(connection: &'c Connection, run: &RunId) -> Doors<'c> {
    let run = run.number();
    Doors::new(move || {
        let rows = connection.list("SELECT door, value FROM doors WHERE run = $1", values![run])?;
        rows.iter().map(|row| Ok((value(row, 0)?, value(row, 1)?))).collect()
    })
}

/// A step of the columns of [`super::steps::columns`], the first of which is column `at` of the row.
pub(crate) fn step_of(row: &Row, at: usize, doors: &Doors<'_>) -> Result<Step, JournalError> {
    let named = |column| -> Result<Option<Named>, JournalError> {
        Ok(value::<Option<&str>>(row, column)?.map(Named::new))
    };
    let count = |column| -> Result<u32, JournalError> { count_of(value(row, column)?) };
    Ok(Step {
        number: value::<i64>(row, at)? as u64,
        row: value::<i64>(row, at + 1)? as u64,
        kind: value::<&str>(row, at + 2)?.into(),
        payload: Payload {
            own: value::<&str>(row, at + 3)?.into(),
            common: value::<&str>(row, at + 4)?.into(),
        },
        unseen: value(row, at + 5)?,
        given: named(at + 6)?,
        named: named(at + 7)?,
        attempts: count(at + 8)?,
        state: step_state(value(row, at + 9)?)?,
        unclear: count(at + 10)?,
        needs: value::<Option<i64>>(row, at + 11)?.map(|step| step as u64),
        door: doors.get(value(row, at + 12)?)?,
        sent_by: time(row, at + 13)?,
    })
}

/// A row of the columns of [`super::rows`].
pub(crate) fn view_of(row: &Row, doors: &Doors<'_>) -> Result<RowView, JournalError> {
    let status: Option<i64> = value(row, 6)?;
    let at = time(row, 7)?;
    let step = match value::<Option<i64>>(row, 8)? {
        Some(_) => {
            let step = step_of(row, 8, doors)?;
            Some(StepView { step, http_status: status.and_then(|it| it.try_into().ok()), at })
        }
        None => None,
    };
    Ok(RowView {
        row: value::<i64>(row, 0)? as u64,
        line: value::<i64>(row, 1)? as u64,
        cells: parsed(value(row, 2)?)?,
        outcome: value::<Option<&str>>(row, 3)?.map(outcome_of).transpose()?,
        reason: value::<Option<&str>>(row, 4)?.map(reason_of).transpose()?,
        detail: value::<Option<String>>(row, 5)?.unwrap_or_default(),
        step,
    })
}

pub(crate) fn time(row: &Row, at: usize) -> Result<Option<Timestamp>, JournalError> {
    let text: Option<&str> = value(row, at)?;
    text.map(|text| text.parse().map_err(|_| foreign(&format!("the time “{text}”")))).transpose()
}

/// A time that is there.
pub(crate) fn timestamp(text: &str) -> Result<Timestamp, JournalError> {
    text.parse().map_err(|_| foreign(&format!("the time “{text}”")))
}

pub(crate) fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, JournalError> {
    serde_json::from_str(text).map_err(|_| foreign(&format!("the list {text}")))
}

/// A value this program never wrote.
fn foreign(what: &str) -> JournalError {
    JournalError::Unreadable { what: what.to_owned() }
}
