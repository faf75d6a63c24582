//! The page of a task: its progress, then a link to its result.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use headcount_app::plan::Phase;
use headcount_app::words::{many, thousands};
use maud::{Markup, html};

use crate::fault::Fault;
use crate::parts::error;
use crate::parts::layout;
use crate::parts::place::Place;
use crate::responses::{Answer, go, page};
use crate::state::app::App;
use crate::state::tasks::{Doing, Kind, Stage, Task};

/// The task with this id.
pub fn find(app: &App, id: &str) -> Result<Arc<Task>, Fault> {
    app.tasks.find(id).ok_or_else(|| Fault::not_found("this task no longer exists"))
}

/// `GET /tasks/{id}`.
pub async fn get(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let task = find(&app, &id)?;
    let stage = task.watch().borrow().clone();
    let body = match &stage {
        Stage::Done(address) => return Ok(go(address)),
        Stage::Failed(failure) => html! {
            h1 { (failed(task.kind)) }
            (error::words(failure))
            p.actions { a.button href=(task.back) { (way_back(&task.back)) } a.button.plain href="/" { "To the start page" } }
        },
        Stage::Doing(doing) => html! {
            @if task.kind == Kind::Plan { (layout::steps(2, &[])) }
            h1 { (heading(task.kind)) }
            p { (task.title) ". " (promise(task.kind)) }
            div data-live={ "/tasks/" (id) "/events" } { div #stage role="status" { (words(task.kind, *doing)) } }
            noscript { p { a.button.plain href={ "/tasks/" (id) } { "Look again" } } }
            form.actions method="post" action={ "/tasks/" (id) "/stop" } {
                button.plain type="submit" { "Stop it" }
                span.faint { "Closing this page does not stop it." }
            }
        },
    };
    Ok(page(layout::page(&task.title, &Place::of_profile(&task.profile), body)))
}

fn way_back(address: &str) -> &'static str {
    match address.starts_with("/sheets/") {
        true => "Back to the spreadsheet",
        false => "Back",
    }
}

fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Plan => "Making the plan",
        Kind::Export => "Making the list",
        Kind::Rehearsal => "Rehearsing the plan",
    }
}

fn failed(kind: Kind) -> &'static str {
    match kind {
        Kind::Plan => "There is no plan",
        Kind::Export => "There is no list",
        Kind::Rehearsal => "The rehearsal failed",
    }
}

fn promise(kind: Kind) -> &'static str {
    match kind {
        Kind::Plan => "headcount changes nothing on the site.",
        Kind::Export => "headcount only reads the site.",
        Kind::Rehearsal => "headcount only reads your site; everything is applied to a copy of it.",
    }
}

/// The task's progress; as a share, if the end is known.
fn words(kind: Kind, doing: Doing) -> Markup {
    let text = match doing {
        Doing::Opening => "Signing in to the site".to_owned(),
        Doing::Planning(Phase::LookingFirst, _) => {
            "Checking on the site whether unanswered requests were applied".to_owned()
        }
        Doing::Planning(Phase::Reading, rows) => {
            format!("Reading your spreadsheet: {}", many(rows, "row"))
        }
        Doing::Planning(Phase::LookingUp, asked) => {
            format!("Looking up users and groups on the site: {} so far", thousands(asked))
        }
        Doing::Planning(Phase::Counting, _) => "Counting the users on the site".to_owned(),
        Doing::Site(done, Some(all)) if all >= done => {
            format!("Reading the site: {} of {}", thousands(done), thousands(all))
        }
        Doing::Site(done, _) => format!("Reading the site: {} so far", thousands(done)),
        Doing::Double => "Making the copy".to_owned(),
        Doing::Rows(done, all) => {
            format!("Applying it to the copy: {} of {}", thousands(done), many(all, "row"))
        }
    };
    html! {
        @match share(kind, doing) {
            Some((done, all)) => { progress max=(all) value=(done) aria-label="Progress" {} }
            None => { progress aria-label="Progress" {} }
        }
        p { (text) "…" }
    }
}

/// The finished part and the total, if the total is known.
fn share(kind: Kind, doing: Doing) -> Option<(u64, u64)> {
    match (kind, doing) {
        (_, Doing::Site(done, Some(all))) if all >= done && all > 0 => Some((done, all)),
        (_, Doing::Rows(done, all)) if all > 0 => Some((done, all)),
        (Kind::Plan, Doing::Opening) => Some((0, 3)),
        (Kind::Plan, Doing::Planning(Phase::LookingUp | Phase::Counting, _)) => Some((2, 3)),
        (Kind::Plan, Doing::Planning(..)) => Some((1, 3)),
        _ => None,
    }
}

/// `GET /tasks/{id}/events`.
pub async fn events(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let task = match find(&app, &id) {
        Ok(task) => task,
        Err(fault) => return fault.into_response(),
    };
    let kind = task.kind;
    let told = unfold(Some((task.watch(), true)), move |state| async move {
        let (mut stages, first) = state?;
        if !first {
            tokio::time::sleep(super::live::TICK).await;
            // The sender exists as long as the task is known, so an unknown task has ended.
            stages.changed().await.ok()?;
        }
        let stage = stages.borrow_and_update().clone();
        let (event, is_end) = match stage {
            Stage::Doing(doing) => (super::live::part("stage", &words(kind, doing)), false),
            Stage::Done(_) | Stage::Failed(_) => {
                (Event::default().event("reload").data("now"), true)
            }
        };
        Some((Ok::<_, Infallible>(event), (!is_end).then_some((stages, false))))
    });
    Sse::new(told).keep_alive(KeepAlive::default()).into_response()
}
