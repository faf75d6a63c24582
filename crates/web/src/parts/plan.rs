//! The parts of a run's page before it is applied, after a stop, and at its end.

use headcount_app::apply::feedable;
use headcount_app::collections::is_collection;
use headcount_app::configuration::choose::SANDBOX;
use headcount_app::rehearse::lacks_for;
use headcount_app::words::reading::facts;
use headcount_app::words::{many, thousands};
use headcount_journal::{Run, RunState, reading};
use headcount_model::job::Job;
use headcount_model::outcome::Counts;
use headcount_people::jobs::{self, Creates};
use headcount_people::plan::Summary;
use maud::{Markup, html};

use crate::jobs::is_irreversible;
use crate::parts::apply_form;
use crate::parts::ended_run;
use crate::parts::layout::{self, foreign, quoted, time};
use crate::parts::outcome_bar;
use crate::parts::undo;
use crate::state::plans::Aside;
use crate::state::rehearsals::Rehearsal;
use crate::state::summary_cache::Facts;

/// A plan that waits: its summary.
pub fn waits(run: &Run, plan: &Summary, aside: &Aside) -> Markup {
    html! {
        (layout::note("info", "Nothing has been sent yet", html! {
            p { "This is what would happen, " a href="#rows" { "row by row" } ". The plan waits here until you apply or discard it." }
        }))
        (shows(run, plan, aside))
    }
}

/// What a plan would do, and what to check in it.
pub fn shows(run: &Run, plan: &Summary, aside: &Aside) -> Markup {
    html! {
        @if plan.steps > 0 && is_irreversible(run.job) { (irreversible(can_be_rehearsed(run, plan))) }
        @if plan.steps > 0 { (apply_form::costs(run, plan, aside.forecast)) }
        (apply_form::warnings(run, plan))
        (read_as(run))
        @if aside.no_descriptions {
            (layout::note("warn", "Descriptions are left out", html! {
                p { "With only an API token, headcount creates groups without a description. With an organization API key, it sends the descriptions." }
            }))
        }
        (apply_form::not_known(run))
        @if let Some((id, rehearsal)) = &aside.rehearsed { (rehearsed(id, rehearsal, plan)) }
    }
}

/// How the columns were read, and which rows were left out.
fn read_as(run: &Run) -> Markup {
    let Some(reading) = reading(run) else { return html! {} };
    let facts = facts(&reading);
    html! {
        details open[facts.iter().any(|fact| fact.is_hidden)] {
            summary { "How the spreadsheet was read" }
            ul {
                @for fact in &facts {
                    li { (fact.what) ": " (foreign(&quoted(&fact.words))) }
                }
            }
        }
    }
}

/// Whether a copy of the site can have all that the run changes.
fn can_be_rehearsed(run: &Run, plan: &Summary) -> bool {
    // A rehearsal reads the spreadsheet's rows, and a list has none of its own.
    let is_list = headcount_people::sync::Drafted::of(run).is_some();
    !is_list && (run.undoes.is_none() && run.site != SANDBOX && lacks_for(run, plan).is_none())
}

/// The warning that this plan cannot be undone.
fn irreversible(can_be_rehearsed: bool) -> Markup {
    layout::note(
        "bad",
        "This cannot be undone",
        html! {
            p {
                "headcount cannot restore what this job removes."
                @if can_be_rehearsed { " Rehearse it first if you are not sure." }
            }
        },
    )
}

/// The result of the plan's rehearsal, and whether it matches the plan.
fn rehearsed(id: &str, rehearsal: &Rehearsal, plan: &Summary) -> Markup {
    let Rehearsal { facts, run: double, at, .. } = rehearsal;
    let counts = &facts.counts;
    // The rehearsal skips what the plan skips; if it skips more, a row was meant to be sent.
    let went_well = counts.failed + counts.unknown + counts.pending == 0
        && counts.skipped <= plan.counts.skipped;
    let (kind, title) = match went_well {
        true => ("good", "Rehearsed: every row was applied to the copy"),
        false => ("warn", "Rehearsed: not every row was applied to the copy"),
    };
    layout::note(
        kind,
        title,
        html! {
            p {
                (time(*at)) ": " (outcome_bar::in_words(counts, &outcome_bar::Words::of_rehearsal())) ". "
                @if let (RunState::Stopped, Some(stop)) = (double.state, &double.stop) { (foreign(&reason(stop))) " " }
                a href={ "/rehearsals/" (id) } { "Look at the rehearsal" }
            }
        },
    )
}

