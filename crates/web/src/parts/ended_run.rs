//! The end of a run: how it ended, and the links to its report.

use headcount_app::members_file;
use headcount_app::words::many;
use headcount_journal::{Run, RunState};
use headcount_model::outcome::Counts;
use maud::{Markup, html};

use crate::parts::layout;

/// How it ended: `well` if every row is, else `leftovers`.
pub fn note(run: &Run, counts: &Counts, well: Markup, leftovers: Markup) -> Markup {
    match (run.state == RunState::Finished, run.started_at) {
        (true, _) if counts.all_well() => layout::note("good", "Done", well),
        (true, _) => layout::note("warn", "Done, with rows to look at", leftovers),
        (false, None) => layout::note(
            "info",
            "Discarded",
            html! { p { "This plan was never applied. Nothing was sent." } },
        ),
        (false, Some(_)) => {
            layout::note("info", "Canceled", html! { p { "The remaining rows were never sent." } })
        }
    }
}

/// The links to the report, `more`, and the rows that were never sent.
pub fn links(run: &Run, counts: &Counts, json: &str, more: Markup) -> Markup {
    html! {
        div.actions {
            a.button.plain href={ "/runs/" (run.id) "/report" } target="_blank" { "View report" }
            a.button.plain href={ "/runs/" (run.id) "/report.html" } download { "Download report" }
            a.button.plain href={ "/runs/" (run.id) "/report.xlsx" } download { "Report as XLSX" }
            a.button.plain href={ "/runs/" (run.id) "/report.csv" } download { "Report as CSV" }
            a.button.plain href={ "/runs/" (run.id) "/report.json" } download { (json) }
            (more)
            @if members_file::of(run).is_some() {
                a.button.plain href={ "/runs/" (run.id) "/members.csv" } download { "Download the members" }
            }
            @if counts.pending > 0 {
                a.button.plain href={ "/runs/" (run.id) "/pending.csv" } download {
                    "Download the " (many(counts.pending, "row")) " never sent"
                }
            }
        }
    }
}
