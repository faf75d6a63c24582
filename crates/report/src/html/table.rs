//! Every row: what became of it first, then what the sheet said.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::page::{MEANINGS, of, word};
use super::text::{many, number, seen, short_time};
use crate::corrected;
use headcount_journal::{RowView, Run};
use headcount_model::outcome::{Counts, Outcome};
use headcount_model::rows::Rows;
use headcount_model::step::Note;

/// The heading and the tools, which only the script shows.
pub fn opening(run: &Run, counts: &Counts) -> Markup {
    html! {
            h2 #rows tabindex="-1" { "Every row" }
            p.faint {
                "First what became of a row, then the columns of " bdi { (seen(&run.input)) }
                @if !corrected(run).is_empty() { ", as corrected on the page" }
                ", then what the site answered and its ids."
            }
            div #tools hidden {
                label {
                    "Find " input #find type="search" autocomplete="off" placeholder="name, e-mail, group, reason";
                }
                div.chips role="group" aria-label="Outcomes to show" {
                    @for (outcome, _) in MEANINGS {
                        @let count = of(counts, outcome);
                        @if count > 0 {
                            label.chip {
                                input type="checkbox" checked value=(word(outcome));
                                span.dot.(word(outcome)) {}
                                (word(outcome)) " " (number(count))
                            }
                        }
                    }
                }
                p #shown role="status" {}
            }
    }
}

/// Those rows that somebody must look at, in words: the machine's part stands with all rows.
pub fn problems(run: &Run, all: u64, rows: &[RowView]) -> Markup {
    let corrected = corrected(run);
    html! {
        section aria-labelledby="problems" {
            h2 #problems { "Rows to look at" }
            p.faint {
                (many(all, "row")) ": not done, or not known to be done."
                @if all > rows.len() as u64 {
                    " Here are the first " (number(rows.len() as u64)) "; all stand under “Every row”."
                }
            }
            div.scroll role="region" aria-label="Rows to look at" tabindex="0" {
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
                bdi { (seen(&row.detail)) }
                @if corrected.contains(row.row) { (mark()) }
            }
            @for column in 0..run.headings.len() {
                td.own { bdi { (seen(&cell(&row.cells, column, run.headings.len()))) } }
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

/// One row. One that has fewer cells than there are headings is filled up, and what it has more
/// stands with its last cell, so that columns stay in line.
pub fn row(run: &Run, zone: &TimeZone, corrected: &Rows, row: &RowView) -> Markup {
    let step = row.step.as_ref();
    // A row that was never sent may know the step of the row that did the same.
    let sent = step.filter(|_| row.outcome != Some(Outcome::Skipped));
    let outcome = word(row.outcome);
    let id = |id: Option<&str>| id.unwrap_or_default().to_owned();
    html! {
        tr.(outcome) {
            td.number { (row.row) }
            td.nowrap { span.dot.(outcome) {} (outcome) }
            td.nowrap { @if let Some(reason) = row.reason { code { (reason.word()) } } }
            td.detail {
                bdi { (seen(&row.detail)) }
                @if corrected.contains(row.row) { (mark()) }
                // Of a person it may be the wrong one, also once it is done.
                @if sent.is_some_and(|step| step.notes.contains(&Note::OtherName)) {
                    " " span.mark { (Note::OtherName.words()) }
                }
            }
            @for column in 0..run.headings.len() {
                td.own { bdi { (seen(&cell(&row.cells, column, run.headings.len()))) } }
            }
            td.number { @if let Some(status) = sent.and_then(|step| step.http_status) { (status) } }
            td.number { @if let Some(step) = sent { (step.attempts) } }
            td.id { (seen(&id(step.and_then(|step| step.target.account.as_ref()).map(|id| id.as_str())))) }
            td.id { (seen(&id(step.and_then(|step| step.target.group.as_ref()).map(|id| id.as_str())))) }
            td.nowrap { @if let Some(at) = sent.and_then(|step| step.at) { (short_time(at, zone)) } }
        }
    }
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
