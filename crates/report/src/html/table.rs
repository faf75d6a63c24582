//! The table of all rows: the outcome first, then the cells of the file.

use std::borrow::Cow;

use headcount_journal::{RowView, Run};
use headcount_model::outcome::{Counts, Outcome};
use headcount_model::rows::Rows;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::page::{MEANINGS, of, word};
use super::text::{LONG_WORD, prose, seen, short_time};
use crate::{Subject, corrected};
use headcount_model::words::{many, thousands};

/// The most rows of the page: 20,000 rows would be 12 MB, which no browser sorts quickly. The CSV report has every row.
pub const SHOWN: usize = 1_000;

/// The heading and the tools. The tools appear only with the script.
pub fn opening(run: &Run, counts: &Counts) -> Markup {
    html! {
            @let is_cut = counts.rows > SHOWN as u64;
            h2 #rows tabindex="-1" {
                @if is_cut { "The first " (thousands(SHOWN as u64)) " of " (thousands(counts.rows)) " rows" }
                @else { "All rows" }
            }
            @if is_cut {
                p {
                    strong { "The report as CSV or XLSX has every row" } ": download it from the run's page, or "
                    code { "headcount run report " (run.id.as_str()) " -o report.csv" } "."
                }
            }
            p.faint {
                "The outcome of each row, the columns of " bdi { (seen(&run.input)) }
                @if !corrected(run).is_empty() { ", as corrected on the page" }
                ", then the site's answer and its ids."
            }
            div #tools hidden {
                label {
                    "Find " input #find type="search" autocomplete="off" placeholder="name, email, group, reason";
                }
                div.chips role="group" aria-label="Outcomes to show" {
                    @for (outcome, _) in MEANINGS {
                        @let count = of(counts, outcome);
                        @if count > 0 {
                            label.chip {
                                input type="checkbox" checked value=(word(outcome));
                                span.dot.(word(outcome)) {}
                                (word(outcome)) " " (thousands(count))
                            }
                        }
                    }
                }
                p #shown role="status" {}
            }
    }
}

/// The rows that need attention, in words; the table of all rows has the machine's columns.
pub fn problems(run: &Run, all: u64, rows: &[RowView]) -> Markup {
    let corrected = corrected(run);
    html! {
        section aria-labelledby="problems" {
            h2 #problems { "Rows that need attention" }
            p.faint {
                (many(all, "row")) ": not applied, or not known to be applied."
                @if all > rows.len() as u64 {
                    " These are the first " (thousands(rows.len() as u64)) "; the CSV report has every row."
                }
            }
            div.scroll role="region" aria-label="Rows that need attention" tabindex="0" {
                table {
                    thead {
                        tr {
                            th.number scope="col" { "Row" }
                            th scope="col" { "Outcome" }
                            th scope="col" { "Why" }
                            @for heading in &run.headings { th.own scope="col" { bdi { (seen(heading)) } } }
                        }
                    }
                    tbody { @for row in rows { (problem(run, &corrected, row)) } }
                }
            }
        }
    }
}

/// Marks a row whose cells are not those of the file.
fn mark() -> Markup {
    html! { " " span.mark { "corrected on the page" } }
}

fn problem(run: &Run, corrected: &Rows, row: &RowView) -> Markup {
    let outcome = word(row.outcome);
    html! {
        tr.(outcome) {
            td.number { (row.row) }
            td.nowrap { span.dot.(outcome) {} (outcome) }
            td.detail {
                @if let Some(reason) = row.reason { strong { (reason.meaning()) } br; }
                (prose(&row.detail))
                @if corrected.contains(row.row) { (mark()) }
            }
            @for column in 0..run.headings.len() {
                (own(&cell(&row.cells, column, run.headings.len())))
            }
        }
    }
}

/// The headings.
pub fn head(run: &Run) -> Markup {
    html! {
        thead {
            tr {
                th.number scope="col" { "Row" }
                th scope="col" { "Outcome" }
                th scope="col" { "Reason" }
                th scope="col" { "What happened" }
                @for heading in &run.headings { th.own scope="col" { bdi { (seen(heading)) } } }
                th.number scope="col" { "HTTP" }
                th.number scope="col" { "Sent" }
                th scope="col" { "Account id" }
                th scope="col" { "Group id" }
                th scope="col" { "At" }
            }
        }
    }
}

/// One row. Missing cells are filled up, and extra ones are joined to the last, so that columns stay
/// aligned.
pub fn row(
    run: &Run,
    subject: &Subject,
    zone: &TimeZone,
    corrected: &Rows,
    row: &RowView,
) -> Markup {
    let step = row.step.as_ref();
    let about = (subject.of_row)(row);
    // A row that was never sent may have the step of the row that it repeats.
    let sent = step.filter(|_| row.outcome != Some(Outcome::Skipped));
    let outcome = word(row.outcome);
    html! {
        tr.(outcome) {
            td.number { (row.row) }
            td.nowrap { span.dot.(outcome) {} (outcome) }
            td.nowrap { @if let Some(reason) = row.reason { code { (reason.word()) } } }
            td.detail {
                (prose(&row.detail))
                @if corrected.contains(row.row) { (mark()) }
                // It may be the wrong user, even after the change.
                @if let Some(doubt) = about.doubt.filter(|_| sent.is_some()) { " " span.mark { (doubt) } }
            }
            @for column in 0..run.headings.len() {
                (own(&cell(&row.cells, column, run.headings.len())))
            }
            td.number { @if let Some(status) = sent.and_then(|step| step.http_status) { (status) } }
            td.number { @if let Some(step) = sent { (step.step.attempts) } }
            td.id { (seen(about.account_id.as_deref().unwrap_or_default())) }
            td.id { (seen(about.group_id.as_deref().unwrap_or_default())) }
            td.nowrap { @if let Some(at) = sent.and_then(|step| step.at) { (short_time(at, zone)) } }
        }
    }
}

/// A cell of the input. An email address stays on one line.
fn own(cell: &str) -> Markup {
    let is_long = cell.split_whitespace().any(|word| word.chars().count() > LONG_WORD);
    let is_whole = !is_long && !cell.trim().contains(char::is_whitespace);
    html! { td.own.long[is_long].nowrap[is_whole] { bdi { (seen(cell)) } } }
}

fn cell(cells: &[String], column: usize, columns: usize) -> Cow<'_, str> {
    match cells.get(column) {
        None => Cow::Borrowed(""),
        Some(_) if column + 1 == columns && cells.len() > columns => {
            Cow::Owned(cells[column..].join(", "))
        }
        Some(cell) => Cow::Borrowed(cell),
    }
}
