//! The page of a run: its plan, its progress, or its result, from the journal.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_app::collections::is_collection;
use headcount_app::failure::Failure;
use headcount_app::report_subject::organization;
use headcount_app::words::runs::rows_in_words;
use headcount_app::words::{self, many};
use headcount_collections::Totals;
use headcount_journal::{Course, Journal, ReasonCount, Run, TakenBack};
use headcount_model::outcome::{Counts, Outcome};
use headcount_people::plan::{Summary, chosen, exports_used};
use headcount_report::chart;
use maud::{Markup, html};

use crate::fault::Fault;
use crate::jobs::run_title;
use crate::notes::{LONGEST, note};
use crate::pages::live;
use crate::pages::rows;
use crate::parts::action_bar;
use crate::parts::approval;
use crate::parts::collection_counts;
use crate::parts::collection_plan;
use crate::parts::collection_question::{FirstRows, first_rows};
use crate::parts::error;
use crate::parts::layout::{self, file_name, foreign, short, time_and_zone};
use crate::parts::missing_names;
use crate::parts::outcome_badge;
use crate::parts::outcome_bar;
use crate::parts::place::Place;
use crate::parts::plan;
use crate::parts::undo;
use crate::responses::{Answer, page};
use crate::state::active_runs::{Doing, Live, Standing};
use crate::state::app::App;
use crate::state::bundles::Said;
use crate::state::plans::Aside;
use crate::state::summary_cache::Facts;

/// The data of the page.
struct View {
    run: Run,
    state: &'static str,
    facts: Arc<Facts>,
    rows: rows::Rows,
    taken: Vec<TakenBack>,
    /// Its state if it is or was active in this process; the users of its first rows.
    standing: Option<Standing>,
    whom: live::Whom,
    /// For a collection's run.
    first: FirstRows,
    totals: Option<Totals>,
    held: Option<(String, Said)>,
}

/// `GET /runs/{run}`.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<rows::Asked>,
) -> Answer {
    let reading = Arc::clone(&app);
    let is_refused = asked.is_refused();
    let view = app.read(move |journal| read(&reading, journal, &id, asked)).await?;
    let view = view.ok_or_else(|| Fault::not_found("there is no such run"))?;
    let live = app.runs.find(view.run.id.as_str());
    let mut aside = app.plans.aside(view.run.id.as_str());
    if app.sheet_of(view.run.id.as_str()).is_none() {
        (aside.sheet, aside.missing) = (None, Vec::new());
    }
    aside.refusal = is_refused.then(|| app.refusals.of(view.run.id.as_str())).flatten();
    aside.rehearsed = app.rehearsals.newest(|rehearsal| rehearsal.of.id == view.run.id);
    Ok(page(show(&view, live.as_deref(), &aside)))
}

fn read(
    app: &App,
    journal: &Journal,
    id: &str,
    asked: rows::Asked,
) -> Result<Option<View>, Failure> {
    let Ok(mut run) = journal.run(id) else { return Ok(None) };
    let state = words::runs::state(journal, &run);
    if state != run.state.word() {
        // The run has just ended.
        run = journal.run(id)?;
    }
    let facts = app.facts.get(journal, &run, state == "running")?;
    let base = format!("/runs/{}", run.id);
    let rows = rows::read(journal, &run, &facts, base, asked)?;
    let taken = journal.taken_back(&run.id)?;
    let rows = rows.with_undos(journal, &run, &facts, &taken)?;
    let standing = app.runs.find(run.id.as_str()).map(|live| live.standing());
    let whom = match &standing {
        Some(standing) => live::whom(journal, &run, standing)?,
        None => live::Whom::new(),
    };
    let first = match &standing {
        Some(standing) if is_collection(&run) => first_rows(journal, &run, standing)?,
        _ => FirstRows::new(),
    };
    // While it runs, its process counts.
    let is_counted = is_collection(&run) && run.started_at.is_some() && state != "running";
    let totals = is_counted.then(|| app.totals.get(journal, &run));
    let totals = totals.transpose()?;
    let held = app.bundles.of_run(run.id.as_str()).map(|it| (it.id.clone(), it.said()));
    Ok(Some(View { run, state, facts, rows, taken, standing, whom, first, totals, held }))
}

