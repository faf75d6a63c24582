//! An outcome as a badge.

use maud::{Markup, html};

/// An outcome as a badge with its word.
pub fn outcome(word: &str) -> Markup {
    named(&format!("o-{word}"), word)
}

/// The same with another CSS class.
pub fn named(class: &str, name: &str) -> Markup {
    html! { span class={ "chip " (class) } { span.dot aria-hidden="true" {} (name) } }
}
