//! The options and limits of a collection's run, and its button.

use headcount_app::options::SendOptions;
use headcount_collections::CONCURRENCY;
use headcount_journal::{Run, RunState};
use maud::{Markup, html};

use crate::parts::apply_form::{limit, was_answered_no};
use crate::state::refusal::Refusal;
use crate::state::send_form::SendForm;

/// The form that starts or continues it.
pub fn show(run: &Run, steps: u64, refusal: Option<&Refusal>) -> Markup {
    let is_start = run.state == RunState::Sealed;
    let verb = if is_start { "start" } else { "resume" };
    let refusal = refusal.filter(|refusal| refusal.typed("max_failures").is_some());
    let wrong = refusal.map(|refusal| &refusal.wrong);
    let kept = refusal.map_or_else(|| SendForm::kept(run), SendForm::typed);
    let failed = run.stop.as_deref().is_some_and(|stop| stop.starts_with("the canary "));
    let usual = is_start || run.state == RunState::Running || was_answered_no(run) || failed;
    let canary = refusal.map_or(usual, |_| kept.has_canary());
    let default = SendOptions::default();
    let or = |kept: &str, default: String| match kept.trim() {
        "" => default,
        kept => kept.to_owned(),
    };
    let first = or(&kept.canary_rows, default.canary.to_string());
    let failures = or(&kept.max_failures, default.max_failures.to_string());
    html! {
        form #send .card.send method="post" action={ "/runs/" (run.id) "/" (verb) } {
            h2 { @if is_start { "Apply it" } @else { "Continue" } }
            @if steps > 1 {
                label.switch {
                    input type="checkbox" name="canary" value="yes" checked[canary];
                    span {
                        "Apply " @if is_start { "one row" } @else { "one more row" } " first and ask before continuing"
                        span.faint { "headcount shows you its requests, responses and tests." }
                    }
                }
            }
            details open[kept.has_limits() || wrong.is_some()] {
                summary { "More limits" }
                @if kept.has_limits() && wrong.is_none() { p.faint { "Limits from the last time." } }
                div.limits {
                    (limit(wrong, "canary_rows", "Rows to apply first", &first, "", ""))
                    (limit(wrong, "max_failures", "Stop after this many failed rows in a row with the same reason", &failures, "", "The run also stops if more than half of the last 100 rows failed. 0 turns both off."))
                    (limit(wrong, "rate", "Maximum requests per second", &kept.rate, "as fast as the site allows", ""))
                    (limit(wrong, "concurrency", "Maximum rows at the same time", &kept.concurrency, &CONCURRENCY.to_string(), "if their order does not matter"))
                }
            }
        }
    }
}
