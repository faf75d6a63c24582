//! The page of a row of a collection's run: its cells, requests, responses and tests.

use std::sync::Arc;

use axum::extract::{Path, State};
use headcount_app::collections::is_collection;
use headcount_app::failure::Failure;
use headcount_app::words::thousands;
use headcount_collections::Kept;
use headcount_journal::{Journal, RowView, Run};
use maud::{Markup, html};

use crate::fault::Fault;
use crate::jobs::run_title;
use crate::parts::collection_row;
use crate::parts::layout::{self, foreign, quoted, short};
use crate::parts::outcome_badge;
use crate::parts::outcome_bar;
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;

/// The most cells that are shown.
const CELLS: usize = 100;

/// The row's data in the journal.
struct View {
    run: Run,
    row: RowView,
    kept: Option<Kept>,
    rows: u64,
}

/// `GET /runs/{run}/rows/{row}`.
pub async fn get(State(app): State<Arc<App>>, Path((id, row)): Path<(String, String)>) -> Answer {
    let view = app.read(move |journal| read(journal, &id, &row)).await?;
    let view = view.ok_or_else(|| Fault::not_found("there is no such row"))?;
    Ok(page(show(&view)))
}

fn read(journal: &Journal, id: &str, row: &str) -> Result<Option<View>, Failure> {
    let run = journal.run(id)?;
    let Ok(number) = row.parse() else { return Ok(None) };
    if !is_collection(&run) {
        return Ok(None);
    }
    let Some(row) = journal.row(&run.id, number)? else { return Ok(None) };
    let kept = collection_row::kept(journal, &run, &row)?;
    let rows = journal.counts(&run.id)?.rows;
    Ok(Some(View { run, row, kept, rows }))
}

fn show(view: &View) -> Markup {
    let View { run, row, kept, rows } = view;
    let words = outcome_bar::Words::of(run);
    let word = outcome_bar::word(row.outcome);
    let back = format!("/runs/{}", run.id);
    let title = format!("Row {} of run {}", thousands(row.row), run.id);
    layout::page(
        &title,
        &Place::of_run(run),
        html! {
            p.crumb { a href="/" { "Start" } " / " a href="/history" { "All runs" } " / " a href=(back) { "Run " (run.id) } " / Row " (thousands(row.row)) }
            h1 { "Row " (thousands(row.row)) }
            p { (run_title(run)) ": " (outcome_badge::named(words.class(word), words.name(word))) }
            @if !row.detail.is_empty() {
                p { (short(&quoted(&row.detail), 1_000)) @if let Some(reason) = row.reason { " " span.reason.faint { (reason) } } }
            }
            (cells(run, row))
            @match kept {
                Some(kept) => { section aria-label="Requests and tests" { (collection_row::show(kept)) } }
                None if row.outcome.is_none() => { p { "headcount has not sent this row yet." } }
                None => { p { "The journal has no requests of this row." } }
            }
            p.faint { "headcount masks secrets, and keeps the first 2,000 characters of each body and the first 100 requests and tests of each row." }
            p.actions {
                @if row.row > 1 { a.button.plain href={ (back) "/rows/" (row.row - 1) } { "Previous row" } }
                @if row.row < *rows { a.button.plain href={ (back) "/rows/" (row.row + 1) } { "Next row" } }
                a.button.plain href={ (back) "#rows" } { "Back to the run" }
            }
        },
    )
}

fn cells(run: &Run, row: &RowView) -> Markup {
    let cells = run.headings.iter().zip(&row.cells).filter(|(_, cell)| !cell.trim().is_empty());
    html! {
        dl.facts {
            @for (heading, cell) in cells.take(CELLS) {
                div { dt { (foreign(heading)) } dd { (short(cell, 200)) } }
            }
        }
    }
}
