//! Decodes the journal's columns. A word or a number that this program never wrote is an error, never a guess.

use jiff::Timestamp;
use rusqlite::{Row, RowIndex};

use headcount_journal::{Act, ActText, Run, RunId, RunState};
use headcount_model::job::Job;

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
        approvals: row.get("approvals")?,
        acts: acts_of(row)?,
    })
}

fn acts_of(row: &Row<'_>) -> rusqlite::Result<Vec<Act>> {
    let read: Vec<ActText> = parsed(row, "acts")?;
    read.into_iter().map(|act| Act::try_from(act).map_err(|what| foreign(&what))).collect()
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