/// The actions on a plan that waits.
pub fn decide(run: &Run, plan: &Summary, facts: &Facts, aside: &Aside) -> Markup {
    html! {
        div #decide {
            (apply_form::start(run, plan, facts, aside.refusal.as_deref()))
            @if plan.steps > 0 && can_be_rehearsed(run, plan) { (rehearse(run, aside.rehearsed.is_some())) }
            div.actions {
                @if let Some(sheet) = &aside.sheet {
                    a.button.plain href={ "/sheets/" (sheet) } { "Change the spreadsheet" }
                }
                @if plan.steps > 0 { (as_collection(run)) }
                details.confirm {
                    summary.button.plain { "Discard this plan…" }
                    form.card method="post" action={ "/runs/" (run.id) "/stop" } {
                        p { "headcount never sends a discarded plan. To plan again, upload the spreadsheet again." }
                        button.danger type="submit" { "Discard the plan" }
                    }
                }
            }
        }
    }
}

/// The plan as files for Postman and Newman; a collection's run has its own files.
fn as_collection(run: &Run) -> Markup {
    html! {
        @if !is_collection(run) {
            a.button.plain href={ "/runs/" (run.id) "/postman.zip" } download { "Download as a Postman collection" }
        }
    }
}

/// The button that rehearses the plan.
fn rehearse(run: &Run, again: bool) -> Markup {
    html! {
        section.card aria-labelledby="rehearse" {
            h2 #rehearse { "Not sure? Rehearse it on a copy" }
            p {
                "headcount copies the users, groups and memberships of your site to a sandbox on this computer, or uses your "
                "exports, and applies the whole plan to the copy. Your site is only read."
            }
            form.actions method="post" action={ "/runs/" (run.id) "/rehearse" } {
                button.plain type="submit" { @if again { "Rehearse it again" } @else { "Rehearse it" } }
                span.faint { "On a large site, making the copy takes some minutes. This plan still waits here." }
            }
        }
    }
}

/// Whether the user paused the run, so that nothing is wrong with it.
pub fn was_paused(run: &Run) -> bool {
    run.state == RunState::Stopped
        && matches!(run.stop.as_deref(), Some("interrupted" | "interrupted at the canary"))
}

/// The title of a run that has not ended.
pub fn title_of_stop(run: &Run) -> (&'static str, &'static str) {
    match run.state {
        RunState::Running => ("warn", "The run was interrupted"),
        _ if was_paused(run) => ("info", "The run is paused"),
        _ => ("warn", "The run has stopped"),
    }
}

/// A run that was paused or stopped, or whose process ended: its progress, and how to continue.
pub fn stopped(run: &Run, plan: &Summary, facts: &Facts, left: u64, aside: &Aside) -> Markup {
    let (kind, title) = title_of_stop(run);
    html! {
        (layout::note(kind, title, html! {
            @if let Some(stop) = run.stop.as_ref().filter(|_| !was_paused(run)) { p { (foreign(&reason(stop))) } }
            @if run.state == RunState::Running {
                p { "headcount quit in the middle of this run. Nothing is lost: everything is in the journal." }
            }
            p { (so_far(&facts.counts, plan.looked_at)) }
            p.faint { "When you continue, headcount first checks on the site whether requests without a recorded response were applied. It applies nothing twice." }
        }))
        (apply_form::warnings(run, plan))
        (apply_form::resume(run, plan, facts, aside.refusal.as_deref()))
        (apply_form::costs(run, plan, None))
        section.card aria-labelledby="instead" {
            h2 #instead { "Instead of continuing" }
            div.actions {
                a.button.plain href={ "/runs/" (run.id) "/report.html" } download { "Download the report so far" }
                @if facts.counts.pending > 0 {
                    a.button.plain href={ "/runs/" (run.id) "/pending.csv" } download {
                        "Download the " (many(facts.counts.pending, "row")) " not sent yet"
                    }
                }
                (cancel(run, ""))
            }
            @if left > 0 { (back_out(run, left, apply_form::was_answered_no(run))) }
        }
    }
}

