//! Reports as files: streamed from the journal, never whole in memory.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::unfold;
use headcount_core::journal::{Journal, Run};
use headcount_core::report::{write_csv, write_failed, write_html, write_json};
use tokio::sync::mpsc::{Sender, channel};

use crate::failure::Failure;
use crate::web::answer::{Answer, Fault};
use crate::web::app::App;

/// Bytes gathered before they are sent.
const PIECE: usize = 64 * 1024;

/// `GET /runs/{run}/report.csv`.
pub async fn csv(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    of_run(app, id, "report", "csv", |journal, run, out| Ok(write_csv(journal, run, out)?)).await
}

/// `GET /runs/{run}/report.json`.
pub async fn json(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    of_run(app, id, "report", "json", |journal, run, out| Ok(write_json(journal, run, out)?)).await
}

/// `GET /runs/{run}/report.html`: one file that can be mailed.
pub async fn html(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    of_run(app, id, "report", "html", |journal, run, out| Ok(write_html(journal, run, out)?)).await
}

/// `GET /runs/{run}/failed.csv`: only the rows to feed back.
pub async fn failed(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let write = |journal: &Journal, run: &Run, out: &mut dyn Write| {
        Ok(write_failed(journal, run, out).map(drop)?)
    };
    of_run(app, id, "failed", "csv", write).await
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
    attachment(name, ending, Body::from_stream(body))
}

/// A file to keep.
pub fn attachment(name: &str, ending: &str, body: Body) -> Response {
    let kind = match ending {
        "json" => "application/json",
        "html" => "text/html; charset=utf-8",
        _ => "text/csv; charset=utf-8",
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
        .into_response()
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
