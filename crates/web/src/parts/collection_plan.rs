//! A collection's run before it is applied, after a stop, and at its end.

use headcount_app::words::{many, thousands};
use headcount_collections::{FileKind, Planned, planned};
use headcount_journal::{Run, RunState};
use headcount_people::plan::Summary;
use maud::{Markup, html};

use crate::jobs::Offer;
use crate::parts::collection_form;
use crate::parts::collection_upload;
use crate::parts::ended_run;
use crate::parts::layout::{self, foreign, quoted, short};
use crate::parts::outcome_bar;
use crate::parts::plan;
use crate::state::bundles::Said;
use crate::state::plans::Aside;
use crate::state::summary_cache::Facts;

/// How many requests of the first row are shown; a click shows the others.
const AT_ONCE: usize = 12;

/// Whether the run's files or values are missing here, so that the page asks for them first.
pub fn lacks_files(run: &Run, held: Option<&Said>) -> bool {
    let plan = planned(run);
    held.is_none() && (plan.is_uploaded || !plan.given.is_empty())
}

/// A plan that waits: the files, the requests, the first row, and the order of the rows.
pub fn waits(run: &Run, held: Option<&(String, Said)>) -> Markup {
    let plan = planned(run);
    html! {
        (layout::note("info", "Nothing has been sent yet", html! {
            p { "headcount would send these requests for each row. The plan waits here until you apply or discard it." }
        }))
        @if let Some((bundle, said)) = held { (native(bundle, said)) }
        (layout::note("warn", "headcount cannot undo or verify the requests of a collection", html! {
            p { "headcount records each row's requests, responses and tests, and never repeats a changing request unless you tell it to." }
        }))
        (files(&plan))
        (requests(&plan))
        (first_row(&plan))
    }
}

/// Offers headcount's own job, if the requests are those of a job.
fn native(bundle: &str, said: &Said) -> Markup {
    let is_offered = |job: &str| {
        let job = job.split(" --").next().unwrap_or(job);
        Offer::all().find(|offer| offer.spec.job.command() == job)
    };
    let offers: Vec<_> = said.jobs.iter().filter_map(|job| is_offered(job)).collect();
    let has_data = said.of_kind(FileKind::Data).next().is_some();
    html! {
        @if !offers.is_empty() {
            (layout::note("good", "headcount has a job for these requests", html! {
                p { "The job looks up users and groups first, skips rows that need no change, and can undo most changes." }
                div.actions {
                    @for offer in offers {
                        @if has_data {
                            form method="post" action={ "/collections/" (bundle) "/job" } {
                                input type="hidden" name="job" value=(offer.tile.key);
                                button.plain type="submit" { (offer.tile.title) " with the data file" }
                            }
                        } @else {
                            a.button.plain href={ "/new/" (offer.tile.key) } { (offer.tile.title) }
                        }
                    }
                }
            }))
        }
    }
}

fn files(plan: &Planned) -> Markup {
    html! {
        section aria-labelledby="files" {
            h2 #files { "Files" }
            @if plan.files.is_empty() { p { "Another version of headcount planned this run and did not record its files." } }
            @else {
                div.scroll tabindex="0" role="region" aria-label="Files" {
                    table.stack {
                        thead { tr { th scope="col" { "Read as" } th scope="col" { "File" } th.wider scope="col" { "Holds" } } }
                        tbody {
                            @for file in &plan.files {
                                tr {
                                    th scope="row" { (file.kind) }
                                    td data-heading="File" { (short(&file.name, 60)) }
                                    td data-heading="Holds" { (short(&file.holds, 200)) }
                                }
                            }
                        }
                    }
                }
            }
            @if !plan.given.is_empty() {
                p.faint {
                    "Values that you gave, which are not stored: "
                    @for (at, (name, _)) in plan.given.iter().enumerate() { @if at > 0 { ", " } (short(name, 60)) }
                }
            }
            p { (short(&plan.order, 600)) }
            @if !plan.choices.is_empty() { p { (short(&plan.choices.join(" "), 300)) } }
        }
    }
}

fn requests(plan: &Planned) -> Markup {
    let more = plan.requests.saturating_sub(plan.listed.len());
    html! {
        @if !plan.listed.is_empty() {
            section aria-labelledby="requests" {
                h2 #requests { "Requests of each row" }
                div.scroll tabindex="0" role="region" aria-label="Requests" {
                    table.stack {
                        thead { tr { th.number scope="col" { "No." } th scope="col" { "Request" } th.wider scope="col" { "Method and address" } th scope="col" { "Scripts" } } }
                        tbody {
                            @for (at, request) in plan.listed.iter().enumerate() {
                                tr {
                                    td.number { (at + 1) }
                                    th.cut scope="row" {
                                        (short(&request.name, 80))
                                        @if !request.folder.is_empty() { span.person { "in " (short(&request.folder, 80)) } }
                                    }
                                    td.why data-heading="Method and address" { code { (foreign(&request.method)) " " (short(&request.url, 200)) } }
                                    td data-heading="Scripts" { (scripts(request.scripts)) }
                                }
                            }
                        }
                    }
                }
                @if more > 0 { p.faint { "And " (many(more as u64, "more request")) "." } }
            }
        }
    }
}

