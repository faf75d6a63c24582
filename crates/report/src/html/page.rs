//! The page without its rows: job, site, time, outcomes and reasons.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use headcount_journal::{Course, ReasonCount, Run, RunState, TakenBack};
use headcount_journal::{Did, SANDBOX, exports_used};
use headcount_model::outcome::{Counts, Outcome};
use jiff::tz::TimeZone;
use maud::{Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::people;
use super::text::{seen, time};
use crate::chart::{self, Part, Throughput};
use crate::numbers::duration;
use crate::{Subject, corrected};
use headcount_model::words::{many, thousands};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The meaning of the outcomes, for readers who do not know headcount.
pub const MEANINGS: [(Option<Outcome>, &str); 6] = [
    (Some(Outcome::Changed), "applied"),
    (Some(Outcome::Unchanged), "already in the wanted state"),
    (
        Some(Outcome::Failed),
        "refused by the site, answered with an error, or not sent because of an error",
    ),
    (Some(Outcome::Skipped), "never sent; each row has the reason"),
    (Some(Outcome::Unknown), "sent, but the site does not show whether it was applied"),
    (None, "not done yet"),
];

/// A policy that allows only this style and this script; a server of the page sends it too.
pub fn html_policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// The head, with the policy.
pub fn head(run: &Run) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(html_policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="robots" content="noindex";
            title { (run.job.command()) " · " (run.id.as_str()) " · " (seen(&run.site)) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// A run, and what the report needs to present it.
pub struct Told<'t> {
    /// The run.
    pub run: &'t Run,
    /// Its subject.
    pub subject: &'t Subject,
    /// The reader's time zone.
    pub zone: &'t TimeZone,
    /// Counts of its rows.
    pub counts: &'t Counts,
}

/// The top of the page: the run, its outcomes, and the users it was about.
pub fn summary(
    told: &Told,
    reasons: &[ReasonCount],
    taken: &[TakenBack],
    people: &[people::Line],
) -> Markup {
    let Told { run, subject, counts, .. } = *told;
    html! {
        header {
            p.over { "headcount · report of run " (run.id.as_str()) }
            h1 { (heading(run, subject)) }
            p.lead { (outcome_in_words(run, counts)) }
            @for taken in taken {
                p.lead { "Undone later: " (many(taken.rows, "row")) ", by run " (taken.by.as_str()) "." }
            }
            (corrections(run))
            (people::lines(people))
        }
        (facts(told))
        section aria-labelledby="outcomes" {
            h2 #outcomes { "Outcomes" }
            ul.tiles {
                @for (outcome, meaning) in MEANINGS {
                    @let count = of(counts, outcome);
                    @if count > 0 {
                        li.tile.(word(outcome)) {
                            span.count { (thousands(count)) }
                            span.word { (word(outcome)) }
                            span.meaning { (if outcome.is_some() { meaning } else { people::pending(run) }) }
                        }
                    }
                }
            }
            (bar(counts))
            @if !reasons.is_empty() { (why(reasons)) }
        }
    }
}

/// All rows as one bar.
fn bar(counts: &Counts) -> Markup {
    let classes = MEANINGS.map(|(outcome, _)| format!("o-{}", word(outcome)));
    let parts: Vec<_> = (MEANINGS.iter().zip(&classes))
        .map(|((outcome, _), class)| Part {
            class,
            name: word(*outcome),
            rows: of(counts, *outcome),
        })
        .collect();
    let there = parts.iter().filter(|part| part.rows > 0);
    let told: Vec<_> =
        there.map(|part| format!("{} {}", thousands(part.rows), part.name)).collect();
    chart::bar(&parts, &told.join(", "), 18)
}

/// The most corrected rows that are listed by number; if there are more, only their count is shown.
const TOLD: u64 = 30;

/// Rows whose cells differ from the file.
fn corrections(run: &Run) -> Markup {
    let rows = corrected(run);
    let were = if rows.count() == 1 { "row was" } else { "rows were" };
    html! {
        @if !rows.is_empty() {
            p {
                (thousands(rows.count())) " " (were) " corrected on the page"
                @if rows.count() <= TOLD { ": row" @if rows.count() > 1 { "s" } " " (rows) }
                ". " bdi { (seen(&run.input)) } " itself was not changed."
            }
        }
    }
}

/// The end of the page.
pub fn foot() -> Markup {
    html! {
        footer {
            p {
                "Made by headcount " (env!("CARGO_PKG_VERSION")) " from its journal. This page is one "
                "file: it loads nothing and sends nothing. Times are local to the computer that made it."
            }
        }
        script { (PreEscaped(SCRIPT)) }
    }
}

/// The word of an outcome, with `pending` for none.
pub fn word(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("pending", Outcome::word)
}

/// How many rows have this outcome.
pub fn of(counts: &Counts, outcome: Option<Outcome>) -> u64 {
    match outcome {
        Some(Outcome::Changed) => counts.changed,
        Some(Outcome::Unchanged) => counts.unchanged,
        Some(Outcome::Failed) => counts.failed,
        Some(Outcome::Skipped) => counts.skipped,
        Some(Outcome::Unknown) => counts.unknown,
        None => counts.pending,
    }
}

fn heading(run: &Run, subject: &Subject) -> String {
    let what = subject.heading;
    match &run.undoes {
        Some(undone) => format!("{what}: undo of run {undone}"),
        None => what.to_owned(),
    }
}

fn outcome_in_words(run: &Run, counts: &Counts) -> String {
    let parts: Vec<_> = MEANINGS
        .iter()
        .filter(|(outcome, _)| of(counts, *outcome) > 0)
        .map(|(outcome, _)| format!("{} {}", thousands(of(counts, *outcome)), word(*outcome)))
        .collect();
    let rows = many(counts.rows, "row");
    match parts.as_slice() {
        [] => format!("{rows}; {}.", state(run)),
        parts => format!("{rows}: {}.", parts.join(", ")),
    }
}

/// The run's state, in the words of the page.
fn state(run: &Run) -> &'static str {
    match (run.state, run.started_at) {
        (RunState::Cancelled, None) => "discarded; it was never started",
        (RunState::Cancelled, Some(_)) => "canceled",
        (RunState::Unapproved, _) => "waiting for approval",
        (state, _) => state.word(),
    }
}

fn heading_of(did: Did) -> &'static str {
    match did {
        Did::Planned => "Planned by",
        Did::Approved => "Approved",
        Did::Rejected => "Rejected",
        Did::Started => "Started by",
        Did::Resumed => "Continued",
        Did::Canceled => "Canceled",
    }
}

