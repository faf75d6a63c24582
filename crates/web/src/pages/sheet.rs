//! The page of a spreadsheet: headings, columns (which can be changed), and bad cells at their place. All of it is
//! one form, so that no button loses any input.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_app::configuration::choose::SANDBOX;
use headcount_app::failure::{Failure, USAGE};
use headcount_app::words::{many, thousands};
use headcount_people::jobs;
use headcount_people::rows::looks_like_mail;
use headcount_sheet::{HiddenRows, Raw, SheetError};
use maud::{Markup, html};
use serde::Deserialize;

use crate::fault::Fault;
use crate::jobs::{Offer, title};
use crate::parts::columns;
use crate::parts::corrections;
use crate::parts::error;
use crate::parts::hidden_rows;
use crate::parts::layout::{self, encoded, foreign, short};
use crate::parts::place::Place;
use crate::parts::plan_options;
use crate::parts::roster;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::roster_form::{is_list, read_apart};
use crate::state::sheet_form::{Understood, hidden_rows_of, understand_apart};
use crate::state::uploads::Paper;

/// The query of the address.
#[derive(Deserialize)]
pub struct Asked {
    /// `plan` if a plan was requested and could not be made yet.
    asked: Option<String>,
}

/// `GET /sheets/{id}`.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let paper = app.sheet(&id)?;
    let asked = asked.asked.is_some_and(|asked| asked == "plan");
    if is_list(&paper).await? {
        return list(&app, &paper, asked).await;
    }
    let read = understand_apart(&paper).await?;
    let hidden = match &read {
        Err(SheetError::HiddenRows { rows, .. }) => hidden_apart(&paper, rows.clone()).await?,
        Ok(_) | Err(_) => (Vec::new(), Vec::new()),
    };
    let card = plan_options::Card::of(&app, &paper, asked);
    let waits = waiting_plan(&app, &paper).await?;
    Ok(page(layout::page(
        title(paper.job),
        &Place::of_profile(&paper.site),
        html! {
            p.crumb { a href={ "/?site=" (encoded(&paper.site)) } { "Start" } " / " (title(paper.job)) }
            (layout::steps(1, &[(0, back(&paper))]))
            h1 { "How the spreadsheet was read" }
            @if let Some(run) = &waits { (waits_already(run)) }
            @match &read {
                Err(SheetError::SeveralSheets { sheets, .. }) => { (which_sheet(&paper, sheets)) }
                Err(SheetError::OnlyHiddenSheets { sheets, .. }) => { (hidden_sheets(&paper, sheets)) }
                Err(SheetError::HiddenRows { rows, .. }) => { (hidden_rows::ask(&paper, rows, &hidden)) }
                Err(error) => { (unusable(&paper, error)) }
                Ok(understood) => { (show(&paper, understood, &card)) }
            }
        },
    )))
}

/// The page of a list, whose rows are no jobs of their own.
async fn list(app: &Arc<App>, paper: &Arc<Paper>, asked: bool) -> Answer {
    let read = read_apart(paper).await?;
    let waits = waiting_plan(app, paper).await?;
    let back = back(paper);
    Ok(page(layout::page(
        title(paper.job),
        &Place::of_profile(&paper.site),
        html! {
            p.crumb { a href={ "/?site=" (encoded(&paper.site)) } { "Start" } " / " (title(paper.job)) }
            (layout::steps(1, &[(0, back.clone())]))
            @if let Some(run) = &waits { (waits_already(run)) }
            (roster::content(paper, &read, &back, asked))
        },
    )))
}

/// The plan of this spreadsheet, if it still waits.
async fn waiting_plan(app: &Arc<App>, paper: &Paper) -> Result<Option<String>, Fault> {
    let Some(run) = paper.said().plan else { return Ok(None) };
    app.read(move |journal| {
        let state = journal.run(&run)?.state;
        Ok((state == headcount_journal::RunState::Sealed).then_some(run))
    })
    .await
}

fn waits_already(run: &str) -> Markup {
    layout::note(
        "info",
        "This spreadsheet already has a plan",
        html! {
            p {
                a href={ "/runs/" (run) } { "Plan " (run) }
                " waits, and nothing of it was sent. A new plan replaces it."
            }
        },
    )
}

/// Reads the hidden rows on a thread that may block.
async fn hidden_apart(
    paper: &Arc<Paper>,
    rows: Vec<HiddenRows>,
) -> Result<(Vec<String>, Vec<Raw>), Fault> {
    let paper = Arc::clone(paper);
    let read = tokio::task::spawn_blocking(move || hidden_rows_of(&paper, &rows)).await;
    read.map_err(|_| Fault::defect())
}

fn which_sheet(paper: &Paper, sheets: &[String]) -> Markup {
    html! {
        p { strong { (short(&paper.name, 60)) } " has several sheets. Choose one." }
        (choose_sheet(paper, sheets))
    }
}

/// Only hidden sheets of the workbook are filled.
fn hidden_sheets(paper: &Paper, sheets: &[String]) -> Markup {
    html! {
        p { strong { (short(&paper.name, 60)) } " has only hidden rows or sheets. To read a hidden sheet, choose it." }
        (choose_sheet(paper, sheets))
        p { a.button.plain href=(back(paper)) { "Upload another spreadsheet" } }
    }
}

fn choose_sheet(paper: &Paper, sheets: &[String]) -> Markup {
    html! {
        form.actions method="post" action={ "/sheets/" (paper.id) "/read" } {
            div.field {
                label for="sheet" { "The sheet" }
                select #sheet name="sheet" {
                    @for sheet in sheets { option value=(sheet) { (foreign(sheet)) } }
                }
            }
            button type="submit" { "Read it" }
        }
    }
}

