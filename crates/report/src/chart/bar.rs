//! All rows as one bar, with a part for each outcome.

use maud::{Markup, html};

use headcount_model::words::thousands;

/// The bar's length, in units of the SVG.
const WIDE: f64 = 1000.0;

/// The shortest part, so that one row of a million stays visible.
const LEAST: f64 = 6.0;

/// A part of the bar.
#[derive(Clone, Copy, Debug)]
pub struct Part<'p> {
    /// The class of its color.
    pub class: &'p str,
    /// The name of its rows.
    pub name: &'p str,
    /// How many rows.
    pub rows: u64,
}

/// The bar, `height` units tall; `words` is its text for screen readers.
pub fn bar(parts: &[Part<'_>], words: &str, height: u32) -> Markup {
    html! {
        svg.bar role="img" aria-label=(words) viewBox={ "0 0 1000 " (height) }
            preserveAspectRatio="none" height=(height) {
            rect.empty x="0" y="0" width="1000" height=(height) {}
            @for (part, from, wide) in segments(parts) {
                rect class=(part.class) x=(fixed(from)) y="0" width=(fixed(wide)) height=(height) {
                    title { (thousands(part.rows)) " " (part.name) }
                }
            }
        }
    }
}

/// The left edge and the length of each part that has rows.
fn segments<'p>(parts: &[Part<'p>]) -> Vec<(Part<'p>, f64, f64)> {
    let rows = parts.iter().map(|part| part.rows).sum::<u64>().max(1) as f64;
    let there = parts.iter().filter(|part| part.rows > 0);
    let parts: Vec<_> =
        there.map(|part| (*part, (part.rows as f64 / rows * WIDE).max(LEAST))).collect();
    let scale = WIDE / parts.iter().map(|(_, wide)| wide).sum::<f64>().max(1.0);
    let mut from = 0.0;
    (parts.into_iter())
        .map(|(part, wide)| {
            let segment = (part, from, wide * scale);
            from += wide * scale;
            segment
        })
        .collect()
}

fn fixed(number: f64) -> String {
    format!("{number:.2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_of_many_is_seen_and_the_bar_is_full() {
        let part = |class, rows| Part { class, name: "rows", rows };
        let parts = [part("o-changed", 999_999), part("o-failed", 1), part("o-unknown", 0)];
        let found = segments(&parts);
        assert_eq!(found.len(), 2);
        assert!(found[1].2 > LEAST - 0.1, "{found:?}");
        let end = found[1].1 + found[1].2;
        assert!((end - WIDE).abs() < 0.01, "{found:?}");
    }
}
