//! A spreadsheet's form: keeps its fields, and makes the plan from them.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_app::failure::Failure;

use crate::actions::plan_tasks::plan_sheet;
use crate::fault::Fault;
use crate::parts::corrections;
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::fields::Pairs;
use crate::state::sheet_form::{self, Understood, understand_apart};
use crate::state::uploads::{Paper, Said};

/// `POST /sheets/{id}/read`: keeps the form's fields and reads the spreadsheet accordingly.
pub async fn read(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let paper = app.sheet(&id)?;
    corrections::keep(&paper, pairs)?;
    Ok(go(&format!("/sheets/{}", paper.id)))
}

/// `POST /sheets/{id}/plan`: the same, and makes the plan if the spreadsheet can be read.
pub async fn plan(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let paper = app.sheet(&id)?;
    let typed = corrections::keep(&paper, pairs)?;
    let is_ready = match understand_apart(&paper).await? {
        Ok(understood) => {
            let said = paper.said();
            said.no_export.is_none() && can_be_planned(&understood, &said, &typed)
        }
        Err(_) => false,
    };
    if !is_ready {
        return Ok(go(&format!("/sheets/{}?asked=plan#plan", paper.id)));
    }
    plan_as_said(&app, paper).await
}

/// Starts to plan a spreadsheet with its form's fields.
pub async fn plan_as_said(app: &Arc<App>, paper: Arc<Paper>) -> Answer {
    let asked = Arc::clone(&paper);
    let wanted = tokio::task::spawn_blocking(move || sheet_form::wanted(&asked)).await;
    let wanted = wanted.map_err(|_| Fault::defect())?.map_err(Failure::from)?;
    Ok(go(&plan_sheet(app, paper, wanted)?))
}

/// Whether the plan can be made without the unreadable rows: the user must have seen them. If a cell was corrected
/// just now and is still wrong, the page shows it first.
fn can_be_planned(understood: &Understood, said: &Said, typed: &BTreeSet<u64>) -> bool {
    let Ok(checked) = &understood.checked else { return false };
    let rows = &checked.read;
    let is_seen = || !checked.bad.iter().any(|bad| typed.contains(&bad.raw.number));
    let goes_without = || said.fields.has("skip_bad") && is_seen() && rows.bad < rows.rows;
    understood.is_ready() && (rows.bad == 0 || goes_without())
}
