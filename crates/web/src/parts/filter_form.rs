//! The filters of users as fields of a form, from the table that also makes the command's options.

use headcount_people::choose::{self, Apps, FilterOption, Filters, OPTIONS, Takes};
use maud::{Markup, html};

use crate::parts::field_error;
use crate::parts::text::{encoded, foreign};
use crate::state::fields::Fields;
use crate::state::refusal::Wrong;

/// The filters of the fields.
pub fn filters(fields: &Fields) -> Result<Filters, Wrong> {
    let pairs = fields.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    choose::of_fields(pairs).map_err(|wrong| Wrong::new(wrong.name, wrong.why))
}

/// The filters as the query of an address, with a `&` at its end if there are any.
pub fn query(fields: &Fields) -> String {
    let is_filter = |name: &str| OPTIONS.iter().any(|option| option.name == name);
    let given = fields.0.iter().filter(|(name, value)| is_filter(name) && !value.trim().is_empty());
    given.map(|(name, value)| format!("{name}={}&", encoded(value.trim()))).collect()
}

/// The fields. The apps are offered where they are known.
pub fn fields(fields: &Fields, apps: Option<&Apps>, wrong: Option<&Wrong>) -> Markup {
    html! {
        div.filters {
            @for option in &OPTIONS { (field(option, fields, apps, wrong)) }
        }
    }
}

fn field(
    option: &FilterOption,
    fields: &Fields,
    apps: Option<&Apps>,
    wrong: Option<&Wrong>,
) -> Markup {
    let name = option.name;
    let value = fields.one(name).unwrap_or_default();
    let is_wrong = field_error::is_at(wrong, name).then_some("true");
    let described = field_error::described(wrong, name, "");
    match option.takes {
        Takes::Flag => html! {
            label.switch {
                input type="checkbox" name=(name) value="yes" checked[fields.has(name)];
                span { (option.label) }
            }
        },
        Takes::Number(_) | Takes::Day(_) | Takes::Words(_) => html! {
            div.field {
                label for=(name) { (option.label) }
                @match option.takes {
                    Takes::Number(_) => { input id=(name) name=(name) value=(value) inputmode="numeric" size="6"
                        autocomplete="off" aria-invalid=[is_wrong] aria-describedby=[described] data-focus[is_wrong.is_some()]; }
                    _ => { input id=(name) name=(name) value=(value) placeholder=(example(option.takes))
                        autocomplete="off" spellcheck="false" aria-invalid=[is_wrong] aria-describedby=[described] data-focus[is_wrong.is_some()]; }
                }
                (field_error::at(wrong, name))
            }
        },
        Takes::Choice(_, choices) => html! {
            div.field {
                label for=(name) { (option.label) }
                select id=(name) name=(name) {
                    option value="" { (usual(name)) }
                    @for (word, label) in choices.iter().filter(|(_, label)| *label != usual(name)) {
                        option value=(word) selected[value == *word] { (label) }
                    }
                }
                (field_error::at(wrong, name))
            }
        },
        Takes::Choices(_, choices) => boxes(option, fields, choices),
        Takes::Apps(_) => html! {
            @match apps {
                Some(apps) if !apps.0.is_empty() => {
                    @let all: Vec<(&str, &str)> = apps.0.iter().map(|app| (app.heading.as_str(), app.heading.as_str())).collect();
                    (boxes(option, fields, &all))
                }
                _ => { (lines(option, fields, wrong)) }
            }
        },
        Takes::Names(_) => lines(option, fields, wrong),
    }
}

fn boxes(option: &FilterOption, fields: &Fields, choices: &[(&str, &str)]) -> Markup {
    html! {
        fieldset.boxes {
            legend { (option.label) }
            @for (word, label) in choices {
                label.switch {
                    input type="checkbox" name=(option.name) value=(word)
                        checked[fields.all(option.name).any(|value| value == *word)];
                    span { (foreign(label)) }
                }
            }
        }
    }
}

/// A name on each line, because names may have commas.
fn lines(option: &FilterOption, fields: &Fields, wrong: Option<&Wrong>) -> Markup {
    let name = option.name;
    let all = fields.all(name).collect::<Vec<_>>().join("\n");
    html! {
        div.field {
            label for=(name) { (option.label) span.faint { ", one per line" } }
            textarea id=(name) name=(name) rows="2" spellcheck="false" autocomplete="off"
                aria-invalid=[field_error::is_at(wrong, name).then_some("true")]
                aria-describedby=[field_error::described(wrong, name, "")] { (all) }
            (field_error::at(wrong, name))
        }
    }
}

/// What a filter that is not given lists.
fn usual(name: &str) -> &'static str {
    if name == "accounts" { "people" } else { "any" }
}

fn example(takes: Takes) -> &'static str {
    match takes {
        Takes::Day(_) => "2026-01-31",
        Takes::Words(_) => "with commas between them",
        Takes::Flag
        | Takes::Number(_)
        | Takes::Choice(..)
        | Takes::Choices(..)
        | Takes::Names(_)
        | Takes::Apps(_) => "",
    }
}
