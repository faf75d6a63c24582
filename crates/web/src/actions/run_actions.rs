//! The actions on a run: start, answer, pause, stop, resume, undo, retry.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_app::collections::summary_of;
use headcount_app::failure::Failure;
use headcount_app::undo::Take;
use headcount_app::words::thousands;
use headcount_journal::{Journal, Run, RunState};
use headcount_model::rows::Rows;
use headcount_report::{CsvForm, write_failed};

use crate::actions::plan_tasks::plan_undo;
use crate::actions::rehearsal_tasks;
use crate::actions::run_tasks;
use crate::fault::Fault;
use crate::parts::apply_form::wants_count;
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::fields::Fields;
use crate::state::refusal::Wrong;
use crate::state::send_form::SendForm;
use crate::state::uploads::Paper;

/// `POST /runs/{run}/start`.
pub async fn start(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(form): Form<SendForm>,
) -> Answer {
    send(app, id, form, |journal, run| match run.state {
        RunState::Sealed => Ok(()),
        _ => Err(run_tasks::not_there(journal, run)),
    })
    .await
}

/// `POST /runs/{run}/resume`.
pub async fn resume(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(form): Form<SendForm>,
) -> Answer {
    send(app, id, form, headcount_app::apply::check_resumable).await
}

async fn send(
    app: Arc<App>,
    id: String,
    form: SendForm,
    check: impl FnOnce(&Journal, &Run) -> Result<(), Failure> + Send + 'static,
) -> Answer {
    let (back, starting) = (format!("/runs/{id}"), Arc::clone(&app));
    let (of, typed) = (id.clone(), form.pairs());
    let sent = app
        .read(move |journal| {
            let run = journal.run(&id)?;
            check(journal, &run)?;
            let steps = summary_of(journal, &run)?.steps;
            if let Err(wrong) = form.args() {
                return Ok(Err(wrong));
            }
            if wants_count(run.job, steps) && !form.has_typed(steps) {
                let steps = thousands(steps);
                let message =
                    format!("The number does not match. Nothing was sent. Type {steps} to agree.");
                return Ok(Err(Wrong::new("typed", message)));
            }
            run_tasks::start(&starting, journal, &run, &form).map(Ok)
        })
        .await?;
    Ok(match sent {
        Ok(()) => go(&back),
        Err(wrong) => go(&app.refusals.keep(&of, wrong, typed)),
    })
}

/// `POST /runs/{run}/go-on`: continues after the canary row.
pub async fn go_on(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    answer(&app, &id, true)
}

/// `POST /runs/{run}/halt`: stops after the canary row.
pub async fn halt(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    answer(&app, &id, false)
}

fn answer(app: &App, id: &str, yes: bool) -> Answer {
    // If the question is no longer open, the page shows the current state.
    if let Some(live) = app.runs.find(id) {
        live.answer(yes);
    }
    Ok(go(&format!("/runs/{id}")))
}

/// `POST /runs/{run}/pause`.
pub async fn pause(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    if let Some(live) = app.runs.find(&id).filter(|live| live.is_under_way()) {
        live.pause();
    }
    Ok(go(&format!("/runs/{id}")))
}

/// `POST /runs/{run}/stop`: stops and cancels the run.
pub async fn stop(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    if let Some(live) = app.runs.find(&id).filter(|live| live.is_under_way()) {
        live.stop_for_good();
        return Ok(go(&format!("/runs/{id}")));
    }
    let (back, giving) = (format!("/runs/{id}"), Arc::clone(&app));
    let done = tokio::task::spawn_blocking(move || {
        giving.with_journal(|journal| run_tasks::give_up(journal, &id, &giving))
    });
    done.await.map_err(|_| Fault::defect())??;
    Ok(go(&back))
}

/// `POST /runs/{run}/undo`: makes only the plan of the undo, for all rows or for the chosen ones.
pub async fn undo(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let mut take = match take(&pairs) {
        Ok(take) => take,
        Err(wrong) => return Ok(go(&app.refusals.keep(&id, wrong, pairs))),
    };
    let (run, profile, standing) = app
        .read(move |journal| {
            let run = journal.run(&id)?;
            Ok((run.id.to_string(), run.profile.clone(), standing(journal, &run)?))
        })
        .await?;
    take.rows = take.rows.or(standing);
    Ok(go(&plan_undo(&app, run, profile, take)?))
}

/// The rows that no earlier undo covers; `None` if there was no undo.
fn standing(journal: &Journal, run: &Run) -> Result<Option<Rows>, Failure> {
    let taken = journal.rows_taken_back(&run.id, 1, u64::MAX)?;
    if taken.is_empty() {
        return Ok(None);
    }
    let taken = Rows::of(taken.into_iter().map(|(row, _)| row));
    let all = journal.counts(&run.id)?.rows;
    Ok(Some(Rows::of((1..=all).filter(|row| !taken.contains(*row)))))
}

/// The fields of the undo's form: `rows` are typed, `row` are ticked; `which` says whether all rows are meant.
fn take(pairs: &[(String, String)]) -> Result<Take, Wrong> {
    let all = |name: &'static str| {
        pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    };
    let created = all("remove_created").next().is_some();
    if all("which").any(|which| which == "all") {
        return Ok(Take { created, rows: None });
    }
    let ticked = Rows::of(all("row").filter_map(|row| row.parse().ok()));
    let typed = all("rows").filter(|text| !text.is_empty()).map(str::parse::<Rows>);
    let typed = typed
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Wrong::new("undo_rows", format!("{error}. Nothing was planned.")))?;
    let rows = typed.into_iter().fold(ticked, Rows::and);
    if rows.is_empty() {
        let message = "No row is chosen, so nothing was planned. Select the rows to undo, or type their numbers.";
        return Err(Wrong::new("undo_rows", message));
    }
    Ok(Take { created, rows: Some(rows) })
}

/// `POST /runs/{run}/rehearse`: rehearses a waiting plan on a copy.
pub async fn rehearse(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let run = app
        .read(move |journal| {
            let run = journal.run(&id)?;
            match run.state {
                RunState::Sealed => Ok(run),
                _ => Err(run_tasks::not_there(journal, &run)),
            }
        })
        .await?;
    Ok(go(&rehearsal_tasks::rehearse(&app, &run)?))
}

/// `POST /runs/{run}/retry`: makes a new spreadsheet from the rows that are worth another try.
pub async fn retry(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let desk = Arc::clone(&app);
    let paper = app
        .read(move |journal| {
            let run = journal.run(&id)?;
            let name = format!("failed rows of run {}.csv", run.id);
            let mut content = Vec::new();
            write_failed(journal, &run, CsvForm::PLAIN, &mut content)?;
            let paper = Paper::new(content, &name, run.job, &run.profile)?;
            paper.say(|said| said.fields = read_as(&run));
            Ok(desk.desk.lay(paper))
        })
        .await?;
    Ok(go(&format!("/sheets/{}", paper.id)))
}

/// The options with which the run's spreadsheet was read, as the fields of its form.
fn read_as(run: &Run) -> Fields {
    let map: Vec<(String, String)> =
        serde_json::from_value(run.options["map"].clone()).unwrap_or_default();
    let same = |one: &str, other: &str| one.trim().eq_ignore_ascii_case(other.trim());
    let columns = map.iter().filter_map(|(field, heading)| {
        let at = run.headings.iter().position(|known| same(known, heading))?;
        Some((format!("column{at}"), field.clone()))
    });
    let how = (run.options["by"] == "invite").then(|| ("by".to_owned(), "invite".to_owned()));
    Fields(columns.chain(how).collect())
}
