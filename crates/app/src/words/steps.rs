//! Steps in words.

use headcount_journal::RowView;
use headcount_model::door::Api;
use headcount_people::steps::{self, About, Step, StepKind, Target};

/// A row's step, in words.
pub fn step_words(row: &RowView) -> String {
    match steps::of_row(row) {
        Some(step) => words(step.payload.kind, step.api(), &step.payload.target),
        None => row.cells.join(", "),
    }
}

/// The user of a row, as people know them: `Dumisani Nkosi (dnkosi@banc.ly)`, with the group.
pub fn person_words(row: &RowView) -> String {
    let Some(step) = steps::of_row(row) else { return row.cells.join(", ") };
    let (person, group) = (step.payload.target.person(), step.payload.target.which());
    match steps::of(step.payload.kind).about {
        About::Group => group.to_owned(),
        About::Membership(_) => format!("{person}, {group}"),
        About::GroupRole => format!("{group}, {}", step.payload.target.role_words()),
        About::Role => format!("{person}, {}", step.payload.target.role_words()),
        About::Token => format!("{person}, {}", step.payload.target.token_words()),
        About::User => person,
    }
}

/// A single step, with the user's name if it is known: `Reactivate Dumisani Nkosi`.
pub fn one_step_words(step: &Step) -> String {
    let named = Target { mail: None, ..step.payload.target.clone() };
    let target = if step.payload.target.name.is_some() { &named } else { &step.payload.target };
    let words = words(step.payload.kind, step.api(), target);
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// A step of this kind for a target through an API; `None` if the API is not recorded.
pub fn words(kind: StepKind, api: Option<Api>, target: &Target) -> String {
    (steps::of(kind).does)(target, api)
}
