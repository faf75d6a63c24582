//! The bar at the lower edge of the window: what this page will do, on which site, and the primary action. It is
//! visible however long the page is.

use headcount_app::words::{many, thousands};
use headcount_journal::{Run, RunState};
use headcount_model::outcome::Counts;
use headcount_people::plan::Summary;
use maud::{Markup, html};

use crate::jobs::is_irreversible;
use crate::parts::apply_form::{lowercase, one, sentence_of_others, was_answered_no, whole};
use crate::parts::place::Place;
use crate::state::summary_cache::Facts;

/// The bar of a run's page.
pub fn of_run(run: &Run, facts: &Facts) -> Markup {
    match (&facts.plan, run.state) {
        (Some(plan), RunState::Unapproved) => frame(
            &html! { strong { (whole(run, plan, facts)) } " on " (Place::of_run(run).name()) " · waits for approval" },
            &html! { a.button href="#decide" { "Approve or reject" } },
        ),
        (Some(plan), _) => of_plan(run, plan, facts),
        (None, RunState::Finished) => frame(
            &html! { strong { (in_short(&facts.counts)) } },
            &html! {
                a.button href={ "/runs/" (run.id) "/report" } target="_blank" { "View report" }
                a.button.plain href="#next" { "What next?" }
            },
        ),
        (None, _) => html! {},
    }
}

/// The plan's effect, the site, and the button that applies or continues it.
fn of_plan(run: &Run, plan: &Summary, facts: &Facts) -> Markup {
    let verb = if run.state == RunState::Sealed { "start" } else { "resume" };
    let sentence = whole(run, plan, facts);
    let (rows, others) = (facts.counts.pending.saturating_sub(1), plan.steps.saturating_sub(1));
    let then = lowercase(&sentence_of_others(run, others, rows));
    let words = html! {
        @if plan.steps == 0 { strong { "Nothing to send" } } @else { strong { (sentence) } }
        " on " (Place::of_run(run).name())
        @if plan.steps > 0 && is_irreversible(run.job) { " · " strong.bad { "cannot be undone" } }
        @if plan.steps > 1 {
            span.one-first.faint { " · " (one(verb)) " first; when you agree, " (then) }
        }
    };
    let actions = html! {
        button type="submit" form="send" class=[class(run)] {
            @if plan.steps == 0 { "Finish it" }
            @else if verb == "resume" { "Continue" }
            @else if plan.steps > 1 {
                span.one-first { "Apply the first row" }
                span.all-at-once { (sentence) }
            } @else { (sentence) }
        }
        a.button.plain href="#decide" { "Options" }
    };
    frame(&words, &actions)
}

/// Plans that cannot be undone have another color. After a wrong first row, continuing is not the primary action.
fn class(run: &Run) -> Option<&'static str> {
    if was_answered_no(run) {
        return Some("plain");
    }
    is_irreversible(run.job).then_some("danger")
}

/// A finished run in a few words.
fn in_short(counts: &Counts) -> String {
    match counts.all_well() {
        true => format!("{} done", many(counts.rows, "row")),
        false => {
            let left = counts.failed + counts.unknown + counts.skipped + counts.pending;
            let left = left.saturating_sub(counts.harmless);
            format!("{}, {} to look at", many(counts.rows, "row"), thousands(left))
        }
    }
}

/// The bar with a text and actions.
fn frame(words: &Markup, actions: &Markup) -> Markup {
    html! {
        div.action-bar role="region" aria-label="What to do" {
            div.words { (words) }
            div.actions { (actions) }
        }
    }
}
