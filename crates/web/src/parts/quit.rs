//! The way to end the program, below every page.

use maud::{Markup, html};

/// The way to it, below every page.
pub fn offer() -> Markup {
    html! {
        details.confirm {
            summary.button.plain { "Quit headcount…" }
            form.card method="post" action="/quit" {
                p {
                    "The program ends, and this page with it. A run under way finishes what it has begun and "
                    "stops in order; the next time you can go on with it."
                }
                button.danger type="submit" { "Quit" }
            }
        }
    }
}
