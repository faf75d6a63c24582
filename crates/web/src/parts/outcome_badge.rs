//! An outcome as a small sign.

use maud::{Markup, html};

/// An outcome as a small sign with its word.
pub fn outcome(word: &str) -> Markup {
    named(&format!("o-{word}"), word)
}

/// The same with a class of its own.
pub fn named(class: &str, name: &str) -> Markup {
    html! { span class={ "chip " (class) } { span.dot aria-hidden="true" {} (name) } }
}
