//! The requests, responses and test results of a collection's row: limited and masked as in the journal.

use headcount_app::failure::Failure;
use headcount_app::words::{many, thousands};
use headcount_collections::{Kept, Note, NotedRequest, RequestRecord, RowRecord, TestRecord};
use headcount_journal::{Journal, RowView, Run};
use maud::{Markup, html};
use serde_json::Value;

use crate::parts::layout::{foreign, quoted, short};

/// A longer body is folded; in characters.
const FOLDED: usize = 600;

/// The recorded requests of a row.
pub fn kept(journal: &Journal, run: &Run, row: &RowView) -> Result<Option<Kept>, Failure> {
    let Some(step) = &row.step else { return Ok(None) };
    Ok(Kept::read(&journal.records(&run.id, step.step.number)?))
}

/// All recorded data of a row.
pub fn show(kept: &Kept) -> Markup {
    match kept {
        Kept::Whole(record) => whole(record),
        Kept::Noted(note) => noted(note),
    }
}

fn whole(record: &RowRecord) -> Markup {
    let failed = record.tests.iter().filter(|test| test.error.is_some()).count();
    html! {
        h3 { "Requests" }
        @if record.requests.is_empty() { p { "The row sent no request." } }
        ol.requests { @for request in &record.requests { li { (request_of(request)) } } }
        h3 { "Tests" }
        @if record.tests.is_empty() { p { "The row has no test." } }
        @else {
            p.faint { (many(record.tests.len() as u64, "test")) @if failed > 0 { ", " (thousands(failed as u64)) " failed" } @else { ", all passed" } }
            ul.tests { @for test in &record.tests { li { (test_of(test)) } } }
        }
        @if !record.script_errors.is_empty() {
            h3 { "Errors of scripts" }
            ul.plain { @for error in &record.script_errors { li { (short(&quoted(error), 600)) } } }
        }
        (variables(&record.variables))
    }
}

fn request_of(request: &RequestRecord) -> Markup {
    let is_bad = request.status.is_none_or(|status| status >= 400);
    html! {
        p {
            strong { (short(&request.name, 100)) } " "
            span class={ "sign " (if is_bad { "bad" } else { "good" }) } {
                @match request.status { Some(status) => { (status) } None => { "no response" } }
            }
            " " span.faint { (thousands(request.milliseconds)) " ms" }
        }
        p { code { (foreign(&request.method)) " " (short(&request.url, 500)) } }
        (body("Sent", &request.body))
        (body(if request.status.is_some() { "Response" } else { "Why there is no response" }, &request.response))
    }
}

fn body(title: &str, text: &str) -> Markup {
    html! {
        @if !text.is_empty() {
            @if text.chars().count() > FOLDED {
                details { summary { (title) } pre tabindex="0" { (foreign(text)) } }
            } @else {
                p.faint { (title) }
                pre tabindex="0" { (foreign(text)) }
            }
        }
    }
}

fn test_of(test: &TestRecord) -> Markup {
    html! {
        @match &test.error {
            None => { span.sign.good { "✓ passed" } " " (short(&test.name, 200)) }
            Some(error) => {
                span.sign.bad { "✗ failed" } " " (short(&test.name, 200))
                p { (short(&quoted(error), 600)) }
            }
        }
        @if !test.request.is_empty() { span.person { "of " (short(&test.request, 80)) } }
    }
}

fn noted(note: &Note) -> Markup {
    html! {
        p { "headcount recorded this before it sent the last request. There is no recorded response to it: check on the site whether it was applied." }
        h3 { "Requests" }
        ol.requests {
            @for request in note.before.iter().chain([&note.sending]) { li { (noted_of(request)) } }
        }
        (variables(&note.variables))
    }
}

fn noted_of(request: &NotedRequest) -> Markup {
    html! {
        p {
            code { (foreign(&request.method)) " " (short(&request.url, 500)) } " "
            @match request.status {
                Some(status) => { span class={ "sign " (if status >= 400 { "bad" } else { "good" }) } { (status) } }
                None => { span.sign.bad { "no response" } }
            }
        }
    }
}

/// The variables that scripts set.
fn variables(variables: &Value) -> Markup {
    let scopes = variables.as_object().into_iter().flatten();
    let all: Vec<_> = scopes
        .filter_map(|(scope, set)| Some((scope, set.as_object()?)))
        .flat_map(|(scope, set)| set.iter().map(move |(name, value)| (scope, name, value)))
        .take(100)
        .collect();
    html! {
        @if !all.is_empty() {
            h3 { "Variables that scripts have set" }
            div.scroll tabindex="0" role="region" aria-label="Variables" {
                table.stack {
                    thead { tr { th scope="col" { "Variable" } th scope="col" { "Scope" } th.wider scope="col" { "Value" } } }
                    tbody {
                        @for (scope, name, value) in all {
                            tr {
                                th scope="row" { (short(name, 80)) }
                                td data-heading="Scope" { (foreign(scope)) }
                                td.why data-heading="Value" { (short(value.as_str().unwrap_or_default(), 300)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
