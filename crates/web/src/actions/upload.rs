//! Uploads a spreadsheet, a file or pasted cells, into memory, up to a limit.

use std::sync::Arc;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Path, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use headcount_app::failure::{Failure, USAGE};

use crate::actions::plan_tasks::throw_away;
use crate::fault::Fault;
use crate::jobs::Offer;
use crate::pages::new::again;
use crate::parts::layout::file_name;
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::uploads::{FORM, LARGEST, Paper};

/// `POST /sheets`: a file, or pasted cells.
pub async fn bring(State(app): State<Arc<App>>, headers: HeaderMap, form: Multipart) -> Answer {
    check_length(&headers, LARGEST + FORM)?;
    match receive(form).await? {
        Received::Paper(paper) => Ok(go(&format!("/sheets/{}", app.desk.lay(*paper).id))),
        Received::Nothing { offer, site, empty } => again(&app, offer, site, &nothing(empty)),
    }
}

/// The content of the form.
enum Received {
    Paper(Box<Paper>),
    /// No spreadsheet, or an empty file.
    Nothing {
        offer: Offer,
        site: String,
        empty: Option<String>,
    },
}

/// The failure of a form without a spreadsheet.
fn nothing(empty: Option<String>) -> Failure {
    match empty {
        Some(name) => Failure::new(USAGE, format!("{name} is empty"))
            .hint("choose another file below, or paste the cells; if it is not meant to be empty, save it again in your spreadsheet program"),
        None => Failure::new(USAGE, "no spreadsheet was chosen")
            .hint("choose a file below, or paste cells with their headings"),
    }
}

async fn receive(mut form: Multipart) -> Result<Received, Fault> {
    let (mut job, mut site, mut empty) = (None, None, None);
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "job" => job = Offer::of_key(&field.text().await.map_err(|error| broken(&error))?),
            "site" => site = Some(field.text().await.map_err(|error| broken(&error))?),
            "file" | "text" => {
                let file = match field.file_name() {
                    Some("") => continue,
                    Some(file) => Some(called(file)),
                    None => None,
                };
                // In the form, job and site come before the spreadsheet.
                let (Some(offer), Some(site)) = (job, &site) else { return Err(no_such_job()) };
                let name = file.clone().unwrap_or_else(|| "pasted cells".to_owned());
                let content = read(&mut field).await?;
                if !content.is_empty() {
                    let paper = Paper::new(content, &name, offer.spec.job, site)?;
                    return Ok(Received::Paper(Box::new(paper)));
                }
                empty = empty.or(file);
            }
            _ => {}
        }
    }
    let (Some(offer), Some(site)) = (job, site) else { return Err(no_such_job()) };
    Ok(Received::Nothing { offer, site, empty })
}

fn no_such_job() -> Fault {
    Fault::not_found("there is no such job")
}

/// Reads the content of a field into memory, because it may hold passwords.
pub async fn read(field: &mut Field<'_>) -> Result<Vec<u8>, Fault> {
    let mut content = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        if content.len() + piece.len() > LARGEST {
            return Err(too_large());
        }
        content.extend_from_slice(&piece);
    }
    Ok(content)
}

/// Refuses a request whose declared length is too large, before it is read.
pub fn check_length(headers: &HeaderMap, most: usize) -> Result<(), Fault> {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > most as u64) {
        return Err(too_large());
    }
    Ok(())
}

/// The name of a file as pages show it.
pub fn called(file: &str) -> String {
    file_name(file).chars().take(200).collect()
}

pub fn broken(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Failure::new(USAGE, "the file did not arrive completely")
        .because(error)
        .hint("try it again")
        .into()
}

pub fn too_large() -> Fault {
    let most = LARGEST / 1024 / 1024;
    Failure::new(USAGE, format!("the file is larger than {most} MB"))
        .hint("split it, or leave out columns that are not needed; a run can have a million rows")
        .into()
}

/// `POST /sheets/{id}/remove`: also discards a waiting plan of the spreadsheet.
pub async fn remove(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    if let Some(plan) = app.desk.find(&id).and_then(|paper| paper.said().plan) {
        throw_away(&app, &plan)?;
    }
    app.desk.throw_away(&id);
    Ok(go("/"))
}