/// The button that cancels a run, with a confirmation. `first` is what happens before the run ends.
pub fn cancel(run: &Run, first: &str) -> Markup {
    html! {
        details.confirm {
            summary.button.plain { "Cancel the run…" }
            form.card method="post" action={ "/runs/" (run.id) "/stop" } {
                p { (first) "The remaining rows are never sent. " (what_stays(run.job)) }
                button.danger type="submit" { "Cancel the run" }
            }
        }
    }
}

/// What happens to the rows that were applied before a run was canceled.
fn what_stays(job: Job) -> &'static str {
    match is_irreversible(job) {
        true => "What was applied stays, and cannot be undone.",
        false if jobs::of(job).creates != Creates::Nothing => {
            "What was applied stays. An undo removes what was created only if you choose that."
        }
        false => "What was applied stays, and can be undone.",
    }
}

/// The progress of a run.
fn so_far(counts: &Counts, unanswered: u64) -> String {
    let changed = match counts.changed {
        0 => "Nothing was changed yet".to_owned(),
        1 => "1 row was changed so far".to_owned(),
        rows => format!("{} rows were changed so far", thousands(rows)),
    };
    let missing = match unanswered {
        0 => String::new(),
        1 => "; for 1 row no response was recorded".to_owned(),
        rows => format!("; for {} rows no response was recorded", thousands(rows)),
    };
    match counts.pending.saturating_sub(unanswered) {
        0 => format!("{changed}{missing}."),
        1 => format!("{changed}{missing}; 1 row is not sent yet."),
        rows => format!("{changed}{missing}; {} rows are not sent yet.", thousands(rows)),
    }
}

/// The undo of a run that stopped in the middle.
fn back_out(run: &Run, left: u64, is_wrong: bool) -> Markup {
    html! {
        form.actions method="post" action={ "/runs/" (run.id) "/undo" } {
            (undo::remove_created(run.job))
            input type="hidden" name="which" value="all";
            button.plain type="submit" {
                @if left == 1 && is_wrong { "Undo the first row" }
                @else if left == 1 { "Undo the row" }
                @else { "Undo the " (thousands(left)) " rows" }
            }
            span.faint { "You see the plan of the undo first." }
        }
    }
}

/// Why the run stopped, in the page's words.
pub fn reason(stop: &str) -> String {
    match stop {
        "interrupted" => "You paused the run.".into(),
        "interrupted at the canary" => "You paused the run while it waited for your answer.".into(),
        "the answer after the canary was no" => "You stopped the run after the first row.".into(),
        stop => {
            let mut letters = stop.chars();
            let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
            format!("{}{}.", first.unwrap_or_default(), letters.as_str())
        }
    }
}

/// The actions on a finished run.
pub fn ended(run: &Run, facts: &Facts, before: u64, left: u64, aside: &Aside) -> Markup {
    let (counts, reasons) = (&facts.counts, &facts.reasons);
    let feedable = feedable(reasons);
    let well =
        html! { p { (well(counts, before)) @if before > 0 { " " (taken_back(counts, before)) } } };
    let as_collection = html! { @if counts.changed + counts.pending > 0 { (as_collection(run)) } };
    html! {
        (ended_run::note(run, counts, well, html! { p { (leftovers(counts)) } }))
        section.card aria-labelledby="next" {
            h2 #next { "What next?" }
            (ended_run::links(run, counts, "Report as JSON", as_collection))
            @if counts.unknown > 0 && run.state == RunState::Finished {
                form.actions method="post" action={ "/runs/" (run.id) "/resume" } {
                    button.plain type="submit" { "Read the site again for " (many(counts.unknown, "unknown row")) }
                }
            }
            @if feedable > 0 && run.undoes.is_none() { (again(run, counts, feedable)) }
            @if left > 0 { (undo::form(run, left, aside.refusal.as_deref())) }
        }
    }
}

