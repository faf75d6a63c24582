//! A run: its plan, how far it is, or how it ended, from the journal.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_core::journal::{Journal, ReasonCount, Run};
use headcount_core::values::outcome::Counts;
use maud::{Markup, html};

use super::home::file_name;
use super::jobs::run_title;
use super::{bar, rows};
use crate::failure::Failure;
use crate::show::plan::organisation;
use crate::show::{self, many};
use crate::web::answer::{Answer, Fault, page};
use crate::web::app::App;
use crate::web::layout::{self, foreign, short, time};

/// Everything the page shows.
struct View {
    run: Run,
    state: &'static str,
    counts: Counts,
    reasons: Vec<ReasonCount>,
    rows: rows::Rows,
}

/// `GET /runs/{run}`.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<rows::Asked>,
) -> Answer {
    let view = app.read(move |journal| read(journal, &id, asked)).await?;
    let view = view.ok_or_else(|| Fault::not_found("there is no such run"))?;
    Ok(page(show(&view)))
}

fn read(journal: &Journal, id: &str, asked: rows::Asked) -> Result<Option<View>, Failure> {
    let Ok(run) = journal.run(id) else { return Ok(None) };
    let counts = journal.counts(&run.id)?;
    let reasons = journal.reasons(&run.id)?;
    let rows = rows::read(journal, &run, &counts, asked)?;
    let state = show::runs::state(journal, &run);
    Ok(Some(View { run, state, counts, reasons, rows }))
}

fn show(view: &View) -> Markup {
    let run = &view.run;
    layout::page(
        &format!("Run {}", run.id),
        html! {
            (head(run, view.state))
            (bar::with_legend(&view.counts))
            @if let Some(stop) = &run.stop {
                (layout::note("warn", "It stopped", html! { p { (foreign(stop)) } }))
            }
            (reasons(&view.reasons))
            (downloads(run))
            (rows::section(run, &view.counts, &view.reasons, &view.rows))
        },
    )
}

/// The title, where it happens and when.
fn head(run: &Run, state: &str) -> Markup {
    html! {
        p.crumb { a href="/" { "Start" } " / Run " (run.id) }
        h1 { (run_title(run)) " " (badge(state)) }
        dl.facts {
            div { dt { "Site" } dd { (foreign(&run.site)) } }
            @if let Some(organisation) = organisation(run) {
                div { dt { "Organisation" } dd { (short(&organisation, 60)) } }
            }
            @match &run.undoes {
                Some(undone) => {
                    div { dt { "Takes back" } dd { a href={ "/runs/" (undone) } { "run " (undone) } } }
                }
                None => { div { dt { "Sheet" } dd { (short(&file_name(&run.input), 60)) } } }
            }
            @for (what, at) in [("Planned", run.sealed_at), ("Started", run.started_at), ("Ended", run.ended_at)] {
                @if let Some(at) = at { div { dt { (what) } dd { (time(at)) } } }
            }
        }
    }
}

/// A run's state as a small sign.
pub fn badge(state: &str) -> Markup {
    html! { span class={ "badge s-" (state) } { (state) } }
}

/// Why rows ended as they did, in sentences.
fn reasons(reasons: &[ReasonCount]) -> Markup {
    html! {
        @if !reasons.is_empty() {
            section aria-labelledby="why" {
                h2 #why { "Why" }
                ul.reasons {
                    @for reason in reasons {
                        li {
                            (rows::chip(reason.outcome.word()))
                            strong { (many(reason.rows, "row")) }
                            span { span.reason { (reason.reason) } " " (reason.reason.meaning()) }
                        }
                    }
                }
            }
        }
    }
}

fn downloads(run: &Run) -> Markup {
    html! {
        section aria-labelledby="downloads" {
            h2 #downloads { "Take it with you" }
            p.actions {
                a.button.plain href={ "/runs/" (run.id) "/report.csv" } download { "Report as CSV" }
                a.button.plain href={ "/runs/" (run.id) "/report.json" } download { "Report as JSON" }
            }
        }
    }
}
