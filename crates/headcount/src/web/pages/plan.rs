//! What a run's page says before it is sent, where it stopped, and at its end.

use headcount_core::journal::{Run, RunState, TakenBack};
use headcount_core::plan::Summary;
use headcount_core::values::job::Job;
use headcount_core::values::outcome::Counts;
use maud::{Markup, html};

use super::send;
use crate::show::{many, thousands};
use crate::web::facts::Facts;
use crate::web::layout::{self, foreign};
use crate::web::planning::Aside;
use crate::work::send::{can_be_undone, feedable};

/// A plan that waits.
pub fn waits(run: &Run, plan: &Summary, aside: Aside) -> Markup {
    html! {
        (layout::note("info", "Nothing has been sent yet", html! {
            p {
                "This is what would happen, "
                a href="#rows" { "row by row below" }
                ". It waits here until you start it or throw it away."
            }
        }))
        @if plan.steps > 0 { (send::costs(run, plan, aside.forecast)) }
        (send::look_twice(plan))
        @if aside.no_descriptions {
            (layout::note("warn", "Descriptions are left out", html! {
                p { "With an API token alone groups are made without a description; an organisation API key sends it." }
            }))
        }
        (send::not_known(run))
        (send::start(run, plan))
        @if plan.steps > 0 && run.undoes.is_none() { (rehearse(run)) }
        form.actions method="post" action={ "/runs/" (run.id) "/stop" } {
            button.plain type="submit" { "Throw this plan away" }
        }
    }
}

/// The way to try it first.
fn rehearse(run: &Run) -> Markup {
    html! {
        section.card aria-labelledby="rehearse" {
            h2 #rehearse { "Not sure? Rehearse it on a double" }
            p {
                "headcount copies what your site shows (people, groups, who is in which) into a practice site on "
                "this computer and does everything there: the first row, all others, the report. Your own site is only read."
            }
            form.actions method="post" action={ "/runs/" (run.id) "/rehearse" } {
                button.plain type="submit" { "Rehearse it" }
                span.faint { "On a large site the copying takes some minutes. Afterwards this plan still waits here." }
            }
        }
    }
}

/// A run that stopped, or whose process ended.
pub fn stopped(run: &Run, plan: &Summary) -> Markup {
    let title = match run.state {
        RunState::Running => "It was interrupted",
        _ => "It has stopped",
    };
    html! {
        (layout::note("warn", title, html! {
            @if let Some(stop) = &run.stop { p { (foreign(&reason(stop))) } }
            @if run.state == RunState::Running {
                p { "The program ended in the middle. Nothing is lost: everything is in the journal." }
            }
            p { "Going on looks first at what was sent without an answer; nothing is done twice." }
        }))
        (send::costs(run, plan, None))
        (send::resume(run, plan))
        @if run.state == RunState::Stopped {
            details.confirm {
                summary.button.plain { "Stop for good…" }
                form.card method="post" action={ "/runs/" (run.id) "/stop" } {
                    p { "The rows that are left are never sent. What was done stays, and can be undone." }
                    button.danger type="submit" { "Stop for good" }
                }
            }
        }
    }
}

/// Why it stopped, as the page says it.
pub fn reason(stop: &str) -> String {
    match stop {
        "interrupted" => "You paused it.".into(),
        "interrupted at the canary" => "It was stopped while it waited for your answer.".into(),
        "the answer after the canary was no" => "You stopped it after the first row.".into(),
        stop => {
            let mut letters = stop.chars();
            let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
            format!("{}{}.", first.unwrap_or_default(), letters.as_str())
        }
    }
}

