//! The history: all runs, including those of the command line, with search, filters and pages. The start page
//! shows the newest few.
//!
//! The search covers the line of each run, and the users and groups of its rows, starting with the newest run, up
//! to a limit of rows. Outcomes are counted only for the runs on one page, because a journal may hold thousands.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Query, State};
use headcount_app::configuration::choose::SANDBOX;
use headcount_app::failure::Failure;
use headcount_app::words::{clean, many, thousands};
use headcount_journal::{Count, Journal, Run, RunId, RunState, TakenBack};
use headcount_model::folding::{folded, holds};
use headcount_model::outcome::Counts;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use crate::jobs::run_title;
use crate::notes::note;
use crate::pages::run;
use crate::parts::layout::{self, encoded, file_name, short, time};
use crate::parts::outcome_bar;
use crate::parts::pager;
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;

/// Runs on a page.
const RUNS: usize = 20;

/// The most rows that a search reads; 100,000 take a tenth of a second.
const SEARCHED: u64 = 1_000_000;

/// Runs on the start page.
const NEWEST: usize = 5;

/// The state of plans that wait for approval.
const UNAPPROVED: &str = "unapproved";

/// The most unfinished runs that the start page shows first, however old they are.
const IN_THE_MIDDLE: usize = 5;

/// The query of the address.
#[derive(Clone, Default, Deserialize)]
pub struct Asked {
    /// The site chosen in this tab.
    site: Option<String>,
    /// A part of the run's id, of its job, site or file name, or of its rows' users and groups.
    #[serde(default)]
    text: String,
    /// The command of its job.
    #[serde(default)]
    job: String,
    /// Its state, in the words of the list.
    #[serde(default)]
    state: String,
    /// The name of its profile.
    #[serde(default)]
    on: String,
    /// The user whose credentials it used.
    #[serde(default)]
    by: String,
    /// The first day.
    #[serde(default)]
    from: String,
    /// The last day.
    #[serde(default)]
    to: String,
    /// The page of the list, from 1.
    page: Option<usize>,
}

impl Asked {
    fn is_empty(&self) -> bool {
        let Self { text, job, state, on, by, from, to, .. } = self;
        [text, job, state, on, by, from, to].into_iter().all(|asked| asked.trim().is_empty())
    }

    /// Whether the run was planned on these days, in this computer's time zone.
    fn is_of_days(&self, run: &Run) -> bool {
        let day = run.created_at.to_zoned(TimeZone::system()).date();
        let asked = |text: &str| text.parse::<Date>().ok();
        asked(&self.from).is_none_or(|from| from <= day)
            && asked(&self.to).is_none_or(|to| day <= to)
    }

    fn is_of_kind(&self, run: &Run, state: &str) -> bool {
        (self.job.is_empty() || self.job == run.job.command())
            && (self.state.is_empty() || self.state == run::shown_state(run, state))
            && (self.on.is_empty() || self.on == run.profile)
            && (self.by.is_empty() || Some(self.by.as_str()) == author(run))
            && self.is_of_days(run)
    }

    /// Whether the run's line contains the text.
    fn is_in_line(&self, run: &Run) -> bool {
        let text = folded(self.text.trim());
        let shown = [
            run.id.to_string(),
            run_title(run),
            file_name(&run.input),
            run.site.clone(),
            run.profile.clone(),
            note(run).to_owned(),
        ];
        text.is_empty() || shown.iter().any(|shown| holds(shown, &text))
    }

    fn address(&self, page: u64) -> String {
        let part = |name: &str, value: &str| match value.trim() {
            "" => String::new(),
            value => format!("{name}={}&", encoded(value)),
        };
        let site = self.site.as_deref().unwrap_or_default();
        let parts = [
            part("site", site),
            part("text", &self.text),
            part("job", &self.job),
            part("state", &self.state),
            part("on", &self.on),
            part("by", &self.by),
            part("from", &self.from),
            part("to", &self.to),
        ];
        format!("/history?{}page={page}", parts.concat())
    }
}

/// A line of the list.
struct Line {
    run: Run,
    counts: Counts,
    state: &'static str,
    is_asking: bool,
    taken: Vec<TakenBack>,
    /// Set if the text was found in the run's rows: where they are.
    rows: Option<String>,
}

/// A run that matches.
struct Found {
    run: Run,
    state: &'static str,
    /// Whether it was found by its rows, not by its line.
    by_rows: bool,
}

/// A list of runs, the newest first.
#[derive(Default)]
pub struct Listed {
    lines: Vec<Line>,
    /// How many runs match.
    found: usize,
    /// How many runs exist.
    all: usize,
    /// The current page, from 1.
    at: usize,
    /// The newest run whose rows were not searched.
    unsearched: Option<RunId>,
    /// The choices of the filters: commands with their titles, states, and so on.
    jobs: Vec<(&'static str, String)>,
    states: Vec<&'static str>,
    profiles: Vec<String>,
    authors: Vec<String>,
}

impl Listed {
    /// The plans that wait for approval.
    pub fn unapproved(&self) -> Vec<(&Run, &Counts)> {
        let waiting = self.lines.iter().filter(|line| line.state == UNAPPROVED);
        waiting.map(|line| (&line.run, &line.counts)).collect()
    }
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
            p.faint { "What was done from this computer, on the page or with the command line." }
            @if listed.all > 0 { (filter(&listed, &asked)) }
            (table(&listed))
            (pages(&listed, &asked))
        },
    )))
}