fn show(view: &View, live: Option<&Live>, aside: &Aside) -> Markup {
    let (run, facts) = (&view.run, &view.facts);
    // Both must be from the same moment: what the page shows, and its actions.
    let standing = view.standing.as_ref();
    let doing = standing.map(|standing| &standing.doing);
    let live =
        live.zip(standing).filter(|_| doing.is_some_and(|doing| !matches!(doing, Doing::Ended(_))));
    let at = step_of(doing, view.state);
    let state = if live.is_some() { "running" } else { view.state };
    let is_asking = matches!(doing, Some(Doing::Asking(_)));
    let badge = badge(run, state, is_asking, &facts.counts);
    let base = format!("/runs/{}", run.id);
    let before = view.taken.iter().map(|taken| taken.rows).sum();
    let left = undo::left(run, facts, &view.taken);
    layout::page(
        &format!("Run {}", run.id),
        &Place::of_run(run),
        html! {
            (head(run, &badge, at, &places(view, at, aside)))
            @if let Some(Doing::Ended(Some(failure))) = doing { (error::words(failure)) }
            (undo::taken_back(&view.taken))
            (main(view, live, (before, left), aside))
            // A plan's outcomes come before its actions.
            @if !matches!(view.state, "planned" | "unapproved") || live.is_some() || facts.plan.is_none() {
                @if live.is_none() { (reasons(&facts.reasons, &Told::of(run), &base)) }
                (rows::section(&facts.counts, &facts.reasons, &view.rows))
                @if live.is_none() { (course(&facts.course)) }
            }
            @if live.is_none() && view.state != "running" && !lacks_files(view) { (action_bar::of_run(run, facts)) }
        },
    )
}

/// The part of the page that depends on the run's state.
fn main(
    view: &View,
    live: Option<(&Live, &Standing)>,
    (before, left): (u64, u64),
    aside: &Aside,
) -> Markup {
    let (run, facts) = (&view.run, &view.facts);
    let (words, base) = (outcome_bar::Words::of(run), format!("/runs/{}", run.id));
    html! {
        @match (live, view.state, &facts.plan) {
                (Some((live, standing)), _, _) => { (live::panel(run, live, standing, &view.whom, &view.first)) }
                (None, "running", _) => { (live::panel_elsewhere(run, &facts.counts)) }
                (None, _, summary) if is_collection(run) => { (collection(view, summary.as_ref(), aside)) }
                (None, "planned", Some(summary)) => {
                    (outcome_bar::with_legend(&facts.counts, &words, 0, &base))
                    (plan::waits(run, summary, aside))
                    (reasons(&facts.reasons, &Told::of(run), &base))
                    (missing_names::form(run, aside))
                    (rows::section(&facts.counts, &facts.reasons, &view.rows))
                    (plan::decide(run, summary, facts, aside))
                }
                (None, "unapproved", Some(summary)) => {
                    (outcome_bar::with_legend(&facts.counts, &words, 0, &base))
                    (approval::waits(run))
                    (plan::shows(run, summary, aside))
                    (reasons(&facts.reasons, &Told::of(run), &base))
                    (rows::section(&facts.counts, &facts.reasons, &view.rows))
                    (approval::decide(run, aside.refusal.as_deref()))
                }
                (None, "rejected", _) => {
                    (outcome_bar::with_legend(&facts.counts, &words, 0, &base))
                    (approval::rejected(run))
                }
                (None, _, Some(summary)) => {
                    (outcome_bar::with_legend(&facts.counts, &words, before, &base))
                    (plan::stopped(run, summary, facts, left, aside))
                }
                (None, _, None) => {
                    (outcome_bar::with_legend(&facts.counts, &words, before, &base))
                    (plan::ended(run, facts, before, left, aside))
                }
            }
    }
}

