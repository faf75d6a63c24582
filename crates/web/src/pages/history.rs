//! All runs, those of the command line too: searched, filtered, in pages. The start page shows the
//! newest few.
//!
//! What is searched is what a run's line shows, and whom and what its rows are about, the newest runs
//! first and only so many rows. How rows ended is counted for the runs of one page only: a journal may
//! hold thousands.

use std::sync::Arc;

use axum::extract::{Query, State};
use headcount_app::failure::Failure;
use headcount_app::words::{many, thousands};
use headcount_core::journal::{Journal, Run, RunId, RunState, TakenBack};
use headcount_core::values::outcome::Counts;
use maud::{Markup, html};
use serde::Deserialize;

use crate::jobs::run_title;
use crate::pages::run;
use crate::parts::layout::{self, encoded, file_name, short, time};
use crate::parts::outcome_bar;
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;

/// Runs on a page.
const RUNS: usize = 20;

/// So many rows are searched, those of the newest runs; a tenth of a second for a hundred thousand.
const SEARCHED: u64 = 1_000_000;

/// Runs on the start page.
const NEWEST: usize = 5;

/// Runs in the middle that it shows first, whatever was done since.
const IN_THE_MIDDLE: usize = 5;

/// What the address asks.
#[derive(Clone, Default, Deserialize)]
pub struct Asked {
    /// The site that is chosen in this tab.
    site: Option<String>,
    /// A part of the run's id, its job, its site or its file's name, or of what its rows are about.
    #[serde(default)]
    text: String,
    /// The command of its job.
    #[serde(default)]
    job: String,
    /// Its state, in the words of the list.
    #[serde(default)]
    state: String,
    /// The page of the list, from 1.
    page: Option<usize>,
}

impl Asked {
    fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.job.is_empty() && self.state.is_empty()
    }

    fn is_of_kind(&self, run: &Run, state: &str) -> bool {
        (self.job.is_empty() || self.job == run.job.command())
            && (self.state.is_empty() || self.state == run::shown_state(run, state))
    }

    /// Whether the run's own line shows the text.
    fn is_in_line(&self, run: &Run) -> bool {
        let text = self.text.trim().to_lowercase();
        let shown = [run.id.to_string(), run_title(run), file_name(&run.input), run.site.clone()];
        text.is_empty() || shown.iter().any(|shown| shown.to_lowercase().contains(&text))
    }

    fn address(&self, page: usize) -> String {
        let part = |name: &str, value: &str| match value.trim() {
            "" => String::new(),
            value => format!("{name}={}&", encoded(value)),
        };
        let Self { text, job, state, .. } = self;
        let (text, job, state) = (part("text", text), part("job", job), part("state", state));
        format!("/history?{text}{job}{state}page={page}")
    }
}

/// One line of the list.
struct Line {
    run: Run,
    counts: Counts,
    state: &'static str,
    is_asking: bool,
    taken: Vec<TakenBack>,
    /// Its rows have what was searched, and where they are.
    rows: Option<String>,
}

/// A run that fits what was asked.
struct Found {
    run: Run,
    state: &'static str,
    /// Found by its rows, not by what its line shows.
    by_rows: bool,
}