fn scripts((before, after): (usize, usize)) -> String {
    match (before, after) {
        (0, 0) => "none".to_owned(),
        (0, after) => format!("{after} test"),
        (before, 0) => format!("{before} pre-request"),
        (before, after) => format!("{before} pre-request, {after} test"),
    }
}

fn first_row(plan: &Planned) -> Markup {
    let (shown, rest) = plan.first_row.split_at(plan.first_row.len().min(AT_ONCE));
    html! {
        @if !shown.is_empty() {
            section aria-labelledby="first-row" {
                h2 #first-row { "What the first row sends" }
                p.faint { "With its values. Secrets are masked; what scripts set is known only when they run." }
                (lines(shown))
                @if !rest.is_empty() { details.about { summary { "Show the rest" } (lines(rest)) } }
            }
        }
    }
}

/// One line for each request, with the indented body below it.
fn lines(lines: &[String]) -> Markup {
    html! {
        ul.sent {
            @for line in lines {
                @match line.strip_prefix("  ") {
                    Some(body) => { li { pre tabindex="0" { (foreign(body)) } } }
                    None => { li { code { (foreign(line)) } } }
                }
            }
        }
    }
}

/// The actions on a plan that waits.
pub fn decide(run: &Run, steps: u64, aside: &Aside, held: Option<&(String, Said)>) -> Markup {
    html! {
        @if lacks_files(run, held.map(|(_, said)| said)) { (give_again(run)) }
        @else { div #decide { (collection_form::show(run, steps, aside.refusal.as_deref())) } }
        div.actions {
            @if let Some((bundle, _)) = held {
                a.button.plain href={ "/collections/" (bundle) } { "Change the files" }
            }
            details.confirm {
                summary.button.plain { "Discard this plan…" }
                form.card method="post" action={ "/runs/" (run.id) "/stop" } {
                    p { "headcount then never sends it." }
                    button.danger type="submit" { "Discard the plan" }
                }
            }
        }
    }
}

fn give_again(run: &Run) -> Markup {
    let plan = planned(run);
    let files: Vec<_> = plan.files.iter().map(|file| file.name.as_str()).collect();
    let files = match files.is_empty() {
        true => String::new(),
        false => format!(": {}", files.join(", ")),
    };
    let words = match plan.is_uploaded {
        true => format!(
            "headcount does not store uploaded files. To continue, give the same files again{files}."
        ),
        false => {
            let names: Vec<_> = plan.given.iter().map(|(name, _)| name.as_str()).collect();
            format!(
                "This run was planned on the command line with values that headcount does not store: {}. \
                 To continue, give the same files again{files}. headcount then asks for the values.",
                names.join(", ")
            )
        }
    };
    html! {
        (layout::note("warn", "The files are needed again", html! { p { "headcount compares them with the plan, and sends nothing if anything but a secret differs." } }))
        (collection_upload::give_again(run.id.as_str(), &words))
    }
}

/// A run that was paused or stopped, or whose process ended.
pub fn stopped(
    run: &Run,
    plan: &Summary,
    facts: &Facts,
    aside: &Aside,
    held: Option<&(String, Said)>,
) -> Markup {
    let (kind, title) = plan::title_of_stop(run);
    let is_interrupted = run.state == RunState::Running;
    html! {
        (layout::note(kind, title, html! {
            @if let Some(stop) = run.stop.as_ref().filter(|_| !plan::was_paused(run)) { p { (foreign(&quoted(&plan::reason(stop)))) } }
            @if is_interrupted { p { "headcount ended in the middle of this run. Nothing is lost: everything is in the journal." } }
            p { (thousands(facts.counts.rows - facts.counts.pending)) " of " (many(facts.counts.rows, "row")) " done." }
            p.faint { "If a row's changing request has no recorded response, headcount does not send the row again. The row is unknown: check it on the site." }
        }))
        @if lacks_files(run, held.map(|(_, said)| said)) { (give_again(run)) }
        @else { div #decide { (collection_form::show(run, plan.steps, aside.refusal.as_deref())) } }
        section.card aria-labelledby="instead" {
            h2 #instead { "Instead of continuing" }
            div.actions {
                a.button.plain href={ "/runs/" (run.id) "/report.html" } download { "Download the report so far" }
                @if facts.counts.pending > 0 {
                    a.button.plain href={ "/runs/" (run.id) "/pending.csv" } download {
                        "Download the " (many(facts.counts.pending, "row")) " not sent yet"
                    }
                }
                (plan::cancel(run, "The remaining rows are never sent. What was applied stays."))
            }
        }
    }
}

/// The actions on a finished run.
pub fn ended(run: &Run, facts: &Facts) -> Markup {
    let counts = &facts.counts;
    let left = counts.failed + counts.unknown;
    let well = html! { p { "Every row was sent, and every test passed." } };
    let leftovers = html! {
        p { (outcome_bar::in_words(counts, &outcome_bar::Words::DONE)) ". Open a row below to see its requests, responses and tests." }
        @if counts.unknown > 0 { p { "An unknown row has a changing request without a response. Check it on the site: headcount does not send it again." } }
    };
    let failed = html! {
        @if left > 0 { a.button.plain href={ "/runs/" (run.id) "/failed.csv" } download { "Download the rows to correct or try again" } }
    };
    html! {
        (ended_run::note(run, counts, well, leftovers))
        section.card aria-labelledby="next" {
            h2 #next { "What next?" }
            (ended_run::links(run, counts, "Report with all requests as JSON", failed))
        }
    }
}
