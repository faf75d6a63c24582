//! Which address is answered by what. Every answer goes through the door.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::answer::{Fault, refuse};
use super::app::App;
use super::desk::{FORM, LARGEST};
use super::{assets, door, pages};

/// The whole page.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(pages::home::get))
        .route("/history", get(pages::history::get))
        .route("/enter", get(pages::enter::get))
        .route("/sites", post(pages::site::add))
        .route("/sites/new", get(pages::site::new))
        .route("/sites/{name}/check", post(pages::keys::check))
        .route("/sites/{name}/keys", get(pages::keys::new).post(pages::keys::give))
        .route("/new/{job}", get(pages::new::get))
        .route("/templates/{name}", get(pages::new::template))
        .route("/sheets", post(pages::bring::bring).layer(DefaultBodyLimit::max(LARGEST + FORM)))
        .route("/sheets/{id}", get(pages::sheet::get))
        .route("/sheets/{id}/read", post(pages::sheet::read))
        .route(
            "/sheets/{id}/exports",
            post(pages::who::bring).layer(DefaultBodyLimit::max(pages::who::LIMIT)),
        )
        .route("/sheets/{id}/plan", post(pages::sheet::plan))
        .route("/sheets/{id}/remove", post(pages::bring::remove))
        .route("/lists/{what}", get(pages::export::new).post(pages::export::begin))
        .route("/exports/{id}", get(pages::export::get))
        .route("/exports/{id}/file.csv", get(pages::export::file))
        .route("/exports/{id}/remove", post(pages::export::remove))
        .route("/tasks/{id}", get(pages::task::get))
        .route("/tasks/{id}/events", get(pages::task::events))
        .route("/tasks/{id}/stop", post(pages::task::stop))
        .route("/rehearsals/{id}", get(pages::rehearsal::get))
        .route("/rehearsals/{id}/rows", get(pages::rehearsal::rows))
        .route("/rehearsals/{id}/report.csv", get(pages::rehearsal::csv))
        .route("/rehearsals/{id}/report.html", get(pages::rehearsal::html))
        .route("/runs/{run}", get(pages::run::get))
        .route("/runs/{run}/events", get(pages::live::events))
        .route("/runs/{run}/start", post(pages::act::start))
        .route("/runs/{run}/go-on", post(pages::act::go_on))
        .route("/runs/{run}/halt", post(pages::act::halt))
        .route("/runs/{run}/pause", post(pages::act::pause))
        .route("/runs/{run}/stop", post(pages::act::stop))
        .route("/runs/{run}/instead", post(pages::missing::instead))
        .route("/runs/{run}/resume", post(pages::act::resume))
        .route("/runs/{run}/undo", post(pages::act::undo))
        .route("/runs/{run}/who", get(pages::take_back::who))
        .route("/runs/{run}/rehearse", post(pages::act::rehearse))
        .route("/runs/{run}/retry", post(pages::act::retry))
        .route("/runs/{run}/rows", get(pages::rows::get))
        .route("/runs/{run}/report", get(pages::download::view))
        .route("/runs/{run}/report.csv", get(pages::download::csv))
        .route("/runs/{run}/report.html", get(pages::download::html))
        .route("/runs/{run}/report.json", get(pages::download::json))
        .route("/runs/{run}/failed.csv", get(pages::download::failed))
        .route("/quit", post(pages::quit::quit))
        .route("/assets/{name}", get(assets::get))
        .fallback(|| async { Fault::not_found("there is no such page").into_response() })
        .layer(from_fn_with_state(Arc::clone(&app), enter))
        .with_state(app)
}

async fn enter(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let response = match app.door.check(&request) {
        Ok(()) => next.run(request).await,
        Err(refused) => refuse(refused, request.headers()),
    };
    door::close(response)
}
