//! A name that was not found, with exactly one near it: one button corrects all its rows and makes the
//! plan anew.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_core::journal::Run;
use headcount_core::plan::Near;
use maud::{Markup, html};
use serde::Deserialize;

use super::{correct, sheet};
use crate::failure::{Failure, USAGE};
use crate::show::many;
use crate::web::answer::{Answer, Fault};
use crate::web::app::App;
use crate::web::layout::short;

/// What is offered at once.
const MOST: usize = 10;

/// Which of the names.
#[derive(Deserialize)]
pub struct Chosen {
    /// What stands in the sheet.
    written: String,
}

/// The names of a plan's skipped rows that could be meant otherwise.
pub fn offers(run: &Run, near: &[Near]) -> Markup {
    html! {
        @if !near.is_empty() {
            div.note.warn {
                p.title { strong { "Not found, but nearly" } }
                @for near in near.iter().take(MOST) {
                    form.near method="post" action={ "/runs/" (run.id) "/use-near" } {
                        input type="hidden" name="written" value=(near.written);
                        span { "There is no “" (short(&near.written, 60)) "”." }
                        button.plain type="submit" {
                            span {
                                "Use " (short(&near.there, 60)) " for "
                                @if near.cells.len() == 1 { "this row" }
                                @else { "these " (many(near.cells.len() as u64, "row")) }
                            }
                        }
                    }
                }
                p.faint { "Your file stays as it is. The plan is made anew, and this one thrown away; nothing was sent." }
            }
        }
    }
}

/// `POST /runs/{run}/use-near`: the rows of a plan that waits are corrected as if somebody had typed it.
pub async fn use_near(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Answer {
    let run = app.read(move |journal| Ok(journal.run(&id)?.id.to_string())).await?;
    let paper = app.sheet_of(&run).ok_or_else(|| {
        Fault::not_found(
            "the sheet of this plan is not here any more; correct it and bring it again",
        )
    })?;
    let near = app.plans.aside(&run).near;
    let near = near.into_iter().find(|near| near.written == chosen.written);
    let near = near.ok_or_else(|| {
        Failure::new(USAGE, "this name is not offered in this plan; nothing was changed")
            .hint("go back to the plan and look at it again")
    })?;
    paper.say(|said| correct::add(said, near.cells))?;
    sheet::plan_as_said(&app, paper).await
}
