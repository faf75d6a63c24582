//! The panel of an active run: progress, last rows, chart, and actions; updated by server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::{once, unfold};
use headcount_app::collections::is_collection;
use headcount_app::failure::Failure;
use headcount_app::words::{about, thousands, time_of_day};
use headcount_journal::{Journal, Run, RunId, RunState};
use headcount_model::clock::Clock;
use headcount_model::outcome::Counts;
use headcount_people::steps::{self, Target};
use headcount_report::chart;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use crate::fault::Fault;
use crate::parts::canary_question;
use crate::parts::collection_counts;
use crate::parts::collection_question::{self, FirstRows};
use crate::parts::layout::{self, foreign, short};
use crate::parts::outcome_badge;
use crate::parts::outcome_bar;
use crate::parts::plan;
use crate::state::active_runs::{Canary, Doing, Live, Standing};
use crate::state::app::App;

/// The shortest time between two updates of a page.
pub const TICK: Duration = Duration::from_millis(250);

/// How many of the newest requests the chart of latencies covers.
const NEWEST: u32 = 1_000;

/// How often a run of another process is read from the journal.
const LOOK: Duration = Duration::from_secs(1);

/// A part of the page with this id.
pub fn part(id: &str, html: &Markup) -> Event {
    let part = json!({ "id": id, "html": html.0 });
    Event::default().event("part").data(part.to_string())
}

/// The users and groups of the first rows: each row's number and target.
pub type Whom = Vec<(u64, Target)>;

/// Reads the users of the first rows, while the question about them is open.
pub fn whom(journal: &Journal, run: &Run, standing: &Standing) -> Result<Whom, Failure> {
    let mut whom = Whom::new();
    if matches!(standing.doing, Doing::Asking(_)) {
        for canary in &standing.canaries {
            let step = journal.row(&run.id, canary.row)?.as_ref().and_then(steps::of_row);
            whom.extend(step.map(|step| (canary.row, step.payload.target)));
        }
    }
    Ok(whom)
}

