//! The undo of a run: of all rows, or of rows that are ticked in the table or typed. The button says which, and
//! names the users before anything is planned.

use headcount_app::apply::undoable;
use headcount_app::words::{many, thousands};
use headcount_journal::{RowView, Run, RunId, RunState, TakenBack};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_people::jobs::{self, Creates};
use maud::{Markup, html};

use crate::parts::field_error;
use crate::parts::layout;
use crate::state::refusal::Refusal;
use crate::state::summary_cache::Facts;

/// How many rows an undo of the whole run covers; 0 while the run is active or waits.
pub fn left(run: &Run, facts: &Facts, taken: &[TakenBack]) -> u64 {
    let has_begun =
        matches!(run.state, RunState::Stopped | RunState::Finished | RunState::Cancelled);
    let before: u64 = taken.iter().map(|taken| taken.rows).sum();
    if has_begun { undoable(run.job, &facts.reasons).saturating_sub(before) } else { 0 }
}

/// The form, next to the run's other actions.
pub fn form(run: &Run, left: u64, refusal: Option<&Refusal>) -> Markup {
    let wrong = refusal.map(|refusal| &refusal.wrong);
    let is_wrong = field_error::is_at(wrong, "undo_rows");
    html! {
        h3 #take-back { "Undo it" }
        p.faint {
            "An undo is a new plan: you see it before anything is sent. "
            "It covers only what this run changed."
        }
        form #undo-rows method="post" action={ "/runs/" (run.id) "/undo" }
            data-who={ "/runs/" (run.id) "/who" } {
            (remove_created(run.job))
            // Enter in the field presses the first button.
            div.actions {
                @if left > 1 { (ticked()) }
                button.plain type="submit" name="which" value="all" data-all {
                    @if left == 1 { "Undo the row that was changed" }
                    @else { "Undo all " (thousands(left)) " rows" }
                }
            }
            @if left > 1 {
                details.about open[is_wrong] {
                    summary { "Only some rows" }
                    p #undo_rows_about {
                        "Select them " a href="#rows" { "in the table" }
                        ", on any of its pages, or type their row numbers:"
                    }
                    div.field {
                        label for="undo_rows" { "Rows to undo" }
                        input #undo_rows name="rows" placeholder="such as 3, 7-9" autocomplete="off"
                            value=[refusal.and_then(|refusal| refusal.typed("rows"))]
                            aria-invalid=[is_wrong.then_some("true")] data-focus[is_wrong]
                            aria-describedby=[field_error::described(wrong, "undo_rows", "undo_rows_about")] data-taken;
                        (field_error::at(wrong, "undo_rows"))
                    }
                    div #undo_who role="status" {}
                }
            }
        }
    }
}

/// The button for the ticked rows. The script shows it, with their number, only if rows are ticked.
pub fn ticked() -> Markup {
    html! {
        button.plain type="submit" form="undo-rows" name="which" value="rows" data-some="Undo the # selected"
            data-one="row" data-several="rows" {
            "Undo only the selected rows"
        }
    }
}

/// The box of a row that can be undone.
pub fn tick(row: &RowView, taken: Option<&RunId>) -> Markup {
    let can = row.outcome == Some(Outcome::Changed) && taken.is_none();
    html! {
        @if can {
            input type="checkbox" form="undo-rows" name="row" value=(row.row) data-take
                aria-label={ "Undo row " (row.row) };
        }
    }
}

/// The box that allows to remove created users and groups.
pub fn remove_created(job: Job) -> Markup {
    html! {
        @match jobs::of(job).creates {
            Creates::Nothing => {}
            Creates::Users => (remove_switch("Remove the created users from the site", "")),
            Creates::Groups => (remove_switch(
                "Delete the created groups",
                "Only groups that are empty and give access to no app.",
            )),
        }
    }
}

fn remove_switch(what: &str, limit: &str) -> Markup {
    html! {
        label.switch {
            input type="checkbox" name="remove_created" value="yes" required;
            span { (what) @if !limit.is_empty() { span.faint { (limit) } } }
        }
    }
}

/// The earlier undos of a run.
pub fn taken_back(taken: &[TakenBack]) -> Markup {
    html! {
        @if !taken.is_empty() {
            (layout::note("info", "Undone later", html! {
                ul {
                    @for taken in taken {
                        li {
                            (many(taken.rows, "row")) " by "
                            a href={ "/runs/" (taken.by) } { "run " (taken.by) }
                        }
                    }
                }
            }))
        }
    }
}
