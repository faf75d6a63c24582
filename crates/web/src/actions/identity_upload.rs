//! Uploads Atlassian's exports for a spreadsheet; ids are looked up in them.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::ScopedJoinHandle;

use axum::extract::{Multipart, Path, State};
use axum::http::HeaderMap;
use headcount_app::failure::{Failure, USAGE};
use headcount_app::identity_exports::{Content, ExportFile};
use headcount_model::job::Job;

use crate::actions::upload::{broken, called, check_length, read, too_large};
use crate::fault::Fault;
use crate::parts::corrections;
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::fields::Pairs;
use crate::state::identity_sources::{self, WhoIsWho};
use crate::state::uploads::LARGEST;

/// The largest form without its files, in bytes: the same as that of a form without files.
const WORDS: usize = 2 * 1024 * 1024;

/// The largest form, in bytes: two exports, each as large as a spreadsheet may be.
pub const LIMIT: usize = 2 * LARGEST + WORDS;

/// `POST /sheets/{id}/exports`: the spreadsheet's form together with files.
pub async fn bring(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Answer {
    check_length(&headers, LIMIT)?;
    let paper = app.sheet(&id)?;
    let (pairs, files) = receive(form).await?;
    corrections::keep(&paper, pairs)?;
    let came = look_into(paper.job, files).await?;
    paper.say(|said| match came {
        Ok(who) => said.who.add(who),
        Err(failure) => said.no_export = Some(Arc::new(failure)),
    });
    Ok(go(&format!("/sheets/{}", paper.id)))
}

async fn receive(mut form: Multipart) -> Result<(Pairs, Vec<ExportFile>), Fault> {
    let (mut pairs, mut files, mut words) = (Pairs::new(), Vec::new(), 0);
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(name) = field.file_name().map(called) {
            if !name.is_empty() {
                let content = Content::Held(read(&mut field).await?.into());
                files.push(ExportFile { content, name });
            }
            continue;
        }
        words += name.len();
        let mut text = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
            words += piece.len();
            if words > WORDS {
                return Err(too_large());
            }
            text.extend_from_slice(&piece);
        }
        pairs.push((name, String::from_utf8_lossy(&text).into_owned()));
    }
    Ok((pairs, files))
}

/// The users and groups in all files, or why one of the files is not an export.
async fn look_into(job: Job, files: Vec<ExportFile>) -> Result<Result<WhoIsWho, Failure>, Fault> {
    let look = move || {
        let mut who = WhoIsWho::default();
        for told in read_beside(job, files) {
            who.add(told?);
        }
        if who.each().next().is_some() {
            return Ok(who);
        }
        Err(Failure::new(USAGE, "no export was chosen").hint("choose one or two files below"))
    };
    tokio::task::spawn_blocking(look).await.map_err(|_| Fault::defect())
}

/// The users and groups in each file. Two files are read at the same time, because a large company's exports take
/// some time.
fn read_beside(job: Job, files: Vec<ExportFile>) -> Vec<Result<WhoIsWho, Failure>> {
    let mut told = Vec::new();
    let mut files = files.into_iter();
    let read = move |file| identity_sources::read(job, file);
    while let Some(file) = files.next() {
        let other = files.next();
        std::thread::scope(|scope| {
            let other = other.map(|file| scope.spawn(move || read(file)));
            told.push(read(file));
            let join = |other: ScopedJoinHandle<'_, _>| {
                other.join().unwrap_or_else(|why| resume_unwind(why))
            };
            told.extend(other.map(join));
        });
    }
    told
}
