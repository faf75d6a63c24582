//! A failure on a page: what happened, its cause, and what to do.

use headcount_app::failure::{Failure, Lacks};
use maud::{Markup, html};

use crate::access::Refused;
use crate::parts::hint;
use crate::parts::layout::{self, encoded, foreign, quoted};
use crate::parts::place::Place;

/// The page of a failed request.
pub fn failed(failure: &Failure) -> Markup {
    layout::page(
        "This did not work",
        &Place::none(),
        html! {
            h1 { "This did not work" }
            (words(failure))
            p { a.button href="/" { "To the start page" } }
        },
    )
}

/// A failure as a box.
pub fn words(failure: &Failure) -> Markup {
    html! {
        div.note.bad role="alert" {
            @match failure.lacks.as_deref() {
                Some(Lacks::Key { profile, key, has_place, refuses }) => { (no_key(profile, key, *has_place, refuses.as_deref())) }
                Some(Lacks::Keyring) => {
                    (told(failure))
                    p { "What to do: open the keyring, or let it allow headcount, and try again." }
                }
                None => {
                    (told(failure))
                    @if let Some(hint) = failure.hint.as_deref() { p { "What to do: " (hint::words(hint)) } }
                }
            }
        }
    }
}

fn told(failure: &Failure) -> Markup {
    html! {
        p.title { strong { (foreign(&quoted(&failure.message))) } }
        @for cause in &failure.causes { p { "Because: " (foreign(&quoted(cause))) } }
    }
}

/// A missing credential, with the link to enter it.
fn no_key(profile: &str, key: &str, has_place: bool, refuses: Option<&str>) -> Markup {
    html! {
        p.title { strong { "headcount has no " (key) " for " (foreign(profile)) } }
        @if let Some(refuses) = refuses { p { "Because: " (foreign(&quoted(refuses))) } }
        p { "Nothing was sent and nothing is lost." }
        @if has_place {
            p { a.button href={ "/sites/" (encoded(profile)) "/keys" } { "Enter its credentials" } }
        } @else {
            p { "An API token also needs the site's address and your email. Add the site again with both." }
            p { a.button href="/sites/new" { "Add a site" } }
        }
    }
}

/// The page of a refused request. It shows nothing of the program's pages.
pub fn refused(refused: Refused) -> Markup {
    let (title, text) = match refused {
        Refused::Elsewhere => (
            "You came from another website",
            "For your safety, headcount shows nothing to other websites. Open headcount's own address.",
        ),
        Refused::Token => (
            "This address no longer works",
            "Each address works once. Restart headcount (press Ctrl-C in its terminal first, if it is \
             running) and open the new address that it prints.",
        ),
        Refused::Host | Refused::Origin | Refused::Cookie => (
            "Only the browser that opened this page's address can use it",
            "In this browser, open the address that headcount printed in its terminal. If that address \
             was already used or is from an earlier start, restart headcount (press Ctrl-C in its terminal \
             first, if it is running) and open the new address.",
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
