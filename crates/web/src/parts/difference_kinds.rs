//! Links that show only one kind of a list's differences.

use headcount_app::words::thousands;
use maud::{Markup, html};

/// A link for each kind, and one for all. `chosen`: the kind that is shown; empty for all.
pub fn links(
    kinds: &[(String, u64)],
    all: u64,
    chosen: &str,
    address: impl Fn(&str) -> String,
) -> Markup {
    let link = |kind: &str, many: u64| {
        let word = if kind.is_empty() { "all" } else { kind };
        html! {
            li {
                a href=(address(kind)) aria-current=[(chosen == kind).then_some("true")] {
                    (word) " (" (thousands(many)) ")"
                }
            }
        }
    };
    html! {
        nav.kinds aria-label="Kinds of differences" {
            ul {
                (link("", all))
                @for (kind, many) in kinds { (link(kind, *many)) }
            }
        }
    }
}
