//! Exports: the site's people and groups, read into a file that is there to be downloaded for a while.

use std::io::{BufWriter, Write};
use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_app::export::What;
use headcount_app::failure::Failure;
use headcount_app::options::SendOptions;
use headcount_app::site::{self, Ceiling, Need};
use headcount_app::words::exports::notes;
use headcount_sheet::{Options, Source, open};
use tempfile::NamedTempFile;

use crate::pages::export::{Asked, list};
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::exports::Export;
use crate::state::sites::context_of;
use crate::state::tasks::{Kind, Task};

/// Rows of it that are shown.
const SHOWN: usize = 5;

/// Begins an export; the address to look at it by.
pub fn export(app: &Arc<App>, what: What, title: &str, site: String) -> Result<String, Failure> {
    let back = format!("/?site={}", crate::parts::layout::encoded(&site));
    let making = Arc::clone(app);
    app.tasks.begin(Kind::Export, site.clone(), title.to_owned(), back, move |task| async move {
        let app = making;
        let export = read(&app, &task, what, &site).await?;
        let id = app.exports.put(export)?;
        Ok(format!("/exports/{id}"))
    })
}

async fn read(app: &App, task: &Task, what: What, site: &str) -> Result<Export, Failure> {
    let context = context_of(&app.context, site);
    let journal = headcount_app::journal::open(&app.context)?;
    let opened =
        site::open(&context, &journal, Ceiling::of(&SendOptions::default()), Need::Any).await?;
    let mut file = NamedTempFile::new_in(app.desk.folder()?)?;
    let mut out = BufWriter::new(file.as_file_mut());
    let exported =
        headcount_app::export::write(what, &opened, &mut out, &mut |far| task.reads(far)).await;
    let exported = exported.map_err(|failure| failure.of_site(&opened.site.name))?;
    out.flush()?;
    drop(out);
    let sheet = open(Source::file(file.path()), &Options::default())?;
    let headings = sheet.headings().to_vec();
    let first = sheet.take(SHOWN).filter_map(Result::ok).map(|raw| raw.cells).collect();
    let (profile, site, notes) =
        (site.to_owned(), opened.site.name.clone(), notes(what, &exported));
    Ok(Export { what, profile, site, exported, notes, headings, first, file })
}

/// `POST /lists/{what}`.
pub async fn begin(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    Form(asked): Form<Asked>,
) -> Answer {
    let list = list(&key)?;
    let site = app.wanted_site(asked.site)?;
    Ok(go(&export(&app, list.what, list.title, site.name)?))
}
