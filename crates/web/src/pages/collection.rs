//! The page of a collection's files: which were uploaded, how each was read, and which values are missing.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use headcount_collections::{FileKind, Folder, Given, GivenAs, Lacking, Source, folders, planned};
use maud::{Markup, html};
use serde::Deserialize;

use crate::fault::Fault;
use crate::parts::collection_upload::drop_zone;
use crate::parts::collection_values as values;
use crate::parts::layout::{self, encoded, foreign, quoted, short};
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::bundles::{Bundle, Said, Upload};

/// The page's title.
pub const TITLE: &str = "Run a Postman collection";

/// The query of the address.
#[derive(Deserialize)]
pub struct Asked {
    site: Option<String>,
}

/// `GET /collections/new`.
pub async fn new(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Answer {
    let site = app.wanted_site(asked.site)?.name;
    Ok(page(bring(&site, None, false)))
}

/// The page with a message, after a form without a file.
pub fn again(app: &App, site: String, run: Option<&str>) -> Answer {
    let site = app.wanted_site(Some(site))?.name;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(bring(&site, run, true))).into_response())
}

fn bring(site: &str, run: Option<&str>, is_empty: bool) -> Markup {
    layout::page(
        TITLE,
        &Place::none(),
        html! {
            p.crumb { a href={ "/?site=" (encoded(site)) } { "Start" } " / " (TITLE) }
            (layout::steps_of(&layout::COLLECTION, 0, &[]))
            h1 { (TITLE) }
            p { "headcount sends the requests of your collection once for each row of your data file, as Postman's runner and Newman do. Every row gets a recorded outcome, and an interrupted run can be resumed." }
            form method="post" action="/collections" enctype="multipart/form-data" {
                input type="hidden" name="site" value=(site);
                @if let Some(run) = run { input type="hidden" name="run" value=(run); }
                (drop_zone("Drop all files here, or choose them: the collection, and, if you have them, the environment, the globals and the data file (CSV, XLSX or JSON). headcount recognizes each by its content.", is_empty))
                p.actions { button type="submit" { "Read them" } span.faint { "Nothing is sent yet." } }
            }
            section aria-labelledby="export" {
                h2 #export { "How to export from Postman" }
                p { "In Postman, open the menu “…” of the collection and of the environment, and choose “Export” (Collection v2.1). Postman may leave out current values; headcount then asks for them." }
            }
        },
    )
}

/// The data of the page.
struct View {
    said: Said,
    /// Names that need a value. `None` if the files cannot be read yet.
    lacking: Option<Vec<Lacking>>,
    /// For a run that is continued: the names whose values were given when it was planned.
    given: Vec<(String, GivenAs)>,
    /// The collection's folders.
    folders: Vec<Folder>,
}

/// The bundle with this id.
pub fn find(app: &App, id: &str) -> Result<Arc<Bundle>, Fault> {
    app.bundles.find(id).ok_or_else(|| {
        Fault::not_found(
            "these files are no longer here: their run has ended, they were discarded, or newer files replaced them",
        )
    })
}

/// `GET /collections/{id}`.
pub async fn get(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let bundle = find(&app, &id)?;
    let said = bundle.said();
    let given = match said.continues.clone() {
        Some(run) => app.read(move |journal| Ok(planned(&journal.run(&run)?).given)).await?,
        None => Vec::new(),
    };
    let read = tokio::task::spawn_blocking(move || {
        let lacking = said.files().and_then(|files| {
            // A typed value may be missing again, so typed values do not count here.
            let source = said.source(&files).unwrap_or_else(|_| Source::uploaded(&files));
            source.lacking(files, &Given::default()).ok()
        });
        let folders = said.files().map(|files| folders(&files.collection)).unwrap_or_default();
        View { said, lacking, given, folders }
    });
    let view = read.await.map_err(|_| Fault::defect())?;
    Ok(page(show(&bundle, &view)))
}

fn show(bundle: &Bundle, view: &View) -> Markup {
    let said = &view.said;
    layout::page(
        TITLE,
        &Place::none(),
        html! {
            p.crumb { a href={ "/?site=" (encoded(&bundle.site)) } { "Start" } " / " (TITLE) }
            (layout::steps_of(&layout::COLLECTION, 1, &[]))
            h1 { @if let Some(run) = &said.continues { "Continue run " (run) } @else { (TITLE) } }
            @if !said.problems.is_empty() { (problems(&said.problems)) }
            (files(bundle, said))
            @match &view.lacking {
                Some(lacking) => { (values::form(bundle, said, lacking, &view.given, &view.folders)) }
                None => { p { "When the files are complete, headcount shows here which values are missing." } }
            }
            details.confirm {
                summary.button.plain { "Discard these files…" }
                form.card method="post" action={ "/collections/" (bundle.id) "/remove" } {
                    p { "headcount deletes the files and values from its memory. A plan that was made of them and not applied is discarded, too." }
                    button.danger type="submit" { "Discard the files" }
                }
            }
        },
    )
}

