//! Reports as files, streamed from the journal, so that they are never completely in memory.

use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::unfold;
use headcount_app::failure::Failure;
use headcount_app::{members_file, report_subject};
use headcount_journal::{Journal, Run};
use headcount_report::{
    CsvForm, html_policy, write_csv, write_failed, write_html, write_json, write_pending,
};
use jiff::tz::TimeZone;
use tokio::sync::mpsc::{Sender, channel};

use crate::access::OwnPolicy;
use crate::fault::Fault;
use crate::responses::Answer;
use crate::state::app::App;

/// The byte order mark of a CSV file: without it, Excel takes UTF-8 for an older encoding. headcount's own reader
/// removes it.
const MARK: &str = "\u{feff}";

/// Bytes that are collected before they are sent.
const PIECE: usize = 64 * 1024;

/// `GET /runs/{run}/report.csv`.
pub async fn csv(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    of_run(app, id, "report", "csv", |journal, run, out| {
        Ok(write_csv(journal, run, &report_subject::of(run), CsvForm::of(run).without_mark(), out)?)
    })
    .await
}

/// `GET /runs/{run}/report.xlsx`.
pub async fn xlsx(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    of_run(app, id, "report", "xlsx", |journal, run, out| {
        workbook(out, |table| {
            Ok(write_csv(journal, run, &report_subject::of(run), CsvForm::PLAIN, table)?)
        })
    })
    .await
}

/// Writes a table as a workbook into a temporary file, because a workbook is not written in sequence.
pub fn workbook(
    out: &mut dyn Write,
    table: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (mut text, mut file) = (tempfile::tempfile()?, tempfile::tempfile()?);
    table(&mut BufWriter::new(&mut text))?;
    text.rewind()?;
    headcount_app::xlsx::of_csv(BufReader::new(text), &mut file)?;
    file.rewind()?;
    io::copy(&mut file, out)?;
    Ok(())
}

/// `GET /runs/{run}/report.json`.
pub async fn json(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    of_run(app, id, "report", "json", |journal, run, out| {
        Ok(write_json(journal, run, &report_subject::of(run), out)?)
    })
    .await
}

/// `GET /runs/{run}/report.html`: a single file that can be sent by email.
pub async fn html(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    of_run(app, id, "report", "html", write_page).await
}

/// `GET /runs/{run}/report`: the same report in the browser. It contains cells from elsewhere and has its own
/// style and script, so it is shown in a sandbox: separated from the page and restricted to these two.
pub async fn view(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let run = app.read(move |journal| Ok(journal.run(&id).ok())).await?;
    let run = run.ok_or_else(|| Fault::not_found("there is no such run"))?;
    let policy = format!("{}; frame-ancestors 'none'; sandbox allow-scripts", html_policy());
    let policy = HeaderValue::from_str(&policy).map_err(|_| Fault::defect())?;
    let body = stream(move |out| app.with_journal(|journal| write_page(journal, &run, out)));
    let kind = (header::CONTENT_TYPE, kind("html"));
    Ok(([kind], Extension(OwnPolicy(policy)), body).into_response())
}

/// Writes the report, with times in this computer's time zone.
pub fn write_page(journal: &Journal, run: &Run, out: &mut dyn Write) -> Result<(), Failure> {
    Ok(write_html(journal, run, &report_subject::of(run), &TimeZone::system(), out)?)
}

/// `GET /runs/{run}/failed.csv`: only the rows to retry.
pub async fn failed(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let write = |journal: &Journal, run: &Run, out: &mut dyn Write| {
        Ok(write_failed(journal, run, CsvForm::of(run).without_mark(), out).map(drop)?)
    };
    of_run(app, id, "failed", "csv", write).await
}

/// `GET /runs/{run}/pending.csv`: only the rows that were never sent.
pub async fn pending(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let write = |journal: &Journal, run: &Run, out: &mut dyn Write| {
        Ok(write_pending(journal, run, CsvForm::of(run).without_mark(), out).map(drop)?)
    };
    of_run(app, id, "not-sent", "csv", write).await
}

/// `GET /runs/{run}/members.csv`: the file with the members of the groups that the run deletes, exactly as it was written.
pub async fn members(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let run = app.read(move |journal| Ok(journal.run(&id).ok())).await?;
    let run = run.ok_or_else(|| Fault::not_found("there is no such run"))?;
    let content = members_file::content(&run)?;
    let content = content.ok_or_else(|| Fault::not_found("this run wrote no members"))?;
    Ok(attachment(&format!("members-{}.csv", run.id), "csv", Body::from(content)))
}

async fn of_run(
    app: Arc<App>,
    id: String,
    what: &str,
    ending: &str,
    write: impl FnOnce(&Journal, &Run, &mut dyn Write) -> Result<(), Failure> + Send + 'static,
) -> Answer {
    let run = app.read(move |journal| Ok(journal.run(&id).ok())).await?;
    let run = run.ok_or_else(|| Fault::not_found("there is no such run"))?;
    let name = format!("{what}-{}.{ending}", run.id);
    Ok(send(&name, ending, move |out| app.with_journal(|journal| write(journal, &run, out))))
}

/// A download, streamed while it is written.
pub fn send(
    name: &str,
    ending: &str,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failure> + Send + 'static,
) -> Response {
    let is_csv = ending == "csv";
    let marked = move |out: &mut dyn Write| {
        if is_csv {
            out.write_all(MARK.as_bytes())?;
        }
        write(out)
    };
    attachment(name, ending, stream(marked))
}

/// The body of an answer, streamed while it is written.
fn stream(write: impl FnOnce(&mut dyn Write) -> Result<(), Failure> + Send + 'static) -> Body {
    let (pieces, taken) = channel::<io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        let end = pieces.clone();
        let mut out = BufWriter::with_capacity(PIECE, Pipe(pieces));
        let written = write(&mut out).and_then(|()| Ok(out.flush()?));
        if let Err(failure) = written {
            // The download breaks off, so that it does not seem complete.
            let _ = end.blocking_send(Err(io::Error::other(failure.message)));
        }
    });
    let body = unfold(taken, |mut taken| async move { Some((taken.recv().await?, taken)) });
    Body::from_stream(body)
}

/// A download.
fn attachment(name: &str, ending: &str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let kind = (header::CONTENT_TYPE, kind(ending).to_owned());
    ([kind, (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

fn kind(ending: &str) -> &'static str {
    match ending {
        "json" => "application/json",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "html" => "text/html; charset=utf-8",
        "zip" => "application/zip",
        _ => "text/csv; charset=utf-8",
    }
}

/// Writes into a download. If the browser closes the connection, writing ends.
struct Pipe(Sender<io::Result<Bytes>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(piece)).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
