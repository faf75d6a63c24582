//! The table of rows: searched, filtered, in pages from the journal. The browser never has more
//! than one page of them.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_core::journal::{Filter, Journal, ReasonCount, RowView, Run};
use headcount_core::values::outcome::{Counts, Outcome};
use headcount_core::values::reason::Reason;
use maud::{Markup, html};
use serde::Deserialize;

use super::bar;
use crate::failure::Failure;
use crate::show::{many, plan::step_words, thousands};
use crate::web::answer::{Answer, Fault, page};
use crate::web::app::App;
use crate::web::layout::{encoded, short};

/// Rows on a page.
const ROWS: u64 = 50;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// An outcome's word, or `pending`.
    #[serde(default)]
    outcome: String,
    /// A reason's word.
    #[serde(default)]
    reason: String,
    /// A text.
    #[serde(default)]
    text: String,
    /// The page, from 1.
    #[serde(default)]
    page: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let outcome = match self.outcome.as_str() {
            "pending" => Some(None),
            word => Outcome::from_word(word).map(Some),
        };
        let reason = Reason::from_word(&self.reason);
        Filter { outcome, reason, text: self.text.chars().take(200).collect() }
    }

    fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).max(1)
    }

    /// The address of another page or filter of the same table.
    fn address(&self, run: &Run, page: u64) -> String {
        let part = |name: &str, value: &str| match value {
            "" => String::new(),
            value => format!("{name}={}&", encoded(value)),
        };
        format!(
            "/runs/{}?{}{}{}page={page}#rows",
            run.id,
            part("outcome", &self.outcome),
            part("reason", &self.reason),
            part("text", &self.text)
        )
    }
}

/// A page of the table.
pub struct Rows {
    asked: Asked,
    found: u64,
    page: u64,
    rows: Vec<RowView>,
}

/// Reads a page of the table.
pub fn read(journal: &Journal, run: &Run, counts: &Counts, asked: Asked) -> Result<Rows, Failure> {
    let filter = asked.filter();
    let found = match filter.is_empty() {
        true => counts.rows,
        false => journal.count_found(&run.id, &filter)?,
    };
    let page = asked.page().min(found.div_ceil(ROWS).max(1));
    let rows = journal.find_rows(&run.id, &filter, (page - 1) * ROWS, ROWS)?;
    Ok(Rows { asked, found, page, rows })
}

/// `GET /runs/{run}/rows`: the table alone, for the script.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let made = app
        .read(move |journal| {
            let Ok(run) = journal.run(&id) else { return Ok(None) };
            let counts = journal.counts(&run.id)?;
            let rows = read(journal, &run, &counts, asked)?;
            Ok(Some(table(&run, &rows)))
        })
        .await?;
    made.map(page).ok_or_else(|| Fault::not_found("there is no such run"))
}

/// The whole section: search, filters, table, pages.
pub fn section(run: &Run, counts: &Counts, reasons: &[ReasonCount], rows: &Rows) -> Markup {
    html! {
        section aria-labelledby="rows" {
            h2 #rows { "Row by row" }
            (form(run, counts, reasons, &rows.asked))
            div #table data-rows={ "/runs/" (run.id) "/rows" } { (table(run, rows)) }
        }
    }
}

fn form(run: &Run, counts: &Counts, reasons: &[ReasonCount], asked: &Asked) -> Markup {
    let outcomes = bar::parts(counts).into_iter().filter(|(_, many)| *many > 0);
    html! {
        form.filter method="get" action={ "/runs/" (run.id) "#rows" } role="search" {
            div.field {
                label for="text" { "Search" }
                input #text type="search" name="text" value=(asked.text) maxlength="200"
                    placeholder="a name, an address, a group" autocomplete="off" spellcheck="false";
            }
            div.field {
                label for="outcome" { "Outcome" }
                select #outcome name="outcome" {
                    option value="" { "all (" (thousands(counts.rows)) ")" }
                    @for (word, many) in outcomes {
                        option value=(word) selected[asked.outcome == word] {
                            (word) " (" (thousands(many)) ")"
                        }
                    }
                }
            }
            @if !reasons.is_empty() {
                div.field {
                    label for="reason" { "Reason" }
                    select #reason name="reason" {
                        option value="" { "all" }
                        @for reason in reasons {
                            option value=(reason.reason) selected[asked.reason == reason.reason.word()] {
                                (reason.reason) " (" (thousands(reason.rows)) ")"
                            }
                        }
                    }
                }
            }
            button.plain type="submit" { "Show" }
        }
    }
}

fn table(run: &Run, rows: &Rows) -> Markup {
    let last = rows.found.div_ceil(ROWS).max(1);
    let first = (rows.page - 1) * ROWS + 1;
    html! {
        p.found role="status" {
            @if rows.found == 0 { "No row fits." }
            @else if last == 1 { (many(rows.found, "row")) "." }
            @else {
                "Rows " (thousands(first)) " to " (thousands(first + rows.rows.len() as u64 - 1))
                " of " (thousands(rows.found)) "."
            }
        }
        @if !rows.rows.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Rows" {
                table.rows {
                    thead {
                        tr {
                            th.number scope="col" { "Row" }
                            th scope="col" { "Outcome" }
                            th scope="col" { "In your sheet" }
                            th scope="col" { "What is done" }
                            th.wider scope="col" { "Why" }
                        }
                    }
                    tbody { @for row in &rows.rows { (line(row)) } }
                }
            }
        }
        @if last > 1 {
            nav.pages aria-label="Pages of rows" {
                @if rows.page > 1 {
                    a href=(rows.asked.address(run, 1)) { "First" }
                    a href=(rows.asked.address(run, rows.page - 1)) rel="prev" { "Previous" }
                }
                span { "Page " (thousands(rows.page)) " of " (thousands(last)) }
                @if rows.page < last {
                    a href=(rows.asked.address(run, rows.page + 1)) rel="next" { "Next" }
                    a href=(rows.asked.address(run, last)) { "Last" }
                }
            }
        }
    }
}

/// One row of the table.
pub fn line(row: &RowView) -> Markup {
    let cells: Vec<_> =
        row.cells.iter().map(String::as_str).filter(|cell| !cell.trim().is_empty()).collect();
    let word = bar::word(row.outcome);
    html! {
        tr {
            th.number scope="row" { (thousands(row.row)) }
            td.nowrap { (chip(word)) }
            td.cells {
                @for (at, cell) in cells.iter().take(4).enumerate() {
                    @if at > 0 { span.faint { " · " } }
                    (short(cell, 48))
                }
                @if cells.len() > 4 { span.faint { " …" } }
            }
            td { @if row.step.is_some() { (short(&step_words(row), 90)) } @else { span.faint { "nothing is sent" } } }
            td.why {
                @if let Some(reason) = row.reason { span.reason { (reason) } " " }
                (short(&row.detail, 220))
            }
        }
    }
}

/// An outcome as a small sign with its word.
pub fn chip(word: &str) -> Markup {
    html! { span class={ "chip o-" (word) } { span.dot aria-hidden="true" {} (word) } }
}
