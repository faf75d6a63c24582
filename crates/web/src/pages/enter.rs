//! The entry: exchanges the address's token for the cookie.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, html};
use serde::Deserialize;

use crate::responses::{go, page, refuse};
use crate::state::app::App;

/// The query of the address.
#[derive(Deserialize)]
pub struct Token {
    #[serde(default)]
    token: String,
}

/// `GET /enter?token=…`.
pub async fn get(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(asked): Query<Token>,
) -> Response {
    if app.door.has_cookie(&headers) {
        return go("/");
    }
    let cookie = match app.door.enter(&asked.token, &headers) {
        Ok(cookie) => cookie,
        Err(refused) => return refuse(refused, &headers),
    };
    // A page that continues by itself, not a redirect: after a link on another site, a browser does not send a
    // strict cookie in the whole chain of redirects.
    let on = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="refresh" content="0; url=/";
                title { "headcount" }
                link rel="stylesheet" href="/assets/page.css";
            }
            body { main.wide { h1 { "You are signed in" } p { a href="/" { "Continue" } } } }
        }
    };
    (StatusCode::OK, [(SET_COOKIE, cookie)], page(on)).into_response()
}