/// The unfinished runs, then the newest of the others.
pub fn newest(app: &App, journal: &Journal) -> Result<Listed, Failure> {
    let runs = all(journal)?;
    let all = runs.len();
    let (middle, others): (Vec<_>, Vec<_>) =
        (runs.into_iter()).partition(|(_, state)| is_in_the_middle(state) || *state == UNAPPROVED);
    let shown = middle.into_iter().take(IN_THE_MIDDLE).chain(others.into_iter().take(NEWEST));
    let lines = shown
        .map(|(run, state)| line(app, journal, run, state, None))
        .collect::<Result<Vec<_>, Failure>>()?;
    let found = lines.len();
    Ok(Listed { found, lines, all, at: 1, ..Listed::default() })
}

/// All runs with their states, the newest first.
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
    let (profiles, authors) = (each(&runs, |run| Some(&run.profile)), each(&runs, author));
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
    Ok(Listed { lines, found, all, at, unsearched, jobs, states, profiles, authors })
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

/// The runs that have the text in their line or their rows, and the newest run whose rows were not searched
/// because of the limit.
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
        room = room.saturating_sub(journal.count(&run.id, Count::LastRow)?);
        if room == 0 {
            unsearched.get_or_insert(run.id);
        } else if journal.is_about(&run.id, &asked.text)? {
            found.push(Found { run, state, by_rows: true });
        }
    }
    Ok((found, unsearched))
}

/// The jobs of the runs, each once.
fn jobs(runs: &[(Run, &'static str)]) -> Vec<(&'static str, String)> {
    let mut jobs: Vec<_> = (runs.iter())
        .filter(|(run, _)| run.undoes.is_none())
        .map(|(run, _)| (run.job.command(), run_title(run)))
        .collect();
    jobs.sort();
    jobs.dedup();
    jobs
}

/// The states of the runs, each once.
fn states(runs: &[(Run, &'static str)]) -> Vec<&'static str> {
    let mut states: Vec<_> = runs.iter().map(|(run, state)| run::shown_state(run, state)).collect();
    states.sort_unstable();
    states.dedup();
    states
}

/// A property of the runs, each value once.
fn each<'r>(
    runs: &'r [(Run, &'static str)],
    of: impl Fn(&'r Run) -> Option<&'r str>,
) -> Vec<String> {
    let all: BTreeSet<_> = runs.iter().filter_map(|(run, _)| of(run)).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// The user whose credentials planned the run.
fn author(run: &Run) -> Option<&str> {
    run.author()
}

/// A filter's choices; nothing if there is only one.
fn choice(name: &str, label: &str, all: &[String], asked: &str) -> Markup {
    html! {
        @if all.len() > 1 {
            div.field {
                label for=(name) { (label) }
                select id=(name) name=(name) {
                    option value="" { "All" }
                    @for one in all {
                        option value=(one) selected[asked == one] { @if one == SANDBOX { "Sandbox" } @else { (clean(one)) } }
                    }
                }
            }
        }
    }
}

fn filter(listed: &Listed, asked: &Asked) -> Markup {
    html! {
        form.filter method="get" action="/history" role="search" {
            @if let Some(site) = &asked.site { input type="hidden" name="site" value=(site); }
            div.field {
                label for="text" { "Search" }
                input #text type="search" name="text" value=(asked.text) placeholder="A user, a group, a file, a note"
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
            (choice("on", "Site", &listed.profiles, &asked.on))
            (choice("by", "Done by", &listed.authors, &asked.by))
            div.field { label for="from" { "From" } input #from type="date" name="from" value=(asked.from); }
            div.field { label for="to" { "To" } input #to type="date" name="to" value=(asked.to); }
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
            "The search looks in a run's number, job, file, site and note, and in its rows: cells, users, groups, and what happened."
            @if let Some(run) = &listed.unsearched {
                " Rows of run " (run) " and of older runs were not searched: there are too many."
            }
        }
    }
}

/// The runs that have started and not ended, if there are any: the user probably came back for these.
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
            _ => "No run matches.",
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

/// The link to the other runs, if not all are shown.
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
                @if !note(run).is_empty() { br; span.tag { (short(note(run), 60)) } }
                @if let Some(rows) = rows { br; a href=(rows) { "The rows that were found" } }
            }
            td { (Place::of_run(run).name()) }
            td.nowrap { (time(run.created_at)) }
            td { (run::badge(run, state, *is_asking, counts)) }
            td {
                (outcome_bar::drawn(counts, &words, 10))
                span.faint {
                    (outcome_bar::in_words(counts, &words))
                    @if back > 0 { "; " (thousands(back)) " undone later" }
                }
            }
        }
    }
}

fn pages(listed: &Listed, asked: &Asked) -> Markup {
    let last = listed.found.div_ceil(RUNS).max(1);
    html! {
        @if last > 1 { p.faint { "Page " (listed.at) " of " (last) " (" (many(listed.found as u64, "run")) ")" } }
        (pager::pages("Pages of runs", listed.at as u64, last as u64, |page| asked.address(page)))
    }
}
