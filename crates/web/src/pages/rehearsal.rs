//! The result of a rehearsal, row by row.

use std::io::Write;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_app::failure::Failure;
use headcount_app::report_subject;
use headcount_journal::{Journal, Run, RunState};
use headcount_report::chart;
use headcount_report::{CsvForm, write_csv};
use maud::{Markup, html};

use crate::fault::Fault;
use crate::jobs::run_title;
use crate::pages::download;
use crate::pages::rows;
use crate::pages::run;
use crate::parts::layout::{self, foreign};
use crate::parts::outcome_bar;
use crate::parts::place::Place;
use crate::parts::plan;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::rehearsals::Rehearsal;

fn find(app: &App, id: &str) -> Result<Arc<Rehearsal>, Fault> {
    app.rehearsals.find(id).ok_or_else(|| {
        Fault::not_found("this rehearsal is no longer here: newer rehearsals replaced it")
    })
}

async fn table(
    app: &Arc<App>,
    id: &str,
    asked: rows::Asked,
) -> Result<(Arc<Rehearsal>, rows::Rows), Fault> {
    let rehearsal = find(app, id)?;
    let (reading, base) = (Arc::clone(&rehearsal), format!("/rehearsals/{id}"));
    let read = app.read(move |_| {
        let Rehearsal { run, facts, .. } = &*reading;
        Ok(rows::read(&reading.journal()?, run, facts, base, asked)?.rehearsed())
    });
    Ok((rehearsal, read.await?))
}

/// `GET /rehearsals/{id}`.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<rows::Asked>,
) -> Answer {
    let (rehearsal, rows) = table(&app, &id, asked).await?;
    Ok(page(show(&id, &rehearsal, &rows)))
}

/// `GET /rehearsals/{id}/rows`: the table alone, for the script.
pub async fn rows(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<rows::Asked>,
) -> Answer {
    let (_, rows) = table(&app, &id, asked).await?;
    Ok(page(rows::table(&rows)))
}

fn show(id: &str, rehearsal: &Rehearsal, rows: &rows::Rows) -> Markup {
    let Rehearsal { of, run: double, facts, .. } = rehearsal;
    layout::page(
        "Rehearsal",
        &Place::of_run(of),
        html! {
            p.crumb { a href="/" { "Start" } " / " a href={ "/runs/" (of.id) } { "Run " (of.id) } " / Rehearsal" }
            h1 { "Rehearsal: " (run_title(of).to_lowercase()) }
            (layout::note("info", "Nothing was changed on your site", html! {
                p {
                    "This was done on a copy of " strong { (Place::of_run(of).name()) } ", made from " (rehearsal.made_from) ". "
                    "Below is what happened there."
                }
            }))
            (outcome_bar::with_legend(&facts.counts, &outcome_bar::Words::of_rehearsal(), 0, &format!("/rehearsals/{id}")))
            (ending(double))
            div.actions {
                a.button href={ "/runs/" (of.id) } { "Back to the plan" }
                a.button.plain href={ "/rehearsals/" (id) "/report.html" } download { "Download report" }
                a.button.plain href={ "/rehearsals/" (id) "/report.csv" } download { "Report as CSV" }
            }
            details.about {
                summary { "What a rehearsal cannot know" }
                p {
                    "The copy has the users, groups and memberships that headcount can read with your credentials. It does not "
                    "know how many seats are left, what an identity provider manages, or hidden email addresses, so the "
                    "real site may refuse some rows."
                }
            }
            (run::reasons(&facts.reasons, &run::Told::of_rehearsal(), &format!("/rehearsals/{id}")))
            @if !facts.course.calls.is_empty() { (chart::rate(&facts.course, &[])) }
            (rows::section(&facts.counts, &facts.reasons, rows))
        },
    )
}

fn ending(double: &Run) -> Markup {
    html! {
        @if let (RunState::Stopped, Some(stop)) = (double.state, &double.stop) {
            (layout::note("warn", "The run would stop before the end", html! {
                p { (foreign(&plan::reason(stop))) }
            }))
        }
    }
}

/// `GET /rehearsals/{id}/report.csv`.
pub async fn csv(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    report(&app, &id, "csv", |journal, run, out| {
        Ok(write_csv(journal, run, &report_subject::of(run), CsvForm::of(run).without_mark(), out)?)
    })
}

/// `GET /rehearsals/{id}/report.html`.
pub async fn html(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    report(&app, &id, "html", |journal, run, out| download::write_page(journal, run, out))
}

fn report(
    app: &App,
    id: &str,
    ending: &str,
    write: impl FnOnce(&Journal, &Run, &mut dyn Write) -> Result<(), Failure> + Send + 'static,
) -> Answer {
    let rehearsal = find(app, id)?;
    let name = format!("rehearsal-of-{}.{ending}", rehearsal.of.id);
    Ok(download::send(&name, ending, move |out| write(&rehearsal.journal()?, &rehearsal.run, out)))
}
