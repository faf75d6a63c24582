//! Steps in words.

use headcount_journal::RowView;
use headcount_model::door::Api;
use headcount_model::step::{About, Step, StepKind, Target};
use headcount_people::steps;

/// What a row's step does, in words.
pub fn step_words(row: &RowView) -> String {
    match &row.step {
        Some(step) => words(step.kind, step.api, &step.target),
        None => row.cells.join(", "),
    }
}

/// The user of a row, as people know them: `Dumisani Nkosi (dnkosi@banc.ly)`, with the group.
pub fn person_words(row: &RowView) -> String {
    let Some(step) = &row.step else { return row.cells.join(", ") };
    let (person, group) = (step.target.person(), step.target.which());
    match step.kind.about() {
        About::Group => group.to_owned(),
        About::Membership => format!("{person}, {group}"),
        About::User => person,
    }
}

/// What a single step does, with the person's name where it is known: `Reactivate Dumisani Nkosi`.
pub fn one_step_words(step: &Step) -> String {
    let named = Target { mail: None, ..step.target.clone() };
    let target = if step.target.name.is_some() { &named } else { &step.target };
    let words = words(step.kind, step.api(), target);
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// What a step of this kind does to its target through an API; `None`: which is not recorded.
pub fn words(kind: StepKind, api: Option<Api>, target: &Target) -> String {
    (steps::of(kind).does)(target, api)
}
