//! Stops a task.

use std::sync::Arc;

use axum::extract::{Path, State};

use crate::pages::task::find;
use crate::responses::{Answer, go};
use crate::state::app::App;

/// `POST /tasks/{id}/stop`.
pub async fn stop(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let task = find(&app, &id)?;
    task.stop();
    // A task that cannot be interrupted (reading a spreadsheet) ends in the background.
    Ok(go(&task.back))
}
