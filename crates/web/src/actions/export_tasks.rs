//! Exports of the site's users and groups into files that can be downloaded for some time.

use std::io::{BufWriter, Write};
use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_app::configuration::choose::SANDBOX;
use headcount_app::failure::Failure;
use headcount_app::options::SendOptions;
use headcount_app::site::{self, Ceiling, Need};
use headcount_app::words::exports::{end, notes};
use tempfile::NamedTempFile;

use crate::jobs::List;
use crate::pages::export::{Asked, list};
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::lists::About;
use crate::state::sites::context_of;
use crate::state::tasks::{Kind, Task};

/// Starts an export. Returns the address of its page.
fn make(app: &Arc<App>, list: &'static List, site: String) -> Result<String, Failure> {
    let back = format!("/?site={}", crate::parts::layout::encoded(&site));
    let making = Arc::clone(app);
    let title = list.title.to_owned();
    app.tasks.begin(Kind::Export, site.clone(), title, back, move |task| async move {
        let id = read(&making, &task, list, site).await?;
        Ok(format!("/exports/{id}"))
    })
}

async fn read(app: &App, task: &Task, list: &List, profile: String) -> Result<String, Failure> {
    let context = context_of(&app.context, &profile);
    let journal = headcount_app::journal::open(&app.context)?;
    let opened =
        site::open(&context, &journal, Ceiling::of(&SendOptions::default()), Need::Any).await?;
    let mut file = NamedTempFile::new_in(app.desk.folder()?)?;
    let mut out = BufWriter::new(file.as_file_mut());
    let exported =
        headcount_app::export::write(list.what, &opened, &mut out, &mut |far| task.reads(far))
            .await;
    let exported = exported.map_err(|failure| failure.of_site(&opened.site.name))?;
    out.flush()?;
    drop(out);
    let site = if opened.site.name == SANDBOX { "the sandbox" } else { &opened.site.name };
    let about = About {
        key: list.key.to_owned(),
        profile,
        done: end(list.what, &exported, site, None),
        rows: exported.rows,
        users: exported.people,
        notes: notes(list.what, &exported),
        at: app.context.clock.now(),
    };
    app.lists.keep(&about, file)
}

/// `POST /lists/{what}`.
pub async fn begin(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    Form(asked): Form<Asked>,
) -> Answer {
    let list = list(&key)?;
    let site = app.wanted_site(asked.site)?;
    Ok(go(&make(&app, list, site.name)?))
}