/// Some runs, the newest first.
pub struct Listed {
    lines: Vec<Line>,
    /// How many fit what was asked.
    found: usize,
    /// How many there are.
    all: usize,
    /// The page that is shown, from 1.
    at: usize,
    /// The newest run whose rows were not searched any more.
    unsearched: Option<RunId>,
    /// What can be chosen: commands with their titles, and states.
    jobs: Vec<(&'static str, String)>,
    states: Vec<&'static str>,
}

/// `GET /history`.
pub async fn get(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Answer {
    let place = match &asked.site {
        Some(_) => Place::of(&app.wanted_site(asked.site.clone())?),
        None => Place::none(),
    };
    let (reading, wanted) = (Arc::clone(&app), asked.clone());
    let listed = app.read(move |journal| list(&reading, journal, &wanted)).await?;
    Ok(page(layout::page(
        "All runs",
        &place,
        html! {
            h1 { "All runs" }
            p.faint { "What was done from this computer, on the page or on the command line." }
            @if listed.all > 0 { (filter(&listed, &asked)) }
            (table(&listed))
            (pages(&listed, &asked))
        },
    )))
}

/// Those in the middle, then the newest of the others.
pub fn newest(app: &App, journal: &Journal) -> Result<Listed, Failure> {
    let runs = all(journal)?;
    let all = runs.len();
    let (middle, others): (Vec<_>, Vec<_>) =
        (runs.into_iter()).partition(|(_, state)| is_in_the_middle(state));
    let shown = middle.into_iter().take(IN_THE_MIDDLE).chain(others.into_iter().take(NEWEST));
    let lines = shown
        .map(|(run, state)| line(app, journal, run, state, None))
        .collect::<Result<Vec<_>, Failure>>()?;
    let (jobs, states) = (Vec::new(), Vec::new());
    Ok(Listed { found: lines.len(), lines, all, at: 1, unsearched: None, jobs, states })
}

/// Every run with its state, the newest first.
fn all(journal: &Journal) -> Result<Vec<(Run, &'static str)>, Failure> {
    let mut runs = journal.runs()?;
    runs.retain(|run| run.state != RunState::Draft);
    let with_state = |run| {
        let state = headcount_app::words::runs::state(journal, &run);
        (run, state)
    };
    Ok(runs.into_iter().map(with_state).collect())
}

fn list(app: &App, journal: &Journal, asked: &Asked) -> Result<Listed, Failure> {
    let mut runs = all(journal)?;
    let all = runs.len();
    let (jobs, states) = (jobs(&runs), states(&runs));
    runs.retain(|(run, state)| asked.is_of_kind(run, state));
    let (runs, unsearched) = search(journal, runs, asked)?;
    let found = runs.len();
    let at = asked.page.unwrap_or(1).clamp(1, found.div_ceil(RUNS).max(1));
    let lines = (runs.into_iter().skip((at - 1) * RUNS).take(RUNS))
        .map(|Found { run, state, by_rows }| {
            let text = encoded(asked.text.trim());
            let rows = by_rows.then(|| format!("/runs/{}?text={text}#rows", run.id));
            line(app, journal, run, state, rows)
        })
        .collect::<Result<_, Failure>>()?;
    Ok(Listed { lines, found, all, at, unsearched, jobs, states })
}

fn line(
    app: &App,
    journal: &Journal,
    run: Run,
    state: &'static str,
    rows: Option<String>,
) -> Result<Line, Failure> {
    let facts = app.facts.get(journal, &run, state == "running")?;
    let taken = journal.taken_back(&run.id)?;
    let is_asking = app.runs.find(run.id.as_str()).is_some_and(|live| live.is_asking());
    Ok(Line { run, counts: facts.counts, state, is_asking, taken, rows })
}

/// The runs that have the text in their line or in their rows; and the newest whose rows were too many
/// to be searched.
fn search(
    journal: &Journal,
    runs: Vec<(Run, &'static str)>,
    asked: &Asked,
) -> Result<(Vec<Found>, Option<RunId>), Failure> {
    let (mut found, mut unsearched, mut room) = (Vec::new(), None, SEARCHED);
    for (run, state) in runs {
        if asked.is_in_line(&run) {
            found.push(Found { run, state, by_rows: false });
            continue;
        }
        room = room.saturating_sub(journal.last_row(&run.id)?);
        if room == 0 {
            unsearched.get_or_insert(run.id);
        } else if journal.is_about(&run.id, &asked.text)? {
            found.push(Found { run, state, by_rows: true });
        }
    }
    Ok((found, unsearched))
}

/// The jobs that were done, each once.
fn jobs(runs: &[(Run, &'static str)]) -> Vec<(&'static str, String)> {
    let mut jobs: Vec<_> = (runs.iter())
        .filter(|(run, _)| run.undoes.is_none())
        .map(|(run, _)| (run.job.command(), run_title(run)))
        .collect();
    jobs.sort();
    jobs.dedup();
    jobs
}

/// The states that are there, each once.
fn states(runs: &[(Run, &'static str)]) -> Vec<&'static str> {
    let mut states: Vec<_> = runs.iter().map(|(run, state)| run::shown_state(run, state)).collect();
    states.sort_unstable();
    states.dedup();
    states
}

fn filter(listed: &Listed, asked: &Asked) -> Markup {
    html! {
        form.filter method="get" action="/history" role="search" {
            div.field {
                label for="text" { "Search" }
                input #text type="search" name="text" value=(asked.text) placeholder="A person, a group, a file, a site"
                    aria-describedby="searched";
            }
            div.field {
                label for="job" { "Job" }
                select #job name="job" {
                    option value="" { "All" }
                    @for (command, title) in &listed.jobs {
                        option value=(command) selected[asked.job == *command] { (title) }
                    }
                }
            }
            div.field {
                label for="state" { "State" }
                select #state name="state" {
                    option value="" { "All" }
                    @for state in &listed.states {
                        option value=(state) selected[asked.state == *state] { (state) }
                    }
                }
            }
            button.plain type="submit" { "Filter" }
        }
        p.faint role="status" {
            @if asked.is_empty() {
                (many(listed.all as u64, "run"))
            } @else {
                (listed.found) " of " (many(listed.all as u64, "run")) " "
                a href="/history" { "Clear filters" }
            }
        }
        p #searched .faint {
            "Searched are the run's number, job, file and site, and its rows: cells, people, groups, and what happened."
            @if let Some(run) = &listed.unsearched {
                " The rows of run " (run) " and older ones were not searched: they are too many."
            }
        }
    }
}

/// Those that began and have not ended, where there are any: what a person comes back for.
pub fn unfinished(listed: &Listed) -> Markup {
    let lines: Vec<_> = listed.lines.iter().filter(|line| is_in_the_middle(line.state)).collect();
    html! {
        @if !lines.is_empty() {
            section aria-labelledby="unfinished" {
                h2 #unfinished { "Not finished" }
                ul.brought {
                    @for Line { run, counts, state, is_asking, .. } in lines {
                        li {
                            a href={ "/runs/" (run.id) } { (run_title(run)) }
                            " " (run::badge(run, state, *is_asking, counts))
                            span.faint {
                                " " (short(&file_name(&run.input), 40)) " · " (Place::of_run(run).name()) " · " (time(run.created_at))
                                " · " (outcome_bar::in_words(counts, &outcome_bar::Words::of(run)))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn is_in_the_middle(state: &str) -> bool {
    matches!(state, "running" | "stopped" | "interrupted")
}

/// The table of runs.
pub fn table(listed: &Listed) -> Markup {
    if listed.lines.is_empty() {
        let words = match listed.all {
            0 => "Nothing yet. Runs of the command line show here too.",
            _ => "No run fits.",
        };
        return html! { p.faint { (words) } };
    }
    html! {
        div.scroll tabindex="0" role="region" aria-label="Runs" {
            table.runs {
                thead {
                    tr {
                        th scope="col" { "Run" }
                        th scope="col" { "What" }
                        th scope="col" { "Site" }
                        th scope="col" { "When" }
                        th scope="col" { "State" }
                        th.wider scope="col" { "Rows" }
                    }
                }
                tbody { @for line in &listed.lines { (row(line)) } }
            }
        }
    }
}

/// The way to the others, where not all are shown.
pub fn more(listed: &Listed) -> Markup {
    html! {
        @if listed.all > listed.lines.len() {
            p { a href="/history" { "All " (many(listed.all as u64, "run")) ", with search" } }
        }
    }
}

fn row(line: &Line) -> Markup {
    let Line { run, counts, state, is_asking, taken, rows } = line;
    let words = outcome_bar::Words::of(run);
    let back: u64 = taken.iter().map(|taken| taken.rows).sum();
    html! {
        tr {
            th scope="row" { a.whole href={ "/runs/" (run.id) } { (run.id) } }
            td.what {
                (run_title(run))
                @for taken in taken {
                    br;
                    span.faint { (many(taken.rows, "row")) " undone by " a href={ "/runs/" (taken.by) } { "run " (taken.by) } }
                }
                @if run.undoes.is_none() { br; span.faint { (short(&file_name(&run.input), 40)) } }
                @if let Some(rows) = rows { br; a href=(rows) { "The rows that were found" } }
            }
            td { (Place::of_run(run).name()) }
            td.nowrap { (time(run.created_at)) }
            td { (run::badge(run, state, *is_asking, counts)) }
            td {
                (outcome_bar::bar(counts, &words, 10))
                span.faint {
                    (outcome_bar::in_words(counts, &words))
                    @if back > 0 { "; " (thousands(back)) " undone later" }
                }
            }
        }
    }
}

fn pages(listed: &Listed, asked: &Asked) -> Markup {
    let (last, at) = (listed.found.div_ceil(RUNS).max(1), listed.at);
    html! {
        @if last > 1 {
            nav.pages aria-label="Pages of runs" {
                @if at > 1 { a href=(asked.address(at - 1)) rel="prev" { "Newer" } }
                span { "Page " (at) " of " (last) " (" (many(listed.found as u64, "run")) ")" }
                @if at < last { a href=(asked.address(at + 1)) rel="next" { "Older" } }
            }
        }
    }
}
