//! The question after the first rows: what was found, and whether the run continues.

use headcount_app::collections::is_collection;
use headcount_app::words::thousands;
use headcount_journal::Run;
use maud::{Markup, html};

use crate::jobs::is_irreversible;
use crate::parts::apply_form;
use crate::state::active_runs::Standing;

/// The question, with what was found. `about` is said before the number of steps that wait, and `unit` is one
/// of them: a change or a row.
pub fn ask(
    run: &Run,
    standing: &Standing,
    left: u64,
    found: Markup,
    (about, unit): (&str, &str),
) -> Markup {
    let question = match standing.canaries.as_slice() {
        [] => "The first row was applied. Is it right?".to_owned(),
        [canary] => format!("Row {} was applied. Is it right?", canary.row),
        several => format!("The first {} rows were applied. Are they right?", several.len()),
    };
    let others = apply_form::sentence_of_others(run, left, standing.counts.pending);
    let is_grave = is_collection(run) || is_irreversible(run.job);
    html! {
        section.card.ask aria-labelledby="first" {
            h2 #first tabindex="-1" data-focus { (question) }
            (found)
            p { (about) @if left == 1 { "One more " (unit) " waits" } @else { (thousands(left)) " more " (unit) "s wait" } " for your answer." }
            div.actions {
                form method="post" action={ "/runs/" (run.id) "/go-on" } { button type="submit" class=[is_grave.then_some("danger")] { (others) } }
                form method="post" action={ "/runs/" (run.id) "/halt" } { button.plain type="submit" { "Stop here" } }
            }
        }
    }
}
