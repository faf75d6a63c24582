//! A sheet comes in: a file or pasted cells, bounded, to a private place.

use std::sync::Arc;

use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use tokio::io::AsyncWriteExt;

use crate::failure::{Failure, USAGE};
use crate::web::answer::{Answer, Fault, go};
use crate::web::app::App;
use crate::web::desk::{FORM, LARGEST, Paper};
use crate::web::jobs::Offer;

/// `POST /sheets`: a file, or pasted cells.
pub async fn bring(State(app): State<Arc<App>>, headers: HeaderMap, form: Multipart) -> Answer {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    // Before anything of it is read: what says beforehand that it is too much.
    if length.is_some_and(|length: u64| length > (LARGEST + FORM) as u64) {
        return Err(too_large());
    }
    let paper = receive(&app, form).await?;
    let paper = app.desk.lay(paper);
    Ok(go(&format!("/sheets/{}", paper.id)))
}

async fn receive(app: &Arc<App>, mut form: Multipart) -> Result<Paper, Fault> {
    let (mut job, mut site) = (None, None);
    loop {
        let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? else {
            let hint = "choose a file, or paste cells with their headings";
            return Err(Failure::new(USAGE, "there is no sheet").hint(hint).into());
        };
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "job" => job = Offer::of_key(&field.text().await.map_err(|error| broken(&error))?),
            "site" => site = Some(field.text().await.map_err(|error| broken(&error))?),
            "file" | "text" => {
                let called = match field.file_name() {
                    Some("") => continue,
                    Some(file) => crate::web::layout::file_name(file).chars().take(200).collect(),
                    None => "pasted cells".to_owned(),
                };
                // The form says job and site before the sheet.
                let (Some(offer), Some(site)) = (job, &site) else {
                    return Err(Fault::not_found("there is no such job"));
                };
                let paper = app.desk.place(&called, offer.job, site)?;
                let mut file = private_file(&paper).await?;
                let mut length = 0;
                while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
                    length += piece.len();
                    if length > LARGEST {
                        return Err(too_large());
                    }
                    file.write_all(&piece).await.map_err(Failure::from)?;
                }
                file.flush().await.map_err(Failure::from)?;
                if length > 0 {
                    return Ok(paper);
                }
            }
            _ => {}
        }
    }
}

async fn private_file(paper: &Paper) -> Result<tokio::fs::File, Failure> {
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    Ok(options.open(&paper.path).await?)
}

fn broken(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Failure::new(USAGE, "the sheet did not arrive whole").because(error).hint("try it again").into()
}

fn too_large() -> Fault {
    let most = LARGEST / 1024 / 1024;
    Failure::new(USAGE, format!("the sheet is larger than {most} MB"))
        .hint("split it; a run can have a million rows")
        .into()
}

/// `POST /sheets/{id}/remove`.
pub async fn remove(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    app.desk.throw_away(&id);
    Ok(go("/"))
}
