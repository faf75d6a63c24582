//! The bar of outcomes: how many rows have each, drawn to scale and in words.

use headcount_app::words::thousands;
use headcount_journal::{Run, RunState};
use headcount_model::outcome::{Counts, Outcome};
use headcount_report::chart::{self, Part};
use maud::{Markup, html};

/// The parts of a bar: each outcome's word with its number of rows.
pub fn parts(counts: &Counts) -> [(&'static str, u64); 6] {
    [
        ("changed", counts.changed),
        ("unchanged", counts.unchanged),
        ("failed", counts.failed),
        ("unknown", counts.unknown),
        ("skipped", counts.skipped),
        ("pending", counts.pending),
    ]
}

/// The words for outcomes, which depend on the run's state: planned or rehearsed rows are never shown as done.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    changed: (&'static str, &'static str),
    unchanged: &'static str,
    failed: &'static str,
    pending: (&'static str, &'static str),
    /// The heading of the column with the changes.
    pub doing: &'static str,
    /// Set if nothing was really changed. A row that would be changed then shows no reason.
    pub is_practice: bool,
}

impl Words {
    /// For a run that was started.
    pub const DONE: Self = Self {
        changed: ("changed", "applied"),
        unchanged: "already in the wanted state",
        failed: "refused, answered with an error, or not sent because of an error",
        pending: ("pending", "not done yet"),
        doing: "What happens",
        is_practice: false,
    };

    /// For this run.
    pub fn of(run: &Run) -> Self {
        match run.state {
            RunState::Sealed | RunState::Unapproved => {
                Self { pending: ("to send", ""), ..Self::DONE }
            }
            RunState::Cancelled | RunState::Rejected if run.started_at.is_none() => {
                Self { pending: ("never sent", ""), doing: "What was planned", ..Self::DONE }
            }
            RunState::Cancelled => {
                Self { pending: ("never sent", ""), doing: "What happened", ..Self::DONE }
            }
            RunState::Finished => Self { doing: "What happened", ..Self::DONE },
            _ => Self::DONE,
        }
    }

    /// For a rehearsal.
    pub fn of_rehearsal() -> Self {
        Self {
            changed: ("would be changed", "applied to the copy"),
            unchanged: "already in the wanted state",
            failed: "refused by the copy",
            pending: ("would not be sent", ""),
            doing: "What would happen",
            is_practice: true,
        }
    }

    /// The CSS class of the color: pending rows are not leftovers.
    pub fn class(&self, word: &'static str) -> &'static str {
        match word {
            "pending" if self.pending.0 == "to send" => "o-to-send",
            "changed" => "o-changed",
            "unchanged" => "o-unchanged",
            "failed" => "o-failed",
            "skipped" => "o-skipped",
            "unknown" => "o-unknown",
            _ => "o-pending",
        }
    }

    /// The name of an outcome.
    pub fn name(&self, word: &'static str) -> &'static str {
        match word {
            "changed" => self.changed.0,
            "pending" => self.pending.0,
            word => word,
        }
    }

    /// The meaning of an outcome, in a few words.
    fn meaning(&self, word: &str) -> &'static str {
        match word {
            "changed" => self.changed.1,
            "unchanged" => self.unchanged,
            "failed" => self.failed,
            "skipped" => "not sent; see the reason",
            "unknown" => "sent, but the site does not show whether it was applied",
            _ => self.pending.1,
        }
    }
}

/// An outcome's word, or `pending`.
pub fn word(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("pending", Outcome::word)
}

/// Only the bar, drawn to scale; a single row is always visible.
pub fn drawn(counts: &Counts, words: &Words, height: u32) -> Markup {
    let parts = parts(counts).map(|(word, rows)| Part {
        class: words.class(word),
        name: words.name(word),
        rows,
    });
    chart::bar(&parts, &in_words(counts, words), height)
}

/// The bar with its numbers in words, each linking to its rows on the page at `rows`; `taken` rows were undone
/// later.
pub fn with_legend(counts: &Counts, words: &Words, taken: u64, rows: &str) -> Markup {
    html! {
        div.counts {
            (drawn(counts, words, 18))
            ul.legend {
                @for (word, many) in parts(counts) {
                    @if many > 0 {
                        @let meaning = words.meaning(word);
                        li {
                            a href={ (rows) "?outcome=" (word) "#rows" } {
                                span class={ "dot " (words.class(word)) } {}
                                strong { (thousands(many)) } " " (words.name(word))
                            }
                            @if !meaning.is_empty() { span.faint { " – " (meaning) } }
                            @if word == "changed" && taken > 0 {
                                span.faint { ", " (thousands(taken)) " of them undone later" }
                            }
                        }
                    }
                }
                @if counts.rows == 0 { li { "no rows" } }
            }
        }
    }
}

/// `5 rows: 3 changed, 2 skipped`, in the run's words.
pub fn in_words(counts: &Counts, words: &Words) -> String {
    let rows = headcount_app::words::many(counts.rows, "row");
    let parts: Vec<_> = (parts(counts).into_iter())
        .filter(|(_, many)| *many > 0)
        .map(|(word, many)| format!("{} {}", thousands(many), words.name(word)))
        .collect();
    if parts.is_empty() { "no rows".into() } else { format!("{rows}: {}", parts.join(", ")) }
}
