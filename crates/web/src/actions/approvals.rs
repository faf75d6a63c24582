//! The actions of an approver: approve or reject the plan of a run.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_app::approval;
use serde::Deserialize;
use tokio::runtime::Handle;

use crate::fault::Fault;
use crate::parts::approval::WHY;
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::refusal::Wrong;
use crate::state::sites::context_of_run;

/// The form of a rejection.
#[derive(Deserialize)]
pub struct Rejection {
    #[serde(default)]
    why: String,
}

/// `POST /runs/{run}/approve`.
pub async fn approve(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    decide(app, id, None).await
}

/// `POST /runs/{run}/reject`.
pub async fn reject(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(Rejection { why }): Form<Rejection>,
) -> Answer {
    if why.trim().is_empty() {
        let wrong = Wrong::new(WHY, "Type the reason. The planner reads it.");
        return Ok(go(&app.refusals.keep(&id, wrong, vec![(WHY.to_owned(), why)])));
    }
    decide(app, id, Some(why)).await
}

/// Decides, as the owner of the API token on this computer. The journal blocks, so that it has a thread of its own.
async fn decide(app: Arc<App>, id: String, why: Option<String>) -> Answer {
    let (back, handle) = (format!("/runs/{id}"), Handle::current());
    let done = tokio::task::spawn_blocking(move || {
        let mut journal = headcount_app::journal::open(&app.context)?;
        let run = journal.run(&id)?;
        let context = context_of_run(&app.context);
        handle.block_on(async {
            match why {
                None => approval::approve(&mut journal, &run, &context).await,
                Some(why) => approval::reject(&mut journal, &run, &why, &context).await,
            }
        })
    });
    done.await.map_err(|_| Fault::defect())??;
    Ok(go(&back))
}
