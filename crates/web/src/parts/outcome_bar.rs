//! The bar of outcomes: how many rows of each, at a glance, and in words next to it.

use headcount_app::words::thousands;
use headcount_journal::{Run, RunState};
use headcount_model::outcome::{Counts, Outcome};
use headcount_report::chart::{self, Part};
use maud::{Markup, html};

/// Each part of a bar: its word and how many.
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

/// What the rows of a run are called, which depends on where it is: nothing is shown as done that was
/// only planned or practiced.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    changed: (&'static str, &'static str),
    unchanged: &'static str,
    failed: &'static str,
    pending: (&'static str, &'static str),
    /// The heading of what is done to each row.
    pub doing: &'static str,
    /// Nothing was done: a row that would be changed has no reason to show.
    pub is_practice: bool,
}

impl Words {
    /// Those of a run that was started.
    pub const DONE: Self = Self {
        changed: ("changed", "applied"),
        unchanged: "already in the wanted state",
        failed: "refused, answered with an error, or not sent because of an error",
        pending: ("pending", "not done yet"),
        doing: "What happens",
        is_practice: false,
    };

    /// Those of a run.
    pub fn of(run: &Run) -> Self {
        match run.state {
            RunState::Sealed => Self { pending: ("to send", ""), ..Self::DONE },
            RunState::Cancelled if run.started_at.is_none() => {
                Self { pending: ("never sent", ""), doing: "What was planned", ..Self::DONE }
            }
            RunState::Cancelled => {
                Self { pending: ("never sent", ""), doing: "What happened", ..Self::DONE }
            }
            RunState::Finished => Self { doing: "What happened", ..Self::DONE },
            _ => Self::DONE,
        }
    }

    /// Those of a rehearsal.
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

    /// The class of its color: what waits to be sent is no leftover.
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

    /// An outcome's word, as it is shown.
    pub fn name(&self, word: &'static str) -> &'static str {
        match word {
            "changed" => self.changed.0,
            "pending" => self.pending.0,
            word => word,
        }
    }

    /// What it means, in a few words.
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

/// The bar alone, drawn to scale; a single row can be seen.
pub fn drawn(counts: &Counts, words: &Words, height: u32) -> Markup {
    let parts = parts(counts).map(|(word, rows)| Part {
        class: words.class(word),
        name: words.name(word),
        rows,
    });
    chart::bar(&parts, &in_words(counts, words), height)
}

/// The bar with its numbers in words, each leading to its rows on the page of this address; `taken` rows
/// were undone later.
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

/// `5 rows: 3 changed, 2 skipped`, in the words of their run.
pub fn in_words(counts: &Counts, words: &Words) -> String {
    let rows = headcount_app::words::many(counts.rows, "row");
    let parts: Vec<_> = (parts(counts).into_iter())
        .filter(|(_, many)| *many > 0)
        .map(|(word, many)| format!("{} {}", thousands(many), words.name(word)))
        .collect();
    if parts.is_empty() { "no rows".into() } else { format!("{rows}: {}", parts.join(", ")) }
}
