//! The link to end the program, below every page.

use maud::{Markup, html};

/// The link, below every page.
pub fn offer() -> Markup {
    html! {
        details.confirm {
            summary.button.plain { "Quit headcount…" }
            form.card method="post" action="/quit" {
                p {
                    "The program ends, and this page with it. An active run finishes its requests and "
                    "stops; you can continue it the next time."
                }
                button.danger type="submit" { "Quit" }
            }
        }
    }
}