/// The panel of a run that is active in this process, as of the moment at which its page was read.
pub fn panel(
    run: &Run,
    live: &Live,
    standing: &Standing,
    whom: &Whom,
    first: &FirstRows,
) -> Markup {
    html! {
        div data-live={ "/runs/" (run.id) "/events?shown=" (shown(&standing.doing, live.is_stopping())) } {
            div #standing { (words(&run.id, standing)) }
            @if let Some(totals) = &standing.totals { div #totals { (collection_counts::show(totals)) } }
            @match standing.doing {
                Doing::Asking(left) if is_collection(run) => { (collection_question::ask(run, standing, left, first)) }
                Doing::Asking(left) => { (ask(run, standing, left, whom)) }
                _ => {
                    (buttons(run, live))
                    div #course { (course(standing)) }
                    div #calls {}
                    div #last { (last(standing)) }
                }
            }
        }
    }
}

/// The panel of a run that is active in another process.
pub fn panel_elsewhere(run: &Run, counts: &Counts) -> Markup {
    let id = &run.id;
    html! {
        div data-live={ "/runs/" (run.id) "/events" } {
            div #standing { (outcome_bar::with_legend(counts, &outcome_bar::Words::DONE, 0, &format!("/runs/{id}"))) }
            (layout::note("info", "Another process is applying this plan", html! {
                p { "This page shows its progress." }
            }))
        }
    }
}

fn words(run: &RunId, standing: &Standing) -> Markup {
    let counts = &standing.counts;
    let done = counts.rows - counts.pending;
    html! {
        (outcome_bar::with_legend(counts, &outcome_bar::Words::DONE, 0, &format!("/runs/{run}")))
        p.standing role="status" {
            @match &standing.doing {
                Doing::Opening => { "Signing in to the site…" }
                Doing::Asking(_) => { "Nothing more is sent until you answer." }
                Doing::Sending => {
                    strong { (thousands(done)) " of " (thousands(counts.rows)) " rows done." }
                    @if let Some(left) = left(standing) { " About " (left.trim_start_matches("about ")) " left." }
                }
                Doing::Ended(_) => { "The run has ended." }
            }
        }
        @if let Some((until, why)) = standing.waiting.as_ref().filter(|_| is_waiting(standing)) {
            p.waiting {
                "Nothing is sent until "
                (time_of_day(*until, Clock::System.now()))
                ": " (foreign(why)) ". headcount then continues by itself."
            }
        }
    }
}

fn is_waiting(standing: &Standing) -> bool {
    let until = standing.waiting.as_ref().map(|(until, _)| *until);
    until.is_some_and(|until| until > jiff::Timestamp::now())
        && matches!(standing.doing, Doing::Sending)
}

/// The remaining time at the current rate.
fn left(standing: &Standing) -> Option<String> {
    let begun = standing.begun?;
    let took = jiff::Timestamp::now().duration_since(begun).as_secs_f64();
    if standing.done < 5 || took < 1.0 {
        return None;
    }
    let left = standing.counts.pending as f64 * took / standing.done as f64;
    Some(about(Duration::from_secs_f64(left)))
}

/// The wanted state, the found state, and the question.
fn ask(run: &Run, standing: &Standing, left: u64, whom: &Whom) -> Markup {
    let found = compared(&standing.canaries, whom);
    let words = ("headcount has just read this from the site. ", "change");
    canary_question::ask(run, standing, left, found, words)
}

/// The canary rows: wanted and found state, and the user.
fn compared(canaries: &[Canary], whom: &Whom) -> Markup {
    let of = |row| whom.iter().find(|(known, _)| *known == row).map(|(_, target)| target);
    html! {
        div.scroll tabindex="0" role="region" aria-label="Wanted and found" {
            table.compared.stack {
                thead { tr { th.number scope="col" { "Row" } th scope="col" { span.hidden { "Same" } } @if !whom.is_empty() { th scope="col" { "User" } } th scope="col" { "Wanted" } th scope="col" { "Found on the site" } } }
                tbody {
                    @for canary in canaries {
                        tr {
                            th.number scope="row" { (thousands(canary.row)) }
                            td.nowrap {
                                @if canary.ok { span.sign.good { "✓ as wanted" } } @else { span.sign.bad { "✗ not as wanted" } }
                            }
                            @if !whom.is_empty() { td data-heading="User" { @if let Some(target) = of(canary.row) { (person(target)) } } }
                            td data-heading="Wanted" { (short(&canary.wanted, 200)) }
                            td data-heading="Found on the site" { (short(&canary.found, 300)) }
                        }
                    }
                }
            }
        }
    }
}

/// A user as the plan found them: name, address, id; or a group.
fn person(target: &Target) -> Markup {
    let Target { account, mail, name, group_name, .. } = target;
    let is_of_person = account.is_some() || mail.is_some() || name.is_some();
    html! {
        @if !is_of_person { @if let Some(group) = group_name { (short(group, 80)) } }
        @if let Some(name) = name { strong { (short(name, 80)) } }
        @if let Some(mail) = mail.as_ref().filter(|mail| Some(*mail) != name.as_ref()) { span.person { (short(mail, 80)) } }
        @if let Some(account) = account { span.person.faint { (short(account.as_str(), 80)) } }
    }
}

fn buttons(run: &Run, live: &Live) -> Markup {
    html! {
        @if live.is_stopping() {
            p role="status" { strong { "Pausing" } ": headcount finishes the requests that are under way." }
        } @else {
            div.actions {
                form method="post" action={ "/runs/" (run.id) "/pause" } { button.plain type="submit" { "Pause" } }
                (plan::cancel(run, "headcount finishes the requests that are under way. "))
                // Only the script can ask the browser for permission.
                button.plain type="button" hidden data-notify { "Notify me when it ends" }
                span.faint { "You can close this page: the run continues until you quit headcount." }
            }
        }
    }
}

fn course(standing: &Standing) -> Markup {
    let now = jiff::Timestamp::now().as_second();
    // The remaining wait is shown in words; it may be shorter.
    let waits: Vec<_> =
        standing.waits.iter().map(|(from, until)| (*from, (*until).min(now))).collect();
    chart::rate(&standing.course, &waits)
}

fn last(standing: &Standing) -> Markup {
    html! {
        @if !standing.last.is_empty() {
            h2 { "The last rows" }
            div.scroll tabindex="0" role="region" aria-label="The last rows" {
                table {
                    thead { tr { th.number scope="col" { "Row" } th scope="col" { "Outcome" } th.wider scope="col" { "What happened" } } }
                    tbody {
                        @for row in &standing.last {
                            tr {
                                th.number scope="row" { (thousands(row.row)) }
                                td.nowrap { (outcome_badge::outcome(row.outcome.word())) }
                                td.why { span.reason { (row.reason) } " " (short(&row.detail, 160)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the requesting page shows.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    shown: String,
}

/// `GET /runs/{run}/events`.
pub async fn events(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let found = {
        let id = id.clone();
        app.read(move |journal| Ok(journal.run(&id).ok())).await
    };
    let run = match found {
        Ok(Some(run)) => run,
        Ok(None) => return Fault::not_found("there is no such run").into_response(),
        Err(fault) => return fault.into_response(),
    };
    let live = app.runs.find(run.id.as_str()).filter(|live| live.is_under_way());
    match (live, run.state) {
        (Some(live), _) => serve(follow(app, run.id, live, asked.shown)),
        (None, RunState::Running) => serve(look(app, id)),
        (None, _) => serve(once(async { Ok(Event::default().event("reload").data("now")) })),
    }
}

fn serve(told: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    Sse::new(told).keep_alive(KeepAlive::default()).into_response()
}

/// Sends the parts of a run of this process. If the page's actions no longer match the run's state, the page
/// reloads.
fn follow(
    app: Arc<App>,
    run: RunId,
    live: Arc<Live>,
    page: String,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let version = live.watch();
    unfold(Some((version, Vec::new(), true)), move |state| {
        let (app, run, live, page) =
            (Arc::clone(&app), run.clone(), Arc::clone(&live), page.clone());
        async move {
            let (mut version, mut parts, first) = state?;
            if parts.is_empty() {
                // Changes between the page and this stream are sent at once.
                if !first {
                    tokio::time::sleep(TICK).await;
                    version.changed().await.ok()?;
                }
                version.borrow_and_update();
                let standing = live.standing();
                if shown(&standing.doing, live.is_stopping()) != page {
                    return Some((Ok(Event::default().event("reload").data("now")), None));
                }
                parts = told(&app, run, &standing).await;
            }
            let next = parts.pop()?;
            Some((Ok(next), Some((version, parts, false))))
        }
    })
}

/// The parts to update, with the last row first.
async fn told(app: &Arc<App>, run: RunId, standing: &Standing) -> Vec<Event> {
    let id = run.clone();
    let mut parts = vec![part("last", &last(standing))];
    parts.extend(standing.totals.as_ref().map(|it| part("totals", &collection_counts::show(it))));
    // If the journal cannot be read, the run itself reports it.
    if let Ok(calls) = app.read(move |journal| Ok(journal.call_times(&run, Some(NEWEST))?)).await {
        parts.push(part("calls", &chart::calls(&calls)));
    }
    parts.push(part("course", &course(standing)));
    parts.push(part("standing", &words(&id, standing)));
    parts
}

/// The state that decides which actions a page shows.
fn shown(doing: &Doing, stopping: bool) -> &'static str {
    match doing {
        Doing::Ended(_) => "ended",
        _ if stopping => "stopping",
        Doing::Asking(_) => "asking",
        Doing::Opening | Doing::Sending => "sending",
    }
}

/// Reads a run of another process from the journal from time to time.
fn look(app: Arc<App>, id: String) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(Some((app, id)), |state| async move {
        let (app, id) = state?;
        tokio::time::sleep(LOOK).await;
        let asked = id.clone();
        let read = app.read(move |journal| {
            let run = journal.run(&asked)?;
            let is_held = run.state == RunState::Running && journal.is_held(&run.id);
            Ok((is_held, journal.counts(&run.id)?))
        });
        match read.await {
            Ok((true, counts)) => {
                let rows = format!("/runs/{id}");
                let standing =
                    outcome_bar::with_legend(&counts, &outcome_bar::Words::DONE, 0, &rows);
                Some((Ok(part("standing", &standing)), Some((app, id))))
            }
            _ => Some((Ok(Event::default().event("reload").data("now")), None)),
        }
    })
}
