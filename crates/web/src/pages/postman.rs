//! A run's plan as a Postman collection, with its environment and data file.

use std::io;
use std::sync::Arc;

use axum::extract::{Path, State};
use headcount_app::postman_export;

use super::download;
use crate::fault::Fault;
use crate::responses::Answer;
use crate::state::app::App;

/// `GET /runs/{run}/postman.zip`.
pub async fn archive(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let made = app.apart(|app| async move {
        let journal = headcount_app::journal::open(&app.context)?;
        let Ok(run) = journal.run(&id) else { return Ok(None) };
        let folder = tempfile::tempdir()?;
        let exported = postman_export::run(&journal, &run, folder.path()).await?;
        let name = format!("headcount-{}-postman.zip", run.id);
        Ok(Some((name, postman_export::archive(&exported)?)))
    });
    let made = made.await?;
    let (name, mut archive) = made.ok_or_else(|| Fault::not_found("there is no such run"))?;
    Ok(download::send(&name, "zip", move |out| {
        io::copy(&mut archive, out)?;
        Ok(())
    }))
}
