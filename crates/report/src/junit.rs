//! The report as JUnit's XML, which pipelines show: one test case a row.
//!
//! There is no standard; this keeps to what Jenkins' and GitLab's readers and the usual schemas
//! agree on: `testsuites` > `testsuite` with its counts > `properties`, then `testcase` with at most
//! one `failure`, `error` or `skipped`.
//!
//! | row | test case |
//! | --- | --- |
//! | `changed`, `unchanged` | passed |
//! | `failed` | `failure` |
//! | `unknown` | `error` |
//! | `skipped`, `pending` | `skipped` |
//!
//! XML 1.0 forbids most control characters, even escaped; they become U+FFFD.

use std::io::Write;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::ReportError;
use super::columns::page_of_rows;
use headcount_journal::{Journal, RowView, Run};
use headcount_model::outcome::{Counts, Outcome};

/// Writes every row of a run.
pub fn write_junit(journal: &Journal, run: &Run, out: impl Write) -> Result<(), ReportError> {
    let counts = journal.counts(&run.id)?;
    let mut xml = Writer::new_with_indent(out, b' ', 1);
    let io = ReportError::Write;
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).map_err(io)?;
    xml.write_event(Event::Start(counted("testsuites", run, &counts))).map_err(io)?;
    xml.write_event(Event::Start(suite(run, &counts))).map_err(io)?;
    properties(&mut xml, run).map_err(io)?;
    let mut after = 0;
    loop {
        let page = page_of_rows(journal, run, after)?;
        let Some(last) = page.last() else { break };
        after = last.row;
        for row in &page {
            case(&mut xml, run, row).map_err(io)?;
        }
    }
    for name in ["testsuite", "testsuites"] {
        xml.write_event(Event::End(BytesEnd::new(name))).map_err(io)?;
    }
    let mut out = xml.into_inner();
    writeln!(out).and_then(|()| out.flush()).map_err(io)
}

/// An element with the counts that both levels have.
fn counted(name: &'static str, run: &Run, counts: &Counts) -> BytesStart<'static> {
    let title = format!("headcount {} {}", run.job.command(), run.id);
    let seconds = match (run.started_at, run.ended_at) {
        (Some(start), Some(end)) => end.duration_since(start).as_secs_f64().max(0.0),
        _ => 0.0,
    };
    let mut element = BytesStart::new(name);
    for (name, value) in [
        ("name", title),
        ("tests", counts.rows.to_string()),
        ("failures", counts.failed.to_string()),
        ("errors", counts.unknown.to_string()),
        ("skipped", (counts.skipped + counts.pending).to_string()),
        ("time", format!("{seconds:.3}")),
    ] {
        element.push_attribute((name, value.as_str()));
    }
    element
}

fn suite(run: &Run, counts: &Counts) -> BytesStart<'static> {
    let mut suite = counted("testsuite", run, counts);
    let at = run.started_at.or(run.sealed_at).unwrap_or(run.created_at);
    // The schemas want no zone and no fraction; it is UTC.
    suite.push_attribute(("timestamp", at.strftime("%Y-%m-%dT%H:%M:%S").to_string().as_str()));
    // Some schemas require it; the real name is private.
    suite.push_attribute(("hostname", "localhost"));
    suite
}

fn properties<W: Write>(xml: &mut Writer<W>, run: &Run) -> std::io::Result<()> {
    let undoes = run.undoes.as_ref().map(|undone| undone.to_string());
    xml.write_event(Event::Start(BytesStart::new("properties")))?;
    for (name, value) in [
        ("run", Some(run.id.as_str())),
        ("command", Some(run.job.command())),
        ("site", Some(run.site.as_str())),
        ("profile", Some(run.profile.as_str())),
        ("input", Some(run.input.as_str())),
        ("undoes", undoes.as_deref()),
        ("state", Some(run.state.word())),
        ("stop", run.stop.as_deref()),
    ] {
        if let Some(value) = value {
            let mut property = BytesStart::new("property");
            property.push_attribute(("name", name));
            property.push_attribute(("value", line(value).as_str()));
            xml.write_event(Event::Empty(property))?;
        }
    }
    xml.write_event(Event::End(BytesEnd::new("properties")))
}

fn case<W: Write>(xml: &mut Writer<W>, run: &Run, row: &RowView) -> std::io::Result<()> {
    let mut case = BytesStart::new("testcase");
    case.push_attribute(("name", name(row).as_str()));
    let class = format!("headcount.{}", run.job.command().replace(' ', "-"));
    case.push_attribute(("classname", class.as_str()));
    let element_name = match row.outcome {
        Some(Outcome::Changed | Outcome::Unchanged) => None,
        Some(Outcome::Failed) => Some("failure"),
        Some(Outcome::Unknown) => Some("error"),
        Some(Outcome::Skipped) | None => Some("skipped"),
    };
    let Some(element_name) = element_name else { return xml.write_event(Event::Empty(case)) };
    xml.write_event(Event::Start(case))?;
    let mut element = BytesStart::new(element_name);
    let reason = row.reason.map_or("pending", |reason| reason.word());
    let meaning = row.reason.map_or("not sent yet", |reason| reason.meaning());
    element.push_attribute(("message", line(&format!("{reason}: {}", row.detail)).as_str()));
    // The schemas have a type for failures and errors, not for skipped cases.
    if element_name != "skipped" {
        element.push_attribute(("type", reason));
    }
    let text = format!("{meaning}\n\n{}", cells(run, row));
    xml.write_event(Event::Start(element))?;
    xml.write_event(Event::Text(BytesText::new(&legal(&text))))?;
    xml.write_event(Event::End(BytesEnd::new(element_name)))?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

/// `row 12: you@acme.com, site-users`: the row's first cells.
fn name(row: &RowView) -> String {
    let filled: Vec<&str> =
        row.cells.iter().map(String::as_str).filter(|cell| !cell.trim().is_empty()).collect();
    let cells: String = line(&filled.join(", ")).chars().take(120).collect();
    format!("row {}: {cells}", row.row)
}

/// The input's cells by their headings.
fn cells(run: &Run, row: &RowView) -> String {
    let lines: Vec<_> = (run.headings.iter().zip(&row.cells))
        .map(|(heading, cell)| format!("{heading}: {cell}"))
        .collect();
    format!("line {} of {}\n{}", row.line, run.input, lines.join("\n"))
}

/// On one line, because an attribute must be.
fn line(text: &str) -> String {
    legal(text).replace(['\n', '\r', '\t'], " ")
}

/// Only characters that XML 1.0 allows (its production `Char`).
fn legal(text: &str) -> String {
    let is_legal = |c: char| match c {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    };
    text.chars().map(|c| if is_legal(c) { c } else { '\u{fffd}' }).collect()
}
