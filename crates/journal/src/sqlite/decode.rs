//! A line of the journal as a value. A word or a number that this program never wrote is an error,
//! never a guess.

use std::sync::Arc;

use headcount_model::door::Door;
use jiff::Timestamp;
use rusqlite::Row;

use super::read::{RowView, StepView};
use crate::error::JournalError;
use crate::run::{Run, RunId, RunState};
use headcount_model::group::GroupId;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Step, StepKind, StepState, Target, Wanted};
use headcount_model::user::AccountId;

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
        organization: row.get("organisation")?,
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

pub(crate) fn step_of(row: &Row<'_>) -> rusqlite::Result<Result<Step, JournalError>> {
    let kind: String = row.get(2)?;
    let state: String = row.get(11)?;
    let before: String = row.get(8)?;
    let wanted: String = row.get(9)?;
    let target = target_of(row, 3)?;
    let (number, first): (i64, i64) = (row.get(0)?, row.get(1)?);
    let attempts: u32 = row.get(10)?;
    let unclear: u32 = row.get(12)?;
    let sent_at = time(row, "sent_at")?;
    let needs: Option<i64> = row.get("needs")?;
    let door: Option<String> = row.get("way")?;
    let read = || -> Result<Step, JournalError> {
        let odd = |what: &str| JournalError::Unreadable { what: what.to_owned() };
        Ok(Step {
            number: number as u64,
            row: first as u64,
            kind: kind_of(&kind)?,
            door: door.as_deref().map(door_of).transpose()?,
            target,
            before: serde_json::from_str(&before).map_err(|_| odd(&before))?,
            wanted: serde_json::from_str(&wanted).map_err(|_| odd(&wanted))?,
            attempts,
            unclear,
            sent_at,
            needs: needs.map(|step| step as u64),
            state: step_state(&state)?,
        })
    };
    Ok(read())
}

fn target_of(row: &Row<'_>, at: usize) -> rusqlite::Result<Target> {
    let account: Option<String> = row.get(at)?;
    let group: Option<String> = row.get(at + 3)?;
    Ok(Target {
        account: account.and_then(|id| AccountId::parse(&id).ok()),
        mail: row.get(at + 1)?,
        name: row.get(at + 2)?,
        group: group.map(|id| GroupId::new(&id)),
        group_name: row.get(at + 4)?,
    })
}

pub(crate) fn view_of(row: &Row<'_>) -> rusqlite::Result<Result<RowView, JournalError>> {
    let kind: Option<String> = row.get(6)?;
    let outcome: Option<String> = row.get(3)?;
    let reason: Option<String> = row.get(4)?;
    let target = target_of(row, 7)?;
    let (http_status, attempts) = (row.get(12)?, row.get::<_, Option<u32>>(13)?);
    let at: Option<String> = row.get(14)?;
    let wanted: Option<String> = row.get(15)?;
    let door: Option<String> = row.get(16)?;
    let wanted: Wanted =
        wanted.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let step = kind.as_deref().and_then(StepKind::from_word).map(|kind| StepView {
        kind,
        api: None,
        target,
        gives: wanted.gives,
        notes: wanted.notes,
        http_status,
        attempts: attempts.unwrap_or(0),
        at: at.and_then(|text| text.parse().ok()),
    });
    let view = RowView {
        row: row.get::<_, i64>(0)? as u64,
        line: row.get::<_, i64>(1)? as u64,
        cells: parsed(row, "cells")?,
        outcome: None,
        reason: None,
        detail: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
        step,
    };
    let complete = || -> Result<RowView, JournalError> {
        let outcome = outcome.as_deref().map(outcome_of).transpose()?;
        let reason = reason.as_deref().map(reason_of).transpose()?;
        let door = door.as_deref().map(door_of).transpose()?;
        let api = door.map(|door| door.api());
        let step = view.step.map(|step| StepView { api, ..step });
        Ok(RowView { outcome, reason, step, ..view })
    };
    Ok(complete())
}

pub(crate) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|_| foreign(&format!("the time “{text}”")))).transpose()
}

pub(crate) fn parsed<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| foreign(&format!("in “{column}” {text}")))
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

/// The kind of a word in the journal.
pub(crate) fn kind_of(word: &str) -> Result<StepKind, JournalError> {
    StepKind::from_word(word)
        .ok_or_else(|| JournalError::Unreadable { what: format!("the step “{word}”") })
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
