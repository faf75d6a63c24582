//! The differences between a list and the site: as a table, CSV or JSON.

use std::io::Write;

use headcount_app::failure::{Failure, USAGE};
use headcount_app::sync::Compared;
use headcount_app::words::runs::recent_words;
use headcount_app::words::{clean, many};
use headcount_journal::RowView;
use headcount_model::outcome::Outcome;
use headcount_people::jobs::Action;
use headcount_people::sync::HEADINGS;
use headcount_sheet::safe;
use serde_json::{Map, Value, json};

use super::output;
use crate::args::CheckFormat;
use crate::context::Context;

/// The cells of a difference, by name.
struct Cells<'r> {
    action: &'r str,
    user: &'r str,
    what: &'r str,
    list: &'r str,
    note: &'r str,
}

/// Writes the differences to standard output. Returns whether list and site agree.
pub fn write(compared: &Compared, format: CheckFormat, context: &Context) -> Result<bool, Failure> {
    // A row that is already in the wanted state is no difference.
    let is_open = |row: &&RowView| row.outcome != Some(Outcome::Unchanged);
    let rows: Vec<&RowView> = compared.rows.iter().filter(is_open).collect();
    let mut out = output::standard();
    match format {
        _ if context.json => json(&mut out, compared, &rows)?,
        CheckFormat::Table => table(&mut out, &rows)?,
        CheckFormat::Csv => csv(&mut out, &rows)?,
        CheckFormat::Json => json(&mut out, compared, &rows)?,
    }
    out.flush()?;
    let listed = many(compared.drafted.listed, "user");
    context.say(match rows.len() as u64 {
        0 => format!("The site and the list agree: {listed}. Nothing was sent."),
        found => format!("{} to a list of {listed}. Nothing was sent.", many(found, "difference")),
    });
    if let Some(words) = recent_words(&compared.drafted) {
        context.say(format!("{words}."));
    }
    Ok(rows.is_empty())
}

fn cell(row: &RowView, at: usize) -> &str {
    row.cells.get(at).map_or("", String::as_str)
}

/// The app that a user gets or loses. The apps of a new user are not shown.
fn product(row: &RowView) -> &str {
    let is_of_app =
        [Action::Grant, Action::Revoke].iter().any(|action| action.word() == cell(row, 0));
    if is_of_app { cell(row, 5) } else { "" }
}

fn first<const N: usize>(cells: [&str; N]) -> &str {
    cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default()
}

impl<'r> Cells<'r> {
    fn of(row: &'r RowView) -> Self {
        Self {
            action: cell(row, 0),
            user: first([cell(row, 1), cell(row, 2)]),
            what: first([cell(row, 3), cell(row, 4), product(row)]),
            list: cell(row, 7),
            note: &row.detail,
        }
    }

    fn columns(&self) -> [&'r str; 4] {
        [self.action, self.user, self.what, self.list]
    }
}

fn table(out: &mut dyn Write, rows: &[&RowView]) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    let headings = ["action", "user", "group or product", "list"].map(ToOwned::to_owned);
    let mut lines = vec![(headings, "note".to_owned())];
    for row in rows {
        let cells = Cells::of(row);
        lines.push((
            cells.columns().map(|text| clean(text).into_owned()),
            clean(cells.note).into_owned(),
        ));
    }
    let width = |at: usize| {
        lines.iter().map(|(cells, _)| textwrap::core::display_width(&cells[at])).max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    for (cells, note) in &lines {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            let room = width.saturating_sub(textwrap::core::display_width(cell));
            line += cell;
            line += &" ".repeat(room + 2);
        }
        line += note;
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn csv(out: &mut dyn Write, rows: &[&RowView]) -> Result<(), Failure> {
    let unwritable = |error: csv::Error| {
        Failure::new(USAGE, "the differences cannot be written").because(&error)
    };
    let mut csv = csv::Writer::from_writer(out);
    let more = ["outcome", "reason", "detail"];
    csv.write_record(HEADINGS.iter().chain(&more)).map_err(unwritable)?;
    for row in rows {
        let cells = row.cells.iter().map(|cell| safe(cell).into_owned());
        let more =
            [outcome(row).to_owned(), reason(row).to_owned(), safe(&row.detail).into_owned()];
        csv.write_record(cells.chain(more)).map_err(unwritable)?;
    }
    Ok(csv.flush()?)
}

/// `planned`, or the outcome of a difference that headcount leaves as it is.
fn outcome(row: &RowView) -> &'static str {
    row.outcome.map_or("planned", Outcome::word)
}

fn reason(row: &RowView) -> &'static str {
    row.reason.map_or("", headcount_model::reason::Reason::word)
}

fn json(out: &mut dyn Write, compared: &Compared, rows: &[&RowView]) -> Result<(), Failure> {
    let name = |heading: &str| match heading {
        "User id" => "accountId".to_owned(),
        other => other[..1].to_lowercase() + &other[1..],
    };
    let difference = |row: &&RowView| {
        let cells = HEADINGS.iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty());
        let mut object: Map<String, Value> =
            cells.map(|(heading, cell)| (name(heading), json!(cell))).collect();
        object.insert("outcome".to_owned(), json!(outcome(row)));
        if !reason(row).is_empty() {
            object.insert("reason".to_owned(), json!(reason(row)));
            object.insert("detail".to_owned(), json!(row.detail));
        }
        Value::Object(object)
    };
    let found: Vec<Value> = rows.iter().map(difference).collect();
    let all = json!({
        "v": 1,
        "agrees": found.is_empty(),
        "listed": compared.drafted.listed,
        "concerned": compared.drafted.concerned,
        "recent": compared.drafted.recent.iter().map(|(_, rows)| rows).sum::<u64>(),
        "differences": found,
    });
    Ok(writeln!(out, "{all}")?)
}
