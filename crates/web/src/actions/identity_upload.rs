//! Atlassian's exports are given for a sheet, to find ids in.

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

/// Bytes of a form without its files: as much as a form that has none may hold.
const WORDS: usize = 2 * 1024 * 1024;

/// All that a form may send, in bytes: two exports, each as large as a sheet may be.
pub const LIMIT: usize = 2 * LARGEST + WORDS;

/// `POST /sheets/{id}/exports`: the sheet's form with files.
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

/// All that the files have, or why one of them is no export.
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

/// What each file has. Two are read at the same time: a large company's take a while.
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
