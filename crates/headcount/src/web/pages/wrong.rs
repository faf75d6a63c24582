//! What went wrong: what, because of what, and what to do.

use maud::{Markup, html};

use crate::failure::Failure;
use crate::web::door::Refused;
use crate::web::layout::{self, foreign, quoted};

/// A page that could not be made.
pub fn failed(failure: &Failure) -> Markup {
    layout::page(
        "That did not work",
        html! {
            h1 { "That did not work" }
            (words(failure))
            p { a.button href="/" { "To the start page" } }
        },
    )
}

/// A failure as a box.
pub fn words(failure: &Failure) -> Markup {
    html! {
        div.note.bad role="alert" {
            p.title { strong { (foreign(&quoted(&failure.message))) } }
            @for cause in &failure.causes { p { "Because: " (foreign(&quoted(cause))) } }
            @if let Some(hint) = failure.hint_on_page.as_deref().or(failure.hint.as_deref()) { p { "What to do: " (foreign(&quoted(hint))) } }
        }
    }
}

/// Somebody who is not let in. Nothing of the page is shown.
pub fn refused(refused: Refused) -> Markup {
    let (title, text) = match refused {
        Refused::Elsewhere => (
            "Another page led here",
            "For your safety nothing is shown to what other pages ask for.",
        ),
        Refused::Token => (
            "This address does not work any more",
            "An address that headcount prints works once, and only until headcount ends: a bookmark of \
             it, or last week's, is of no use. Start headcount again and open the address that it prints \
             then; if it is still running, end it first (Ctrl-C in its window).",
        ),
        Refused::Host | Refused::Origin | Refused::Cookie => (
            "This page is for whoever started it",
            "Open the address that headcount printed in its window, in this browser. If it has \
             been used already, or is of an earlier start, end headcount (Ctrl-C in its window) and \
             start it again for a new one.",
        ),
    };
    layout::bare(
        title,
        html! {
            p { (text) }
            @if refused == Refused::Elsewhere {
                p { a.button href="/" { "Open the start page" } }
            }
        },
    )
}
