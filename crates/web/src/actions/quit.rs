//! Ends the program from the page.

use std::sync::Arc;

use axum::extract::State;
use maud::html;

use crate::parts::layout;
use crate::responses::{Answer, page};
use crate::state::app::App;

/// `POST /quit`: ends the program, after active runs have stopped cleanly.
pub async fn quit(State(app): State<Arc<App>>) -> Answer {
    let is_busy = app.is_busy();
    app.quit.notify_one();
    Ok(page(layout::bare(
        "headcount has ended",
        html! {
            @if is_busy {
                p {
                    "The active run finishes its requests and stops. Nothing is lost: "
                    "start headcount again, and continue the run there."
                }
            }
            p { "You can close this window. This address no longer works: at its next start, headcount opens a new one." }
        },
    )))
}