/// What can be done at the end.
pub fn ended(run: &Run, facts: &Facts, taken_back: bool) -> Markup {
    let (counts, reasons) = (&facts.counts, &facts.reasons);
    let feedable = feedable(reasons);
    let well = match taken_back {
        true => "Every row was as you wanted it, until some were taken back.",
        false => "Every row is as you wanted it.",
    };
    html! {
        @if run.state == RunState::Finished {
            @if counts.all_well() {
                (layout::note("good", "Done", html! { p { (well) } }))
            } @else {
                (layout::note("warn", "Done, with rows to look at", html! { p { (leftovers(counts)) } }))
            }
        } @else if run.started_at.is_none() {
            (layout::note("info", "Thrown away", html! { p { "This plan was never started. Nothing was sent." } }))
        } @else {
            (layout::note("info", "Given up", html! { p { "The rows that were left were never sent." } }))
        }
        section.card aria-labelledby="next" {
            h2 #next { "What now?" }
            div.actions {
                a.button.plain href={ "/runs/" (run.id) "/report.html" } download { "Download report" }
                a.button.plain href={ "/runs/" (run.id) "/report.csv" } download { "Report as CSV" }
                a.button.plain href={ "/runs/" (run.id) "/report.json" } download { "Report as JSON" }
            }
            @if counts.unknown > 0 && run.state == RunState::Finished {
                form.actions method="post" action={ "/runs/" (run.id) "/resume" } {
                    button.plain type="submit" { "Look again at " (many(counts.unknown, "unknown row")) }
                }
            }
            @if feedable > 0 && run.undoes.is_none() { (again(run, feedable)) }
            @if can_be_undone(run.job, reasons) { (undo(run)) }
        }
    }
}

fn leftovers(counts: &Counts) -> String {
    let parts = [
        (counts.failed, "failed"),
        (counts.unknown, "ended unknown"),
        (counts.skipped, "was skipped"),
        (counts.pending, "was not sent"),
    ];
    let parts: Vec<_> = (parts.iter())
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| {
            let what = if *number > 1 { what.replace("was ", "were ") } else { (*what).to_owned() };
            format!("{} {what}", many(*number, "row"))
        })
        .collect();
    let harmless = match counts.harmless {
        0 => String::new(),
        1 => " One of the skipped only repeats another row, which harms nothing.".to_owned(),
        rows => format!(
            " {} of the skipped only repeat other rows, which harms nothing.",
            thousands(rows)
        ),
    };
    format!("{}.{harmless} The reasons are below.", parts.join(", "))
}

fn again(run: &Run, rows: u64) -> Markup {
    html! {
        h3 { (many(rows, "row")) " to try again" }
        p.faint { "Rows that failed, or whose person or group was not found. Download and correct them, or try them again as they are." }
        div.actions {
            a.button.plain href={ "/runs/" (run.id) "/failed.csv" } download { "Download these rows" }
            form method="post" action={ "/runs/" (run.id) "/retry" } { button.plain type="submit" { "Try them again" } }
        }
    }
}

fn undo(run: &Run) -> Markup {
    html! {
        h3 { "Take it back" }
        p.faint { "An undo is a plan of its own: you see it before anything is sent. Only what this run really changed is part of it." }
        form.actions method="post" action={ "/runs/" (run.id) "/undo" } {
            (remove_created(run.job))
            button.plain type="submit" { "Plan the undo" }
            a href="#undo-rows" { "Only some rows" }
        }
    }
}

/// What was created goes only where that is said.
pub fn remove_created(job: Job) -> Markup {
    html! {
        @if matches!(job, Job::CreateUsers | Job::CreateGroups) {
            label.switch {
                input type="checkbox" name="remove_created" value="yes" required;
                span {
                    @if job == Job::CreateUsers { "Take the created users off the site again" }
                    @else {
                        "Delete the created groups again"
                        span.faint { "Only those that nobody is in by now, and that open no app." }
                    }
                }
            }
        }
    }
}

/// What undos took back of a run.
pub fn taken_back(taken: &[TakenBack]) -> Markup {
    html! {
        @if !taken.is_empty() {
            (layout::note("info", "Taken back later", html! {
                ul {
                    @for taken in taken {
                        li {
                            (many(taken.rows, "row")) " by "
                            a href={ "/runs/" (taken.by) } { "run " (taken.by) }
                        }
                    }
                }
            }))
        }
    }
}
