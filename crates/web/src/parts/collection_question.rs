//! The question after the first row of a collection's run: its requests and responses.

use headcount_app::failure::Failure;
use headcount_app::words::thousands;
use headcount_collections::Kept;
use headcount_journal::{Journal, Run};
use maud::{Markup, html};

use crate::parts::apply_form;
use crate::parts::collection_row::{self, kept};
use crate::parts::layout::foreign;
use crate::state::active_runs::{Canary, Doing, Standing};

/// For how many first rows the requests are shown.
const SHOWN: usize = 3;

/// The first rows: each row's number and its recorded requests.
pub type FirstRows = Vec<(u64, Kept)>;

/// Reads the first rows, while the question about them is open.
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
