//! An error message next to its field.

use maud::{Markup, html};

use crate::parts::layout::{foreign, quoted};
use crate::state::refusal::Wrong;

/// Whether the error belongs to this field, for `aria-invalid`.
pub fn is_at(wrong: Option<&Wrong>, field: &str) -> bool {
    wrong.is_some_and(|wrong| wrong.field == field)
}

/// The message, if it belongs to this field.
pub fn at(wrong: Option<&Wrong>, field: &str) -> Markup {
    html! {
        @if let Some(wrong) = wrong.filter(|wrong| wrong.field == field) {
            p.wrong role="alert" id={ (field) "-wrong" } { (foreign(&quoted(&wrong.message))) }
        }
    }
}

/// The ids of the texts that describe the field: its purpose, and its error.
pub fn described(wrong: Option<&Wrong>, field: &str, about: &str) -> Option<String> {
    let texts = match is_at(wrong, field) {
        true => format!("{field}-wrong {about}").trim().to_owned(),
        false => about.to_owned(),
    };
    Some(texts).filter(|texts| !texts.is_empty())
}
