//! The workers: who carries which run and how fast, and which runs wait. Only a journal on a server has them.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use headcount_app::words::{many, short as time_in_words, thousands, time_of_day};
use headcount_app::workers::{Carried, Overview};
use headcount_journal::{QueuedRun, Run, WorkerEntry};
use maud::{Markup, html};

use crate::fault::Fault;
use crate::jobs::run_title;
use crate::parts::layout::{self, file_name, short, time};
use crate::parts::outcome_bar;
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;

/// `GET /workers`.
pub async fn get(State(app): State<Arc<App>>) -> Answer {
    let overview = app.read(|journal| Ok(Overview::read(journal)?)).await?;
    let overview = overview.ok_or_else(|| {
        Fault::not_found("this journal is in a file, which workers on other computers cannot share")
    })?;
    let now = app.context.clock.now();
    let commands: Vec<_> = overview.of(None).collect();
    Ok(page(layout::page(
        "Workers",
        &Place::none(),
        html! {
            h1 { "Workers" }
            p {
                "A worker applies runs that were handed over with " code { "headcount run queue" } ". This is the state at "
                (time(now)) ". "
                a href="/workers" { "Load it again" }
            }
            @if overview.workers.is_empty() {
                p { "There are no workers. To start one on a computer with the credentials: " code { "headcount worker --all" } }
            }
            @for worker in &overview.workers { (of_worker(worker, &overview, now)) }
            @if !commands.is_empty() {
                section aria-labelledby="commands" {
                    h2 #commands { "Commands and pages" }
                    (carried(&commands, now, "Runs of commands and pages"))
                }
            }
            (waiting(&overview.waiting))
            (interrupted(&overview.interrupted))
        },
    )))
}

/// One sentence for the start page, with a link; nothing if the journal is in a file.
pub async fn summary(app: &Arc<App>) -> Result<Markup, Fault> {
    if app.context.journal_server.is_none() {
        return Ok(html! {});
    }
    let Some(overview) = app.read(|journal| Ok(Overview::read(journal)?)).await? else {
        return Ok(html! {});
    };
    let alive = overview.workers.iter().filter(|worker| worker.is_alive).count();
    let applied = overview.carried.iter().filter(|carried| carried.entry.worker.is_some()).count();
    Ok(html! {
        p {
            a href="/workers" { "Workers" } ": "
            (many(alive as u64, "worker")) " at work on " (many(applied as u64, "run")) ", "
            (many(overview.waiting.len() as u64, "run")) " waiting."
        }
    })
}

fn of_worker(worker: &WorkerEntry, overview: &Overview, now: jiff::Timestamp) -> Markup {
    let runs: Vec<_> = overview.of(Some(worker.number)).collect();
    let id = format!("worker-{}", worker.number);
    let seen = time_in_words(Duration::from_secs(worker.seen.as_secs()));
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) {
                "Worker " (worker.number) " on " (short(&worker.host, 60))
                @if !worker.is_alive { " " span.tag { "gone" } }
            }
            dl.facts {
                div { dt { "Last sign of life" } dd { (seen) " ago" } }
                div { dt { "Since" } dd { (time(worker.since)) } }
                div { dt { "Process" } dd { (worker.process) } }
                div {
                    dt { "Takes runs of" }
                    dd {
                        @match &worker.profiles {
                            None => { "all profiles" }
                            Some(names) => { (short(&names.join(", "), 200)) }
                        }
                    }
                }
                div { dt { "At the same time" } dd { "up to " (many(worker.jobs, "run")) } }
            }
            @if runs.is_empty() {
                p.faint { "It applies no run now." }
            } @else {
                (carried(&runs, now, &format!("Runs of worker {}", worker.number)))
            }
        }
    }
}

/// Runs that processes carry.
fn carried(runs: &[&Carried], now: jiff::Timestamp, label: &str) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table {
                thead {
                    tr {
                        th scope="col" { "Run" } th scope="col" { "Site" } th scope="col" { "Rows" }
                        th scope="col" { "Changes in the last minute" } th scope="col" { "Waits until" }
                        th scope="col" { "Process" }
                    }
                }
                tbody {
                    @for one in runs {
                        tr {
                            td {
                                a href={ "/runs/" (one.run.id) } { (run_title(&one.run)) }
                                " " span.faint { (one.run.id) ", " (one.doing()) }
                            }
                            td { (Place::of_run(&one.run).name()) }
                            td { (outcome_bar::in_words(&one.counts, &outcome_bar::Words::of(&one.run))) }
                            td { (thousands(one.entry.settled)) }
                            td {
                                @match one.entry.waits_until {
                                    Some(until) => { (time_of_day(until, now)) }
                                    None => { "–" }
                                }
                            }
                            td { (one.entry.process) " on " (short(&one.entry.host, 60)) }
                        }
                    }
                }
            }
        }
    }
}

fn waiting(waiting: &[(QueuedRun, Run)]) -> Markup {
    html! {
        section aria-labelledby="waiting" {
            h2 #waiting { "Waiting for a worker" }
            @if waiting.is_empty() {
                p.faint { "No run waits." }
            } @else {
                ol.brought {
                    @for (queued, run) in waiting {
                        li {
                            a href={ "/runs/" (run.id) } { (run_title(run)) }
                            span.faint {
                                " " (run.id) " · " (short(&file_name(&run.input), 40)) " · " (Place::of_run(run).name())
                                " · queued " (time(queued.at))
                                @if let Some(by) = &queued.by { " by " (short(by, 60)) }
                            }
                            @if let Some(note) = &queued.note {
                                p.bad { "A worker left it: " (short(note, 300)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Runs that no worker takes over.
fn interrupted(runs: &[Run]) -> Markup {
    html! {
        @if !runs.is_empty() {
            section aria-labelledby="interrupted" {
                h2 #interrupted { "Interrupted, and not in the queue" }
                p.faint { "Their processes ended. No worker takes them over: continue them on their pages." }
                ul.brought {
                    @for run in runs {
                        li {
                            a href={ "/runs/" (run.id) } { (run_title(run)) }
                            span.faint { " " (run.id) " · " (Place::of_run(run).name()) }
                        }
                    }
                }
            }
        }
    }
}
