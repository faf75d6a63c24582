//! The bar of outcomes: how many rows of each, at a glance, and in words beside it.

use headcount_core::values::outcome::{Counts, Outcome};
use maud::{Markup, html};

use crate::show::thousands;

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

/// What an outcome means, in a few words.
pub fn meaning(word: &str) -> &'static str {
    match word {
        "changed" => "done",
        "unchanged" => "was so already",
        "failed" => "the site refused",
        "skipped" => "not sent, for a reason",
        "unknown" => "sent, effect not known",
        _ => "not done yet",
    }
}

/// An outcome's word, or `pending`.
pub fn word(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("pending", Outcome::word)
}

/// The bar alone, drawn to scale; whoever is there at all can be seen.
pub fn bar(counts: &Counts, height: u32) -> Markup {
    let words = in_words(counts);
    html! {
        svg.bar role="img" aria-label=(words) viewBox={ "0 0 1000 " (height) }
            preserveAspectRatio="none" height=(height) {
            rect.empty x="0" y="0" width="1000" height=(height) {}
            @for (word, many, from, width) in segments(counts) {
                rect class={ "o-" (word) } x=(fixed(from)) y="0" width=(fixed(width)) height=(height) {
                    title { (thousands(many)) " " (word) }
                }
            }
        }
    }
}

/// Word, number, left edge and width of each part, on a bar of 1,000.
fn segments(counts: &Counts) -> Vec<(&'static str, u64, f64, f64)> {
    const LEAST: f64 = 6.0;
    let rows = counts.rows.max(1) as f64;
    let parts: Vec<_> = (parts(counts).into_iter())
        .filter(|(_, many)| *many > 0)
        .map(|(word, many)| (word, many, (many as f64 / rows * 1000.0).max(LEAST)))
        .collect();
    let scale = 1000.0 / parts.iter().map(|(_, _, width)| width).sum::<f64>().max(1.0);
    let mut from = 0.0;
    (parts.into_iter())
        .map(|(word, many, width)| {
            let segment = (word, many, from, width * scale);
            from += width * scale;
            segment
        })
        .collect()
}

/// The bar of a plan: what is pending is to be sent.
pub fn of_plan(counts: &Counts) -> Markup {
    with_words(counts, "planned", |word| match word {
        "pending" => ("to send", ""),
        word => (word, meaning(word)),
    })
}

/// The bar with its numbers in words.
pub fn with_legend(counts: &Counts) -> Markup {
    with_words(counts, "", |word| (word, meaning(word)))
}

fn with_words(
    counts: &Counts,
    class: &str,
    words: impl Fn(&'static str) -> (&'static str, &'static str),
) -> Markup {
    html! {
        div class={ "counts " (class) } {
            (bar(counts, 18))
            ul.legend {
                @for (word, many) in parts(counts) {
                    @if many > 0 {
                        @let (name, meaning) = words(word);
                        li {
                            span class={ "dot o-" (word) } {}
                            strong { (thousands(many)) } " " (name)
                            @if !meaning.is_empty() { span.faint { " – " (meaning) } }
                        }
                    }
                }
                @if counts.rows == 0 { li { "no rows" } }
            }
        }
    }
}

/// `5 rows: 3 changed, 2 skipped`.
pub fn in_words(counts: &Counts) -> String {
    let rows = crate::show::many(counts.rows, "row");
    format!("{rows}: {}", crate::show::runs::short(counts))
}

fn fixed(number: f64) -> String {
    format!("{number:.2}")
}
