//! Shows which users an undo covers, while the row numbers are typed.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_app::failure::Failure;
use headcount_app::words::steps::person_words;
use headcount_app::words::thousands;
use headcount_journal::{Journal, Run};
use headcount_model::outcome::Outcome;
use headcount_model::rows::Rows;
use maud::{Markup, html};
use serde::Deserialize;

use crate::fault::Fault;
use crate::parts::layout::{foreign, short};
use crate::responses::{Answer, page};
use crate::state::app::App;

/// How many rows are listed one by one; for more, only the number is shown.
const NAMED: usize = 10;

/// Typed row numbers.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    rows: String,
}

/// `GET /runs/{run}/who?rows=3,7-9`: the users of the typed rows, for the script.
pub async fn who(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(typed): Query<Typed>,
) -> Answer {
    let rows = match typed.rows.trim() {
        "" => return Ok(page(html! {})),
        text => match text.parse::<Rows>() {
            Ok(rows) => rows,
            Err(error) => return Ok(page(html! { p.bad { (foreign(&error.to_string())) } })),
        },
    };
    let named = app
        .read(move |journal| {
            let Ok(run) = journal.run(&id) else { return Ok(None) };
            Ok(Some(named(journal, &run, &rows)?))
        })
        .await?;
    named.map(page).ok_or_else(|| Fault::not_found("there is no such run"))
}

/// The first of these rows, each with its user and whether it can be undone.
fn named(journal: &Journal, run: &Run, rows: &Rows) -> Result<Markup, Failure> {
    let mut lines = Vec::new();
    for number in rows.iter().take(NAMED) {
        let found = journal.rows(&run.id, number - 1, 1)?;
        let taken = journal.rows_taken_back(&run.id, number, number)?;
        let line = match found.first().filter(|row| row.row == number) {
            None => html! { "is not in this run" },
            Some(row) if row.outcome != Some(Outcome::Changed) => html! {
                (short(&person_words(row), 80)) ": was not changed, so there is nothing to undo"
            },
            Some(row) if !taken.is_empty() => {
                html! { (short(&person_words(row), 80)) ": is already undone" }
            }
            Some(row) => html! { strong { (short(&person_words(row), 80)) } },
        };
        lines.push((number, line));
    }
    let more = rows.count().saturating_sub(NAMED as u64);
    Ok(html! {
        ul.plain {
            @for (number, line) in lines { li { "Row " (thousands(number)) ": " (line) } }
            @if more > 0 { li { "and " (thousands(more)) " more" } }
        }
    })
}
