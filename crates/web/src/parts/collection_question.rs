//! The question after the first row of a collection's run: what it sent and what was answered.

use headcount_app::failure::Failure;
use headcount_app::words::thousands;
use headcount_collections::Kept;
use headcount_journal::{Journal, Run};
use maud::{Markup, html};

use crate::parts::apply_form;
use crate::parts::collection_row::{self, kept};
use crate::parts::layout::foreign;
use crate::state::active_runs::{Canary, Doing, Standing};

/// First rows that are shown with their requests at most.
const SHOWN: usize = 3;

/// The first rows: a row's number and what was kept of it.
pub type FirstRows = Vec<(u64, Kept)>;

/// Reads the first rows, while their answer is waited for.
pub fn first_rows(journal: &Journal, run: &Run, standing: &Standing) -> Result<FirstRows, Failure> {
    let mut rows = FirstRows::new();
    if matches!(standing.doing, Doing::Asking(_)) {
        for canary in standing.canaries.iter().take(SHOWN) {
            let Some(row) = journal.row(&run.id, canary.row)? else { continue };
            rows.extend(kept(journal, run, &row)?.map(|kept| (canary.row, kept)));
        }
    }
    Ok(rows)
}

/// The first rows, and the question.
pub fn ask(run: &Run, standing: &Standing, left: u64, first: &FirstRows) -> Markup {
    let canaries = &standing.canaries;
    let question = match canaries.as_slice() {
        [] => "The first row was applied. Is it right?".to_owned(),
        [canary] => format!("Row {} was applied. Is it right?", canary.row),
        several => format!("The first {} rows were applied. Are they right?", several.len()),
    };
    let others = apply_form::sentence_of_others(run, left, standing.counts.pending);
    html! {
        section.card.ask aria-labelledby="first" {
            h2 #first tabindex="-1" data-focus { (question) }
            @for canary in canaries { (found(canary)) }
            @for (row, kept) in first {
                @if first.len() > 1 { h3 { "Row " (thousands(*row)) } }
                (collection_row::show(kept))
            }
            p { @if left == 1 { "One more row waits" } @else { (thousands(left)) " more rows wait" } " for your answer." }
            div.actions {
                form method="post" action={ "/runs/" (run.id) "/go-on" } { button.danger type="submit" { (others) } }
                form method="post" action={ "/runs/" (run.id) "/halt" } { button.plain type="submit" { "Stop here" } }
            }
        }
    }
}

fn found(canary: &Canary) -> Markup {
    html! {
        p {
            @if canary.ok { span.sign.good { "✓ as wanted" } } @else { span.sign.bad { "✗ not as wanted" } }
            " Row " (thousands(canary.row)) ": " (foreign(&canary.found))
        }
    }
}
