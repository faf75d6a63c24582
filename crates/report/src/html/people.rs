//! The users and groups of the run by name, in a few lines, because readers want to know them first. Only the first ones
//! are named; the table has every row.

use headcount_journal::{Filter, Journal, Page, ReasonCount, RowView, Run, RunState};
use headcount_model::outcome::{Counts, Outcome};
use maud::{Markup, html};

use super::text::prose;
use crate::{ReportError, Subject};
use headcount_model::words::{many, thousands};

/// Most names in a line.
const NAMED: usize = 12;

/// The text instead of names for rows that only repeat another.
const REPEATED: &str = "duplicates of other rows, listed there";

/// Most rows that are read to find the names.
const LOOKED_THROUGH: u64 = 200;

/// A line: an outcome, its number of rows, and the first names.
pub struct Line {
    words: &'static str,
    rows: u64,
    names: Vec<String>,
    /// How many rows are not among the names.
    more: u64,
}

/// Reads the lines, changed rows first.
pub fn read(
    journal: &Journal,
    run: &Run,
    subject: &Subject,
    counts: &Counts,
    reasons: &[ReasonCount],
) -> Result<Vec<Line>, ReportError> {
    let find = |outcome| {
        let filter = Filter { outcome: Some(outcome), ..Filter::default() };
        journal.find_rows(&run.id, &filter, Page::skip(0, LOOKED_THROUGH))
    };
    let changed = find(Some(Outcome::Changed))?;
    let (from, to) = (changed.first(), changed.last());
    let back = match from.zip(to) {
        Some((from, to)) => journal.rows_taken_back(&run.id, from.row, to.row)?,
        None => Vec::new(),
    };
    let is_back = |row: &RowView| back.binary_search_by_key(&row.row, |(row, _)| *row).is_ok();
    let (back, standing): (Vec<_>, Vec<_>) = changed.into_iter().partition(is_back);
    let taken: u64 = journal.taken_back(&run.id)?.iter().map(|taken| taken.rows).sum();
    let mut lines = vec![
        line(subject, subject.done, counts.changed.saturating_sub(taken), &standing),
        line(subject, "Applied, and undone later", taken, &back),
    ];
    let told = |outcome, rows, words| match rows {
        0 => Ok::<_, ReportError>(line(subject, words, 0, &[])),
        rows => Ok(line(subject, words, rows, &find(outcome)?)),
    };
    let [left_out, repeated] = skipped(journal, run, subject, reasons)?;
    lines.extend([
        told(Some(Outcome::Failed), counts.failed, "Failed")?,
        told(Some(Outcome::Unknown), counts.unknown, "Sent, effect unknown")?,
        left_out,
        told(Some(Outcome::Unchanged), counts.unchanged, "Already in the wanted state")?,
        told(None, counts.pending, pending(run))?,
        repeated,
    ]);
    lines.retain(|line| line.rows > 0);
    Ok(lines)
}

/// Skipped rows, apart from those that only repeat another one, because their users were not
/// skipped.
fn skipped(
    journal: &Journal,
    run: &Run,
    subject: &Subject,
    reasons: &[ReasonCount],
) -> Result<[Line; 2], ReportError> {
    let of = |harmless: bool| {
        let is_one = move |reason: &&ReasonCount| {
            reason.outcome == Outcome::Skipped && reason.reason.harmless() == harmless
        };
        let (mut rows, mut found) = (0, Vec::new());
        for why in reasons.iter().filter(is_one) {
            let filter = Filter { reason: Some(why.reason), ..Filter::default() };
            rows += why.rows;
            found.extend(journal.find_rows(&run.id, &filter, Page::skip(0, LOOKED_THROUGH))?);
        }
        found.sort_by_key(|row| row.row);
        Ok::<_, ReportError>((rows, found))
    };
    let (left_out, found) = of(false)?;
    let (repeats, _) = of(true)?;
    Ok([
        line(subject, "Skipped", left_out, &found),
        Line { words: "Duplicates", rows: repeats, names: Vec::new(), more: 0 },
    ])
}

fn line(subject: &Subject, words: &'static str, rows: u64, found: &[RowView]) -> Line {
    let (mut names, mut told) = (Vec::new(), 0);
    for row in found {
        let name = name(subject, row);
        if !names.contains(&name) {
            if names.len() == NAMED {
                break;
            }
            names.push(name);
        }
        told += 1;
    }
    Line { words, rows, names, more: rows.saturating_sub(told) }
}

/// The user or group of a row: the site's name, or else the file's.
fn name(subject: &Subject, row: &RowView) -> String {
    (subject.of_row)(row).name.unwrap_or_else(|| {
        let cells = row.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        cells.take(2).collect::<Vec<_>>().join(", ")
    })
}

/// The name for rows without an outcome.
pub fn pending(run: &Run) -> &'static str {
    match run.state {
        RunState::Draft | RunState::Sealed | RunState::Unapproved => "Planned, not sent yet",
        RunState::Cancelled | RunState::Rejected => "Never sent",
        _ => "Not sent yet",
    }
}

/// The lines.
pub fn lines(lines: &[Line]) -> Markup {
    html! {
        dl.who {
            @for line in lines {
                div {
                    dt { (line.words) " (" (many(line.rows, "row")) ")" }
                    dd {
                        @for (at, name) in line.names.iter().enumerate() {
                            @if at > 0 { "; " }
                            (prose(name))
                        }
                        @if line.more > 0 { "; and " (thousands(line.more)) " more" }
                        @if line.names.is_empty() && line.more == 0 { (REPEATED) }
                    }
                }
            }
        }
    }
}
