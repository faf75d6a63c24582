//! Which address is answered by what. Every answer goes through the door.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::answer::{Fault, refuse};
use super::app::App;
use super::{assets, door, pages};

/// The whole page.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(pages::home::get))
        .route("/enter", get(pages::enter::get))
        .route("/runs/{run}", get(pages::run::get))
        .route("/runs/{run}/rows", get(pages::rows::get))
        .route("/runs/{run}/report.csv", get(pages::download::csv))
        .route("/runs/{run}/report.json", get(pages::download::json))
        .route("/runs/{run}/failed.csv", get(pages::download::failed))
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