/// The run's position among the steps of its kind; `None` if it was discarded.
fn step_of(doing: Option<&Doing>, state: &str) -> Option<usize> {
    match (doing, state) {
        (Some(Doing::Asking(_)), _) => Some(3),
        (Some(Doing::Opening | Doing::Sending), _) => Some(4),
        (_, "planned" | "unapproved") => Some(2),
        (_, "finished") => Some(5),
        (_, "canceled" | "rejected") => None,
        _ => Some(4),
    }
}

/// The parts of the page that differ for a collection's run.
fn collection(view: &View, summary: Option<&Summary>, aside: &Aside) -> Markup {
    let (run, facts, held) = (&view.run, &view.facts, view.held.as_ref());
    let (words, base) = (outcome_bar::Words::of(run), format!("/runs/{}", run.id));
    html! {
        (outcome_bar::with_legend(&facts.counts, &words, 0, &base))
        @if let Some(totals) = &view.totals { (collection_counts::show(totals)) }
        @match (summary, view.state) {
            (Some(summary), "planned") => {
                (collection_plan::waits(run, held))
                (reasons(&facts.reasons, &Told::of(run), &base))
                (rows::section(&facts.counts, &facts.reasons, &view.rows))
                (collection_plan::decide(run, summary.steps, aside, held))
            }
            (Some(summary), _) => { (collection_plan::stopped(run, summary, facts, aside, held)) }
            (None, _) => { (collection_plan::ended(run, facts)) }
        }
    }
}

/// Whether files are needed before anything can be sent.
fn lacks_files(view: &View) -> bool {
    let held = view.held.as_ref().map(|(_, said)| said);
    is_collection(&view.run)
        && view.facts.plan.is_some()
        && collection_plan::lacks_files(&view.run, held)
}

fn course(course: &Course) -> Markup {
    html! {
        @if !course.calls.is_empty() {
            section aria-labelledby="course-title" {
                h2 #course-title { "How it went" }
                (chart::rate(course, &[]))
                (chart::calls(&course.calls))
            }
        }
    }
}

/// The pages to which the steps link.
fn places(view: &View, at: Option<usize>, aside: &Aside) -> Vec<(usize, String)> {
    let (run, mut places) = (&view.run, Vec::new());
    if let Some((bundle, _)) = view.held.as_ref().filter(|_| run.started_at.is_none()) {
        places.extend([
            (0, format!("/collections/{bundle}")),
            (1, format!("/collections/{bundle}#values")),
        ]);
    }
    if let Some(sheet) = aside.sheet.as_ref().filter(|_| run.started_at.is_none()) {
        places.extend([(0, format!("/sheets/{sheet}")), (1, format!("/sheets/{sheet}#columns"))]);
    }
    places.push((4, "#rows".to_owned()));
    if at == Some(5) {
        places.push((5, format!("/runs/{}/report", run.id)));
    }
    places
}

/// The title, the site, and the time.
fn head(run: &Run, badge: &Markup, at: Option<usize>, places: &[(usize, String)]) -> Markup {
    html! {
        p.crumb { a href="/" { "Start" } " / " a href="/history" { "All runs" } " / Run " (run.id) }
        @if let Some(at) = at { @if is_collection(run) { (layout::steps_of(&layout::COLLECTION, at, places)) } @else { (layout::steps(at, places)) } }
        h1 { (run_title(run)) " " (badge) }
        dl.facts {
            div { dt { "Site" } dd { (Place::of_run(run).name()) } }
            @if let Some(organization) = organization(run) {
                div { dt { "Organization" } dd { (short(&organization, 60)) } }
            }
            @match &run.undoes {
                Some(undone) => {
                    div { dt { "Undoes" } dd {
                        @if let Some(rows) = chosen(run) { (short(&rows_in_words(&rows), 60)) " of " }
                        a href={ "/runs/" (undone) } { "run " (undone) }
                    } }
                }
                None => {
                    @if let Some(rows) = run.options["corrected"].as_str() {
                        div { dt { "Corrected on the page" } dd { "rows " (short(rows, 60)) } }
                    }
                    div { dt { @if is_collection(run) { "Files" } @else { "Spreadsheet" } } dd { (short(&file_name(&run.input), 60)) } }
                    @if is_collection(run) && !run.profile.is_empty() { div { dt { "Environment" } dd { (short(&run.profile, 60)) } } } }
            }
            @let exports: Vec<_> = exports_used(run).iter().map(|name| file_name(name)).collect();
            @if !exports.is_empty() { div { dt { "Ids from" } dd { (short(&exports.join(", "), 120)) } } }
            @for (what, at) in [("Planned", run.sealed_at), ("Started", run.started_at), ("Ended", run.ended_at)] {
                @if let Some(at) = at { div { dt { (what) } dd { (time_and_zone(at)) } } }
            }
            (approval::acts(run))
            @if !note(run).is_empty() { div { dt { "Note" } dd { (short(note(run), 200)) } } }
        }
        (note_form(run))
    }
}

