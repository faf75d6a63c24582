//! Names that were not found are corrected on the plan's page, and the plan is made again.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_app::failure::{Failure, USAGE};
use serde::Deserialize;

use crate::actions::sheet::plan_as_said;
use crate::fault::Fault;
use crate::parts::corrections;
use crate::responses::Answer;
use crate::state::app::App;

/// Which of the names, and what is meant.
#[derive(Deserialize)]
pub struct Written {
    /// What stands in the sheet.
    written: String,
    /// What is to stand there.
    instead: String,
}

/// `POST /runs/{run}/instead`: the rows of a plan that waits are corrected as if somebody had typed it
/// in the sheet.
pub async fn instead(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(asked): Form<Written>,
) -> Answer {
    let run = app.read(move |journal| Ok(journal.run(&id)?.id.to_string())).await?;
    let paper = app.sheet_of(&run).ok_or_else(|| {
        Fault::not_found(
            "the sheet of this plan is not here any more; correct it and bring it again",
        )
    })?;
    let instead = asked.instead.trim();
    let missing = app.plans.aside(&run).missing;
    let name = missing.into_iter().find(|name| name.written == asked.written);
    let name = name.filter(|_| !instead.is_empty()).ok_or_else(|| {
        Failure::new(USAGE, "nothing is asked for this name in this plan; nothing was changed")
            .hint("go back to the plan and look at it again")
    })?;
    if instead == name.written {
        let message = format!("“{instead}” is what stands there already; nothing was changed");
        return Err(Failure::new(USAGE, message).hint("write what is meant instead").into());
    }
    paper.say(|said| corrections::add(said, name.corrected(instead)))?;
    plan_as_said(&app, paper).await
}
