//! Names that were not found: written anew on the plan's page, or the one that is probably meant taken
//! with one button. All rows of the name are corrected, and the plan is made anew.

use headcount_app::words::many;
use headcount_core::journal::Run;
use headcount_core::plan::{Missing, Near};
use maud::{Markup, html};

use crate::parts::layout::short;

/// What is asked at once.
const MOST: usize = 10;

/// The names that were not found, each with a place to write what is meant.
pub fn offers(run: &Run, missing: &[Missing]) -> Markup {
    html! {
        @if !missing.is_empty() {
            section.note.warn aria-labelledby="missing" {
                h2.title #missing { "Not found" }
                @for (at, name) in missing.iter().take(MOST).enumerate() { (offer(run, at, name)) }
                @if missing.len() > MOST { p { "More of them are below, row by row." } }
                p.faint { "Your file stays as it is. The plan is made anew, and this one thrown away; nothing was sent." }
            }
        }
    }
}

fn offer(run: &Run, at: usize, name: &Missing) -> Markup {
    let rows = match name.rows() {
        1 => "this row".to_owned(),
        rows => format!("these {}", many(rows, "row")),
    };
    let action = format!("/runs/{}/instead", run.id);
    let field = format!("instead-{at}");
    html! {
        div.instead {
            p { "There is no “" (short(&name.written, 60)) "”." }
            @if let Some(near) = &name.near {
                form method="post" action=(action) {
                    input type="hidden" name="written" value=(name.written);
                    input type="hidden" name="instead" value=(near.there);
                    button.plain type="submit" { span { "Use " (called(near)) " for " (rows) } }
                }
            }
            form method="post" action=(action) {
                input type="hidden" name="written" value=(name.written);
                label for=(field) { @if name.near.is_some() { "or write" } @else { "Write" } " what is meant" }
                input id=(field) name="instead" type="text" required maxlength="255" autocomplete="off" spellcheck="false";
                button.plain type="submit" { "Use it for " (rows) }
            }
        }
    }
}

fn called(near: &Near) -> Markup {
    html! { (short(&near.there, 60)) @if let Some(whose) = &near.whose { " (" (short(whose, 60)) ")" } }
}