/// The form for a note.
fn note_form(run: &Run) -> Markup {
    html! {
        details.about.note-form {
            summary { @if note(run).is_empty() { "Add a note" } @else { "Change the note" } }
            form.actions method="post" action={ "/runs/" (run.id) "/note" } {
                label for="note" { "Note" }
                input #note name="note" type="text" maxlength=(LONGEST) value=(note(run)) placeholder="such as ticket 4711"
                    autocomplete="off";
                button.plain type="submit" { "Save the note" }
            }
        }
    }
}

/// A run's state in the words of the page's buttons: a plan that was never started was discarded, a started run
/// was canceled, and a run that its user paused is paused.
pub fn shown_state<'s>(run: &Run, state: &'s str) -> &'s str {
    match (state, run.started_at) {
        ("canceled", None) => "discarded",
        ("unapproved", _) => "waiting for approval",
        ("stopped", _) if plan::was_paused(run) => "paused",
        _ => state,
    }
}

/// A run's state as a badge, also if it waits for an answer about its first row.
pub fn badge(run: &Run, state: &str, is_asking: bool, counts: &Counts) -> Markup {
    let state = if is_asking { "waits for you" } else { shown_state(run, state) };
    // Green means that nothing needs attention.
    let class = if state == "finished" && !counts.all_well() { "with-leftovers" } else { state };
    html! { span class={ "badge s-" (class.replace(' ', "-")) } { (state) } }
}

/// How the reasons of rows are shown.
pub struct Told {
    title: &'static str,
    words: outcome_bar::Words,
    /// What was done, if the site did not do it.
    done: Option<&'static str>,
}

impl Told {
    fn of(run: &Run) -> Self {
        let title = match run.started_at {
            None => "Rows that are not sent",
            Some(_) => "How the rows ended",
        };
        Self { title, words: outcome_bar::Words::of(run), done: None }
    }

    /// For a rehearsal, in which the site itself changed nothing.
    pub fn of_rehearsal() -> Self {
        Self {
            title: "How the rows would end",
            words: outcome_bar::Words::of_rehearsal(),
            done: Some("Applied to the copy."),
        }
    }

    fn practiced(&self, reason: &ReasonCount) -> Option<&'static str> {
        self.done.filter(|_| reason.outcome == Outcome::Changed)
    }
}

/// The reasons of the rows' outcomes, in sentences; each links to its rows on the page at `base`.
pub fn reasons(reasons: &[ReasonCount], told: &Told, base: &str) -> Markup {
    html! {
        @if !reasons.is_empty() {
            section aria-labelledby="why" {
                h2 #why { (told.title) }
                ul.reasons {
                    @for reason in reasons {
                        li {
                            (outcome_badge::named(told.words.class(reason.outcome.word()), told.words.name(reason.outcome.word())))
                            a href={ (base) "?reason=" (reason.reason.word()) "#rows" } { strong { (many(reason.rows, "row")) } }
                            span {
                                (foreign(&layout::quoted(told.practiced(reason).unwrap_or_else(|| reason.reason.meaning()))))
                                @if told.practiced(reason).is_none() { " " span.reason.faint { (reason.reason) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
