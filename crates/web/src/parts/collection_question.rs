//! The question after the first row of a collection's run: its requests and responses.

use headcount_app::failure::Failure;
use headcount_app::words::thousands;
use headcount_collections::Kept;
use headcount_journal::{Journal, Run};
use maud::{Markup, html};

use crate::parts::canary_question;
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
    let found = html! {
        @for canary in &standing.canaries { (found(canary)) }
        @for (row, kept) in first {
            @if first.len() > 1 { h3 { "Row " (thousands(*row)) } }
            (collection_row::show(kept))
        }
    };
    canary_question::ask(run, standing, left, found, ("", "row"))
}

fn found(canary: &Canary) -> Markup {
    html! {
        p {
            @if canary.ok { span.sign.good { "✓ as wanted" } } @else { span.sign.bad { "✗ not as wanted" } }
            " Row " (thousands(canary.row)) ": " (foreign(&canary.found))
        }
    }
}