/// The sentence for a run with exit code 0. Rows that were skipped harmlessly may be in no wanted state.
fn well(counts: &Counts, before: u64) -> String {
    let said = match (counts.changed, before, counts.harmless) {
        (0, _, 0) => "Nothing had to be changed: every row was already in the wanted state.",
        (0, ..) => "Nothing had to be changed.",
        (_, 0, 0) => "Every row is in the wanted state.",
        (_, 0, _) => "Every row that was not skipped is in the wanted state.",
        _ => "The changes were applied.",
    };
    format!("{said}{}", harmless(counts))
}

/// The rows that were skipped harmlessly.
fn harmless(counts: &Counts) -> String {
    match counts.harmless {
        0 => String::new(),
        1 => {
            " One skipped row is harmless: it repeats another row, or its cell says no.".to_owned()
        }
        rows => {
            format!(
                " {} skipped rows are harmless: they repeat other rows, or their cells say no.",
                thousands(rows)
            )
        }
    }
}

/// How many rows were undone later.
fn taken_back(counts: &Counts, before: u64) -> String {
    match before {
        rows if rows >= counts.changed => "All of it was undone later.".to_owned(),
        1 => "1 row was undone later.".to_owned(),
        rows => format!("{} rows were undone later.", thousands(rows)),
    }
}

fn leftovers(counts: &Counts) -> String {
    let parts = [
        (counts.failed, "failed"),
        (counts.unknown, "has an unknown result"),
        (counts.skipped, "was skipped"),
        (counts.pending, "was not sent"),
    ];
    let parts: Vec<_> = (parts.iter())
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| {
            let what = match *number {
                1 => (*what).to_owned(),
                _ => what
                    .replace("was ", "were ")
                    .replace("has an unknown result", "have unknown results"),
            };
            format!("{} {what}", many(*number, "row"))
        })
        .collect();
    format!("{}.{} The reasons are below.", parts.join(", "), harmless(counts))
}

fn again(run: &Run, counts: &Counts, rows: u64) -> Markup {
    let others = (counts.failed + counts.unknown + counts.skipped)
        .saturating_sub(counts.harmless)
        .saturating_sub(rows);
    html! {
        h3 { (many(rows, "row")) " to correct or try again" }
        p.faint {
            "They failed, are unknown, or were skipped for a reason that you can correct. Download and correct them, or try them again as they are."
            @if others == 1 {
                " The other row is left out: it would be skipped again."
            } @else if others > 1 {
                " The other " (thousands(others)) " rows are left out: they would be skipped again."
            }
        }
        div.actions {
            a.button.plain href={ "/runs/" (run.id) "/failed.csv" } download { "Download these rows" }
            form method="post" action={ "/runs/" (run.id) "/retry" } { button.plain type="submit" { "Try them again" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page promises an undo only of jobs that have one.
    #[test]
    fn canceling_promises_an_undo_only_if_there_is_one() {
        for job in Job::ALL {
            let without =
                ["user remove", "user unlink", "group delete", "token revoke", "postman run"];
            let has_none = without.contains(&job.command());
            let promised = what_stays(job);
            assert_eq!(promised.contains("cannot be undone"), has_none, "{job}: {promised}");
        }
    }

    /// Every job that creates something leaves it at an undo, unless the user chooses otherwise.
    #[test]
    fn canceling_says_that_an_undo_leaves_what_was_created() {
        for job in Job::ALL {
            let creates = ["user create", "group create", "sync"].contains(&job.command());
            assert_eq!(what_stays(job).contains("only if you choose"), creates, "{job}");
        }
    }

    /// A row whose cell says no, or a duplicate, is in no wanted state; and an undone run may have unchanged rows.
    #[test]
    fn the_sentence_of_a_run_that_ended_well_counts_no_skipped_row() {
        let said = |changed, harmless, before| {
            let counts = Counts { changed, skipped: harmless, harmless, ..Counts::default() };
            well(&counts, before)
        };
        assert_eq!(said(3, 0, 0), "Every row is in the wanted state.");
        assert_eq!(
            said(3, 1, 0),
            "Every row that was not skipped is in the wanted state. One skipped row is harmless: it repeats \
             another row, or its cell says no."
        );
        assert!(
            said(0, 2, 0).starts_with("Nothing had to be changed. 2 skipped rows are harmless")
        );
        assert!(said(0, 0, 0).ends_with("every row was already in the wanted state."));
        assert_eq!(said(3, 0, 3), "The changes were applied.");
    }
}
