//! Corrects names that were not found, on the plan's page, and makes the plan again.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_people::plan::Missing;

use crate::actions::sheet::plan_as_said;
use crate::fault::Fault;
use crate::parts::corrections;
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::fields::{Fields, Pairs};
use crate::state::refusal::Wrong;

/// `POST /runs/{run}/instead`: corrects the rows of a waiting plan, as if the cells had been typed like this in
/// the spreadsheet, and makes a new plan.
pub async fn instead(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let run = app.read(move |journal| Ok(journal.run(&id)?.id.to_string())).await?;
    let paper = app.sheet_of(&run).ok_or_else(|| {
        Fault::not_found(
            "the spreadsheet of this plan is no longer here; correct it and upload it again",
        )
    })?;
    let missing = app.plans.aside(&run).missing;
    let fields = Fields(pairs);
    let chosen = chosen(&missing, &fields);
    if chosen.is_empty() {
        let message = "No name was corrected. Type the correct name, or choose a suggestion.";
        let wrong = Wrong::new("instead-0", message);
        return Ok(go(&app.refusals.keep(&run, wrong, fields.0)));
    }
    paper.say(|said| {
        let mut cells = said.corrected.clone();
        for (name, instead) in chosen {
            name.correct(&instead, &mut cells);
        }
        corrections::add(said, cells)
    })?;
    plan_as_said(&app, paper).await
}

/// For each name in the form, what the user means: the typed name, else the chosen suggestion.
fn chosen<'m>(missing: &'m [Missing], fields: &Fields) -> Vec<(&'m Missing, String)> {
    let all = fields.has("all");
    let mut chosen = Vec::new();
    for (at, name) in missing.iter().enumerate() {
        // If the plan was made again meanwhile, its form has other names.
        if fields.one(&format!("written-{at}")) != Some(name.written.as_str()) {
            continue;
        }
        let written = fields.one(&format!("instead-{at}")).map(str::trim);
        let near = || fields.one(&format!("use-{at}"));
        let suggested = || name.near.as_ref().filter(|_| all).map(|near| near.there.as_str());
        let meant = written.or_else(near).or_else(suggested);
        if let Some(instead) = meant.filter(|instead| *instead != name.written) {
            chosen.push((name, instead.to_owned()));
        }
    }
    chosen
}
