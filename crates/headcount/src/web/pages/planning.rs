//! A plan that is being made: how far it is, and then the plan.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use maud::{Markup, html};

use super::wrong;
use crate::show::many;
use crate::web::answer::{Answer, Fault, go, page};
use crate::web::app::App;
use crate::web::layout;
use crate::web::planning::{Planning, Stage};
use crate::work::plan::Phase;

fn find(app: &App, id: &str) -> Result<Arc<Planning>, Fault> {
    app.plans.find(id).ok_or_else(|| Fault::not_found("this plan is not known any more"))
}

/// `GET /plans/{id}`.
pub async fn get(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let planning = find(&app, &id)?;
    let stage = planning.watch().borrow().clone();
    let body = match &stage {
        Stage::Done(run) => return Ok(go(&format!("/runs/{run}"))),
        Stage::Failed(failure) => html! {
            h1 { "There is no plan" }
            (wrong::words(failure))
            p.actions { a.button href=(planning.back) { "Back" } a.button.plain href="/" { "To the start page" } }
        },
        stage => html! {
            (layout::steps(2))
            h1 { "The plan is being made" }
            p { (planning.title) ". Nothing is changed on the site." }
            div data-live={ "/plans/" (id) "/events" } { div #stage role="status" { (words(stage)) } }
            noscript { p { a.button.plain href={ "/plans/" (id) } { "Look again" } } }
        },
    };
    Ok(page(layout::page(&planning.title, body)))
}

/// How far it is.
fn words(stage: &Stage) -> Markup {
    let (at, text) = match stage {
        Stage::Opening => (0, "Signing in to the site".to_owned()),
        Stage::Doing(Phase::LookingFirst, _) => {
            (1, "Looking first at what the run left without an answer".to_owned())
        }
        Stage::Doing(Phase::Reading, rows) => {
            (1, format!("Reading your sheet: {}", many(*rows, "row")))
        }
        Stage::Doing(Phase::LookingUp, asked) => (
            2,
            format!(
                "Looking people and groups up on the site: {} so far",
                crate::show::thousands(*asked)
            ),
        ),
        Stage::Failed(_) => (3, "It did not work".to_owned()),
        Stage::Done(_) => (3, "Done".to_owned()),
    };
    html! {
        progress max="3" value=(at) aria-label="How far the plan is" {}
        p { (text) "…" }
    }
}

/// `GET /plans/{id}/events`.
pub async fn events(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let planning = match find(&app, &id) {
        Ok(planning) => planning,
        Err(fault) => return fault.into_response(),
    };
    let told = unfold(Some((planning.watch(), true)), |state| async move {
        let (mut stages, first) = state?;
        if !first {
            tokio::time::sleep(super::live::TICK).await;
            // The sender lives as long as the plan is known; a plan that is not is at its end.
            stages.changed().await.ok()?;
        }
        let stage = stages.borrow_and_update().clone();
        let is_end = matches!(stage, Stage::Done(_) | Stage::Failed(_));
        let event = match is_end {
            true => Event::default().event("reload").data("now"),
            false => super::live::part("stage", &words(&stage)),
        };
        Some((Ok::<_, Infallible>(event), (!is_end).then_some((stages, false))))
    });
    Sse::new(told).keep_alive(KeepAlive::default()).into_response()
}
