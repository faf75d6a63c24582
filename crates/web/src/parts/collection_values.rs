//! The values that a collection's files lack. They are typed, kept in memory, and never stored.

use headcount_collections::{Folder, GivenAs, Lacking};
use maud::{Markup, html};

use crate::parts::collection_choice;
use crate::parts::layout::short;
use crate::state::bundles::{Bundle, Said};

/// Words in names of variables that say where requests are sent. Their values are visible, so that the user can
/// check them.
const PLACES: [&str; 6] = ["url", "host", "domain", "site", "base", "path"];

/// A field.
struct Field<'f> {
    name: &'f str,
    about: String,
    how: GivenAs,
    /// Whether the user decides if the value is hidden.
    is_free: bool,
}

/// The form with the values, and the button that makes the plan.
pub fn form(
    bundle: &Bundle,
    said: &Said,
    lacking: &[Lacking],
    given: &[(String, GivenAs)],
    folders: &[Folder],
) -> Markup {
    let continues = said.continues.is_some();
    let fields: Vec<_> = match continues {
        true => given.iter().map(|(name, how)| of_run(name, *how)).collect(),
        false => lacking.iter().map(|it| of_lacking(it, said)).collect(),
    };
    html! {
        form #values .card.settings method="post" action={ "/collections/" (bundle.id) "/plan" } autocomplete="off" {
            h2 { @if continues { "Check the files" } @else { "Make the plan" } }
            @if fields.is_empty() {
                p { @if continues { "The run needs no other values." } @else { "The files have a value for every variable that headcount can check." } }
            } @else {
                p {
                    "The files have no value for these variables. headcount keeps what you type in memory, never writes it to disk, and deletes it when the run ends."
                }
                @for (at, field) in fields.iter().enumerate() { (shown(at, field, said)) }
            }
            @if !continues { (collection_choice::fields(folders, &said.choice)) }
            p.actions {
                button type="submit" { @if continues { "Check them" } @else { "Make the plan" } }
                span.faint { "Nothing is sent yet." }
            }
        }
    }
}

fn of_run(name: &str, how: GivenAs) -> Field<'_> {
    let about = match how {
        GivenAs::Hidden => "Hidden. It may have changed since the plan was made.",
        GivenAs::Environment | GivenAs::Global => "The same value as when the plan was made.",
    };
    Field { name, about: about.to_owned(), how, is_free: false }
}

fn of_lacking<'f>(it: &'f Lacking, said: &Said) -> Field<'f> {
    let used = match &it.item {
        Some(item) => format!("Used by “{}”.", cut(item)),
        None => "A hidden variable of the environment.".to_owned(),
    };
    let state = if it.is_empty { " The file has it without a value." } else { "" };
    let nearest = match &it.nearest {
        Some(nearest) => format!(" Do you mean “{}”? Then correct the file.", cut(nearest)),
        None => String::new(),
    };
    let lower = it.name.to_lowercase();
    let is_place = PLACES.iter().any(|place| lower.contains(place)) && !it.is_secret;
    let usual = if is_place { GivenAs::Environment } else { GivenAs::Hidden };
    let how = said.typed(&it.name).map_or(usual, |typed| typed.how);
    let about = format!("{used}{state}{nearest}");
    Field { name: &it.name, about, how, is_free: !it.is_secret }
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

fn shown(at: usize, field: &Field<'_>, said: &Said) -> Markup {
    let typed = said.typed(field.name);
    let is_hidden = field.how == GivenAs::Hidden;
    let id = format!("value{at}");
    let how = match field.how {
        GivenAs::Environment => "environment",
        GivenAs::Global => "global",
        GivenAs::Hidden => "hidden",
    };
    // A hidden value is on no page, not even in its own field.
    let value = typed.filter(|_| !is_hidden).map(|typed| typed.value.as_str());
    html! {
        div.field {
            input type="hidden" name={ "name" (at) } value=(field.name);
            label for=(id) { (short(field.name, 80)) }
            input id=(id) name=(id) type=(if is_hidden { "password" } else { "text" }) autocomplete="off" spellcheck="false"
                value=[value] aria-describedby={ (id) "-about" };
            p.faint id={ (id) "-about" } {
                (short(&field.about, 300))
                @if is_hidden && typed.is_some() { " A value was given; leave the field empty to keep it." }
            }
            @if field.is_free {
                label.switch {
                    input type="checkbox" name={ "how" (at) } value="environment" checked[!is_hidden];
                    span { "Show the value in the plan and in reports" }
                }
            } @else {
                input type="hidden" name={ "how" (at) } value=(how);
            }
        }
    }
}
