//! The report as one JSON object: the run first, then its rows.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::columns::{added_headings, added_values, page_of_rows};
use super::{ReportError, Subject};
use headcount_journal::{Act, Did, Journal, RowView, Run};

/// Writes `{"v":1,"run":…,"job":…,"site":…,…,"counts":{…},"rows":[{…},…]}`. Every row has the
/// input's cells under `input` (an array in the order of `headings`: headings can repeat) and the
/// added columns by name.
pub fn write_json(
    journal: &Journal,
    run: &Run,
    subject: &Subject,
    mut out: impl Write,
) -> Result<(), ReportError> {
    let head = json!({
        "v": 1,
        "run": run.id.as_str(),
        "job": run.job.command(),
        "site": run.site,
        "profile": run.profile,
        "state": run.state.word(),
        "input": run.input,
        "undoes": run.undoes.as_ref().map(|undone| undone.as_str()),
        "planned_at": run.sealed_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "stop": run.stop,
        "approvals_needed": run.approvals,
        "acts": run.acts.iter().map(act).collect::<Vec<_>>(),
        "headings": run.headings,
        "counts": journal.counts(&run.id)?,
        "taken_back": taken_back(journal, run)?,
    });
    let head = head.to_string();
    // The object is left open for its rows, which are streamed.
    let open = head.strip_suffix('}').unwrap_or(&head);
    write!(out, "{open},\"rows\":[").map_err(ReportError::Write)?;
    let names = added_headings(&[]);
    let (mut after, mut first) = (0, true);
    loop {
        let page = page_of_rows(journal, run, after)?;
        let Some(last) = page.last() else { break };
        after = last.row;
        for row in &page {
            let mut object = Map::new();
            object.insert("input".into(), json!(row.cells));
            for (name, value) in names.iter().zip(added_values(run, subject, row)) {
                object.insert(name.clone(), typed(name, value));
            }
            if let Some(record) = record(journal, run, row)? {
                object.insert("record".into(), record);
            }
            let comma = if first { "\n" } else { ",\n" };
            first = false;
            write!(out, "{comma}{}", Value::Object(object)).map_err(ReportError::Write)?;
        }
    }
    writeln!(out, "\n]}}").and_then(|()| out.flush()).map_err(ReportError::Write)
}

/// Who did something with the run.
fn act(act: &Act) -> Value {
    json!({
        "did": act.did.word(),
        "by": act.by.name,
        "account_id": act.by.id,
        "at": act.at,
        "why": act.note,
    })
}

/// The executor's records of the row's requests, if it keeps any, as for collections.
fn record(journal: &Journal, run: &Run, row: &RowView) -> Result<Option<Value>, ReportError> {
    let Some(step) = &row.step else { return Ok(None) };
    let records = journal.records(&run.id, step.step.number)?;
    let mut record: Option<Value> = records.last().and_then(|it| serde_json::from_str(it).ok());
    if let Some(Value::Object(record)) = &mut record {
        // What the next row goes on with is no report.
        record.remove("state");
    }
    Ok(record)
}

/// The later undos that reversed rows, with counts.
fn taken_back(journal: &Journal, run: &Run) -> Result<Value, ReportError> {
    let taken = journal.taken_back(&run.id)?;
    let mut all = Vec::new();
    for taken in taken {
        let undo = journal.run(taken.by.as_str())?;
        let by = undo.who(Did::Planned).map(|by| by.name.as_str());
        all.push(json!({ "run": taken.by.as_str(), "rows": taken.rows, "by": by }));
    }
    Ok(all.into())
}

/// A cell as JSON: a number stays a number, and an unknown value is null.
fn typed(name: &str, value: String) -> Value {
    match name {
        _ if value.is_empty() => Value::Null,
        "row" | "http_status" | "attempts" => value.parse::<u64>().map_or(Value::Null, Value::from),
        _ => Value::String(value),
    }
}