/// The most problems that are shown.
const MOST: usize = 50;

fn problems(problems: &[String]) -> Markup {
    html! {
        div #problems .note.bad role="alert" tabindex="-1" data-focus {
            p.title { strong { "There is no plan yet, and nothing was sent" } }
            ul.plain {
                @for problem in problems.iter().take(MOST) { li { (short(&quoted(problem), 600)) } }
                @if problems.len() > MOST { li { "And " (problems.len() - MOST) " more." } }
            }
            p { "What to do: correct the files and upload them again, or give the missing values below." }
        }
    }
}

fn files(bundle: &Bundle, said: &Said) -> Markup {
    html! {
        section aria-labelledby="files" {
            h2 #files { "What the files were read as" }
            div.scroll tabindex="0" role="region" aria-label="Files" {
                table.stack.files {
                    thead { tr { th scope="col" { "File" } th scope="col" { "Read as" } th.wider scope="col" { "Holds" } th scope="col" { span.hidden { "Remove" } } } }
                    tbody {
                        @for upload in &said.uploads { (line(bundle, said, upload)) }
                        @if said.of_kind(FileKind::Collection).next().is_none() {
                            tr.problem { th scope="row" { "no file" } td { "Collection" } td { p.wrong { "The collection is missing. Add it below." } } td {} }
                        }
                    }
                }
            }
            form method="post" action={ "/collections/" (bundle.id) "/files" } enctype="multipart/form-data" {
                div.card.drop data-drop {
                    div.field {
                        label for="file" { "Add or replace files" }
                        input #file type="file" name="file" multiple accept=".json,.csv,.tsv,.txt,.xlsx";
                    }
                    p.faint { "Drop files here, or choose them. A file with the same name replaces the earlier one." }
                    button.plain.unscripted type="submit" { "Read them" }
                }
            }
        }
    }
}

fn line(bundle: &Bundle, said: &Said, upload: &Upload) -> Markup {
    let name = &upload.file.name;
    let kind = upload.inspected.kind;
    let is_twice = kind.is_some_and(|kind| said.of_kind(kind).nth(1).is_some());
    html! {
        tr.problem[is_twice || upload.inspected.holds.is_err()] {
            th scope="row" { (short(name, 60)) }
            td data-heading="Read as" { @match kind { Some(kind) => (kind.title()), None => "not recognized" } }
            td data-heading="Holds" {
                @match &upload.inspected.holds {
                    Ok(holds) => { (short(holds, 200)) }
                    Err(why) => { p.wrong role="alert" { (short(&quoted(why), 600)) } }
                }
                @if is_twice {
                    p.wrong role="alert" { "There are several files of this kind, but a run takes one. Remove the others." }
                }
            }
            td {
                form method="post" action={ "/collections/" (bundle.id) "/drop" } {
                    input type="hidden" name="file" value=(upload.number);
                    button.plain type="submit" aria-label={ "Remove " (foreign_text(name)) } { "Remove" }
                }
            }
        }
    }
}

fn foreign_text(name: &str) -> String {
    headcount_app::words::clean(name).chars().take(80).collect()
}

/// The collections that wait, so that the user finds them again.
pub fn brought(bundles: &[Arc<Bundle>]) -> Markup {
    html! {
        @if !bundles.is_empty() {
            section aria-labelledby="collections-title" {
                h2 #collections-title { "Your collections" }
                p.faint { "Uploaded, and not run to the end yet. headcount deletes the files when their run ends, and all of them when you quit headcount." }
                ul.brought {
                    @for bundle in bundles {
                        @let said = bundle.said();
                        @let name = said.of_kind(FileKind::Collection).next().or(said.uploads.first());
                        li {
                            a href={ "/collections/" (bundle.id) } { (short(name.map_or("files", |it| &it.file.name), 60)) }
                            span.faint {
                                " " (layout::time(bundle.at))
                                @if let Some(run) = &said.run { " · " a href={ "/runs/" (run) } { "run " (foreign(run)) } }
                            }
                            form method="post" action={ "/collections/" (bundle.id) "/remove" } {
                                button.plain type="submit" aria-label={ "Discard " (name.map_or(String::new(), |it| foreign_text(&it.file.name))) } { "Discard" }
                            }
                        }
                    }
                }
            }
        }
    }
}
