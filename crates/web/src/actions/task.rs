//! Ending a task that is not wanted any more.

use std::sync::Arc;

use axum::extract::{Path, State};

use crate::pages::task::find;
use crate::responses::{Answer, go};
use crate::state::app::App;

/// `POST /tasks/{id}/stop`.
pub async fn stop(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let task = find(&app, &id)?;
    task.stop();
    // What cannot be broken off (a sheet that is read) ends first, without anyone waiting.
    Ok(go(&task.back))
}
