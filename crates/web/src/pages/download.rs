//! Reports as files: streamed from the journal, never whole in memory.

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
use headcount_app::report_subject;
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

/// What a CSV file begins with that is opened in a spreadsheet by a click: without it Excel takes UTF-8
/// for an older code. Every reader of sheets here takes it off.
const MARK: &str = "\u{feff}";

/// Bytes gathered before they are sent.
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

/// Writes a table as a workbook, in a file of its own, because a workbook is written back and forth.
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

/// `GET /runs/{run}/report.html`: one file that can be mailed.
pub async fn html(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    of_run(app, id, "report", "html", write_page).await
}

/// `GET /runs/{run}/report`: the same to be looked at here. It has foreign cells and a style and a script
/// of its own, so it is shown in a sandbox: apart from the page, and allowed nothing but these two.
pub async fn view(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let run = app.read(move |journal| Ok(journal.run(&id).ok())).await?;
    let run = run.ok_or_else(|| Fault::not_found("there is no such run"))?;
    let policy = format!("{}; frame-ancestors 'none'; sandbox allow-scripts", html_policy());
    let policy = HeaderValue::from_str(&policy).map_err(|_| Fault::defect())?;
    let body = stream(move |out| app.with_journal(|journal| write_page(journal, &run, out)));
    let kind = (header::CONTENT_TYPE, kind("html"));
    Ok(([kind], Extension(OwnPolicy(policy)), body).into_response())
}

/// Writes the page, with times as they are on this computer.
pub fn write_page(journal: &Journal, run: &Run, out: &mut dyn Write) -> Result<(), Failure> {
    Ok(write_html(journal, run, &report_subject::of(run), &TimeZone::system(), out)?)
}

/// `GET /runs/{run}/failed.csv`: only the rows to try again.
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

/// A file to keep, streamed while it is written.
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

/// What is written, while it is written.
fn stream(write: impl FnOnce(&mut dyn Write) -> Result<(), Failure> + Send + 'static) -> Body {
    let (pieces, taken) = channel::<io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        let end = pieces.clone();
        let mut out = BufWriter::with_capacity(PIECE, Pipe(pieces));
        let written = write(&mut out).and_then(|()| Ok(out.flush()?));
        if let Err(failure) = written {
            // The download breaks off instead of ending as if it were whole.
            let _ = end.blocking_send(Err(io::Error::other(failure.message)));
        }
    });
    let body = unfold(taken, |mut taken| async move { Some((taken.recv().await?, taken)) });
    Body::from_stream(body)
}

/// A file to keep.
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

/// Writes into a download; a browser that went away ends it.
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