fn facts(told: &Told) -> Markup {
    let Told { run, subject, zone, counts } = told;
    let took = run.started_at.zip(run.ended_at).map(|(started, ended)| {
        duration(ended.duration_since(started).try_into().unwrap_or_default())
    });
    html! {
        dl.facts {
            @if run.site == SANDBOX {
                div { dt { "Site" } dd { "Sandbox: no real site was changed" } }
            } @else {
                div { dt { "Site" } dd { bdi { (seen(&run.site)) } } }
                @if let Some(organization) = &subject.organization {
                    div { dt { "Organization" } dd { bdi { (seen(organization)) } } }
                }
            }
            div {
                dt { "Run by" }
                dd {
                    @if let Some(who) = run.author() { bdi { (seen(who)) } ", with " }
                    "the profile " bdi { (seen(&run.profile)) }
                }
            }
            @if run.undoes.is_none() {
                div { dt { "File" } dd { bdi { (seen(&run.input)) } ", " (many(counts.rows, "row")) } }
            }
            @let exports = exports_used(run);
            @if !exports.is_empty() {
                div { dt { "Ids from" } dd { bdi { (seen(&exports.join(", "))) } } }
            }
            @for (what, at) in
                [("Planned", run.sealed_at), ("Started", run.started_at), ("Ended", run.ended_at)]
            {
                @if let Some(at) = at { div { dt { (what) } dd { (time(at, zone)) } } }
            }
            @for act in run.acts.iter().filter(|act| act.did != Did::Planned) {
                div {
                    dt { (heading_of(act.did)) }
                    dd {
                        (time(act.at, zone)) ", by " bdi { (seen(&act.by.name)) }
                        @if let Some(why) = &act.note { ": " bdi { (seen(why)) } }
                    }
                }
            }
            @if let Some(took) = took { div { dt { "Took" } dd { (took) ", including waits for your answers" } } }
            @if let Some(note) = run.options["note"].as_str().filter(|note| !note.is_empty()) {
                div { dt { "Note" } dd { bdi { (seen(note)) } } }
            }
            div {
                dt { "State" }
                dd {
                    (state(run))
                    @if let Some(stop) = &run.stop { ": " (seen(stop)) }
                }
            }
        }
    }
}

fn why(reasons: &[ReasonCount]) -> Markup {
    html! {
        div.scroll {
            table {
                caption { "Reasons, and what to do" }
                thead {
                    tr {
                        th.number scope="col" { "Rows" }
                        th scope="col" { "Outcome" }
                        th scope="col" { "Reason" }
                        th scope="col" { "Meaning" }
                    }
                }
                tbody {
                    @for reason in reasons {
                        tr {
                            td.number { (thousands(reason.rows)) }
                            td.nowrap { span.dot.(reason.outcome.word()) {} (reason.outcome.word()) }
                            td { code { (reason.reason.word()) } }
                            td { (reason.reason.meaning()) }
                        }
                    }
                }
            }
        }
    }
}

/// The run over time, and what was sent.
pub fn in_time(run: &Run, course: &Course) -> Markup {
    let sent: u64 = course.calls.iter().map(|call| call.many).sum();
    let refused: u64 = course.calls.iter().map(|call| call.refused).sum();
    let waited = u64::try_from(Throughput::of(course, &[]).waited).unwrap_or_default();
    html! {
        section aria-labelledby="time" {
            h2 #time { "Timing" }
            p {
                (many(sent, "request")) " for changes"
                @if refused > 0 {
                    ", " (thousands(refused)) " refused by the site's rate limit and sent again, about "
                    (duration(Duration::from_secs(waited))) " of waiting."
                } @else { "; none refused by the site's rate limit." }
            }
            (chart::rate(course, &[]))
            details {
                summary { "Requests by call" }
                p { "Command: " code { "headcount " (run.job.command()) } }
                (chart::calls(&course.calls))
            }
        }
    }
}
