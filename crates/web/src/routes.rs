//! The table of addresses and their handlers. Every request and every answer passes the door.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::fault::Fault;
use crate::responses::refuse;
use crate::state::app::App;
use crate::state::uploads::{FORM, LARGEST};
use crate::{access, actions, assets, pages};

/// All routes.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .merge(start_and_sites())
        .merge(sheets_and_tasks())
        .merge(runs())
        .merge(collections())
        .fallback(|| async { Fault::not_found("there is no such page").into_response() })
        .layer(from_fn_with_state(Arc::clone(&app), enter))
        .with_state(app)
}

/// The start page, the history, and the sites.
fn start_and_sites() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(pages::home::get))
        .route("/history", get(pages::history::get))
        .route("/workers", get(pages::workers::get))
        .route("/enter", get(pages::enter::get))
        .route("/sites", post(actions::sites::add))
        .route("/sites/new", get(pages::site::new))
        .route("/sites/{name}/settings", get(pages::site::settings).post(actions::sites::change))
        .route("/sites/{name}/remove", post(actions::sites::remove))
        .route("/sites/{name}/check", post(actions::credentials::check))
        .route("/sites/{name}/keys", get(pages::keys::new).post(actions::credentials::give))
        .route("/quit", post(actions::quit::quit))
        .route("/assets/{name}", get(assets::get))
}

/// From a spreadsheet to its plan; exports and tasks.
fn sheets_and_tasks() -> Router<Arc<App>> {
    Router::new()
        .route("/new/{job}", get(pages::new::get))
        .route("/templates/{name}", get(pages::new::template))
        .route("/sheets", post(actions::upload::bring).layer(DefaultBodyLimit::max(LARGEST + FORM)))
        .route("/sheets/{id}", get(pages::sheet::get))
        .route("/sheets/{id}/read", post(actions::sheet::read))
        .route(
            "/sheets/{id}/exports",
            post(actions::identity_upload::bring)
                .layer(DefaultBodyLimit::max(actions::identity_upload::LIMIT)),
        )
        .route("/sheets/{id}/plan", post(actions::sheet::plan))
        .route("/sheets/{id}/sync", post(actions::roster_tasks::plan))
        .route("/sheets/{id}/remove", post(actions::upload::remove))
        .route("/lists/{what}", get(pages::export::new).post(actions::export_tasks::begin))
        .route("/exports/{id}", get(pages::export::get))
        .route("/exports/{id}/file.csv", get(pages::export::file))
        .route("/exports/{id}/remove", post(pages::export::remove))
        .route("/find", get(pages::find::new))
        .route("/finds", post(actions::find_tasks::begin))
        .route("/finds/{id}", get(pages::found::get).post(actions::find_tasks::again))
        .route("/finds/{id}/rows", get(pages::found::rows))
        .route("/finds/{id}/users.csv", get(pages::found::file))
        .route("/finds/{id}/sheet", post(actions::find_tasks::use_for))
        .route("/tasks/{id}", get(pages::task::get))
        .route("/tasks/{id}/events", get(pages::task::events))
        .route("/tasks/{id}/stop", post(actions::task::stop))
        .route("/rehearsals/{id}", get(pages::rehearsal::get))
        .route("/rehearsals/{id}/rows", get(pages::rehearsal::rows))
        .route("/rehearsals/{id}/report.csv", get(pages::rehearsal::csv))
        .route("/rehearsals/{id}/report.html", get(pages::rehearsal::html))
        .route("/exports/{id}/file.xlsx", get(pages::export::workbook))
}

/// Collections, from their files to the requests of a row.
fn collections() -> Router<Arc<App>> {
    use actions::collection_files::{LIMIT, add, bring, drop_file, job, plan_it, remove};
    Router::new()
        .route("/collections/new", get(pages::collection::new))
        .route("/collections", post(bring).layer(DefaultBodyLimit::max(LIMIT)))
        .route("/collections/{id}", get(pages::collection::get))
        .route("/collections/{id}/files", post(add).layer(DefaultBodyLimit::max(LIMIT)))
        .route("/collections/{id}/drop", post(drop_file))
        .route("/collections/{id}/plan", post(plan_it))
        .route("/collections/{id}/job", post(job))
        .route("/collections/{id}/remove", post(remove))
        .route("/runs/{run}/rows/{row}", get(pages::collection_row::get))
}

/// Plans and runs.
fn runs() -> Router<Arc<App>> {
    Router::new()
        .route("/runs/{run}", get(pages::run::get))
        .route("/runs/{run}/events", get(pages::live::events))
        .route("/runs/{run}/approve", post(actions::approvals::approve))
        .route("/runs/{run}/reject", post(actions::approvals::reject))
        .route("/runs/{run}/start", post(actions::run_actions::start))
        .route("/runs/{run}/go-on", post(actions::run_actions::go_on))
        .route("/runs/{run}/halt", post(actions::run_actions::halt))
        .route("/runs/{run}/pause", post(actions::run_actions::pause))
        .route("/runs/{run}/stop", post(actions::run_actions::stop))
        .route("/runs/{run}/instead", post(actions::missing_names::instead))
        .route("/runs/{run}/resume", post(actions::run_actions::resume))
        .route("/runs/{run}/undo", post(actions::run_actions::undo))
        .route("/runs/{run}/who", get(pages::undo_rows::who))
        .route("/runs/{run}/rehearse", post(actions::run_actions::rehearse))
        .route("/runs/{run}/note", post(actions::notes::write))
        .route("/runs/{run}/retry", post(actions::run_actions::retry))
        .route("/runs/{run}/rows", get(pages::rows::get))
        .route("/runs/{run}/report", get(pages::download::view))
        .route("/runs/{run}/report.csv", get(pages::download::csv))
        .route("/runs/{run}/report.html", get(pages::download::html))
        .route("/runs/{run}/report.xlsx", get(pages::download::xlsx))
        .route("/runs/{run}/pending.csv", get(pages::download::pending))
        .route("/runs/{run}/report.json", get(pages::download::json))
        .route("/runs/{run}/failed.csv", get(pages::download::failed))
        .route("/runs/{run}/members.csv", get(pages::download::members))
        .route("/runs/{run}/postman.zip", get(pages::postman::archive))
}

async fn enter(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let response = match app.door.check(&request) {
        Ok(()) => next.run(request).await,
        Err(refused) => refuse(refused, request.headers()),
    };
    access::close(response)
}