fn unusable(paper: &Paper, error: &SheetError) -> Markup {
    let failure = match error {
        SheetError::Empty { name, .. } => Failure::new(USAGE, format!("{name} is empty")).hint(
            "upload another spreadsheet; its first line has the headings, the other lines have the rows",
        ),
        error => Failure::from_error(error),
    };
    html! {
        p { strong { (short(&paper.name, 60)) } " cannot be used as it is." }
        (error::words(&failure))
        p { a.button.plain href=(back(paper)) { "Upload another spreadsheet" } }
    }
}

fn back(paper: &Paper) -> String {
    let key = Offer::of(paper.job).map_or("add", |offer| offer.tile.key);
    format!("/new/{key}?site={}", encoded(&paper.site))
}

/// Why the columns are unknown, with a way to correct it on this page.
fn untold(error: &SheetError) -> Failure {
    const TICK: &str =
        "select “My spreadsheet has no headings” below the rows, then choose what each column is";
    match error {
        SheetError::MissingColumn { name, need, .. } => {
            Failure::new(USAGE, format!("{name}: no column has {need}"))
                .hint("choose below what each column is")
        }
        SheetError::DataAsHeading { name, heading, .. } => {
            let message =
                format!("{name}: the first line is a row, not headings; it contains {heading}");
            Failure::new(USAGE, message).hint(TICK)
        }
        SheetError::HeadingBelow { name, need, below, .. } => {
            Failure::new(USAGE, format!("{name}: no column has {need}"))
                .hint(format!("below, choose line {below} for the headings"))
        }
        SheetError::TitleAbove { name, title, below, .. } => {
            Failure::new(USAGE, format!("{name}: `{title}` seems to be a title"))
                .hint(format!("choose line {below} as the line of the headings below"))
        }
        SheetError::BareList { name, first, .. } => {
            Failure::new(USAGE, format!("{name}: it is not clear whether `{first}` is a heading"))
                .hint(TICK)
        }
        SheetError::NoHeadings { name, .. } => {
            Failure::new(USAGE, format!("{name}: the first line looks like a row")).hint(TICK)
        }
        SheetError::TwoColumns { name, what, first, second, .. } => {
            let message = format!(
                "{name}: the columns `{first}` and `{second}` both look like {what}; their values may differ"
            );
            Failure::new(USAGE, message).hint("choose “not used” for one of them below")
        }
        SheetError::PassedOver { name, columns, .. } => {
            Failure::new(USAGE, format!("{name}: the column {columns}"))
                .hint("choose below what it is, or “not used”")
        }
        SheetError::RowAnswers { name, heading, seen, .. } => {
            let message =
                format!("{name}: the column `{heading}` seems to say which rows to use ({seen})");
            Failure::new(USAGE, message).hint(
                "below, choose “What to do with the row” to change only the rows with a yes, or “not \
                 used” to change all rows, also those with a no",
            )
        }
        SheetError::Map { name, why, .. } => Failure::new(USAGE, format!("{name}: {why}"))
            .hint("choose something else for one of the columns below"),
        error => Failure::from_error(error),
    }
}

fn show(paper: &Paper, understood: &Understood, card: &plan_options::Card) -> Markup {
    let Understood { columns, checked, .. } = understood;
    let read = checked.as_ref().ok().map(|checked| &checked.read).filter(|_| columns.is_ok());
    let said = paper.said();
    html! {
        p {
            strong { (short(&paper.name, 60)) } " (" (foreign(&layout::quoted(&understood.dialect))) ")"
            @if let Some(read) = read {
                ": " strong { (many(read.rows, "row")) }
                @if read.bad > 0 { ", of which " strong { (thousands(read.bad)) } " cannot be read" }
                "."
            }
        }
        @if let Err(error) = columns { (error::words(&untold(error))) (only_names(paper, understood, error)) }
        @if let Err(error) = checked { (error::words(&Failure::from_error(error))) }
        form #read method="post" action={ "/sheets/" (paper.id) "/read" } autocomplete="off" data-changes data-keep {
            // Enter presses the first button of a form.
            button.plain.unscripted type="submit" { "Read it like this" }
            @if let Some(sheet) = &understood.reading.options.sheet {
                input type="hidden" name="sheet" value=(sheet);
            }
            (hidden_rows::chosen(understood.reading.options.hidden_rows))
            (columns::preview(jobs::of(paper.job).sheet, understood))
            @if jobs::of(paper.job).takes("by") {
                (columns::names_are_not_sent(understood))
                (plan_options::by(said.fields.invites(), paper.site == SANDBOX))
            }
            (corrections::told(&said.corrected))
            @if let Ok(checked) = checked { (columns::bad_rows(understood, checked)) }
            (card.show(paper, &said, understood))
        }
        form.actions method="post" action={ "/sheets/" (paper.id) "/remove" } {
            button.plain type="submit" { "Discard this spreadsheet" }
        }
    }
}

/// If the spreadsheet has only names, the page shows where to find the addresses.
fn only_names(paper: &Paper, understood: &Understood, error: &SheetError) -> Markup {
    let is_person = matches!(error, SheetError::MissingColumn { need, .. } if need.contains("email address or account id"));
    let holds_mail = |cells: &[String]| cells.iter().any(|cell| looks_like_mail(cell.trim()));
    let has_mail = holds_mail(&understood.headings)
        || understood.peeked.iter().any(|raw| holds_mail(&raw.cells));
    html! {
        @if is_person && !has_mail {
            (layout::note("info", "Names are not enough", html! {
                p {
                    "headcount finds users by their email address or account id, because two users can have the same name. "
                    a href={ "/lists/people?site=" (encoded(&paper.site)) } { "The list of users" }
                    " has the names and addresses of all users. Copy the addresses into your spreadsheet, and upload it again."
                }
            }))
        }
    }
}
