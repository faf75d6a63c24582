//! Writes a note on a run.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_journal::RunState;
use serde::Deserialize;
use serde_json::json;

use crate::fault::Fault;
use crate::notes::{LONGEST, NOTE};
use crate::responses::{Answer, go};
use crate::state::app::App;

/// The fields of the form.
#[derive(Deserialize)]
pub struct Written {
    #[serde(default)]
    note: String,
}

/// `POST /runs/{run}/note`: replaces the older note; an empty one removes it.
pub async fn write(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(written): Form<Written>,
) -> Answer {
    let back = format!("/runs/{id}");
    let note: String = written.note.trim().chars().take(LONGEST).collect();
    let writing = Arc::clone(&app);
    let done = tokio::task::spawn_blocking(move || {
        writing.with_journal(|journal| {
            let run = journal.run(&id)?;
            if run.state != RunState::Draft {
                journal.add_options(&run.id, &json!({ NOTE: note }))?;
            }
            Ok(())
        })
    });
    done.await.map_err(|_| Fault::defect())??;
    Ok(go(&back))
}
