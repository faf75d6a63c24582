//! Lists: what one is of, and then the file.

use std::io;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_app::configuration::choose::SANDBOX;
use headcount_app::words::{exports::end, people, thousands};
use maud::{Markup, html};
use serde::Deserialize;

use crate::fault::Fault;
use headcount_people::jobs::Credential;

use crate::jobs::{List, credential};
use crate::pages::download;
use crate::parts::layout::{self, foreign, short};
use crate::parts::place::Place;
use crate::responses::{Answer, go, page};
use crate::state::app::App;
use crate::state::exports::Export;
use crate::state::sites::SiteChoice;

/// What the address or the form says.
#[derive(Deserialize)]
pub struct Asked {
    /// The site's name.
    pub site: Option<String>,
}

/// The list of a name in addresses.
pub fn list(key: &str) -> Result<&'static List, Fault> {
    List::of_key(key).ok_or_else(|| Fault::not_found("there is no such list"))
}

/// `GET /lists/{what}`.
pub async fn new(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let list = list(&key)?;
    let site = app.wanted_site(asked.site)?;
    Ok(page(layout::page(list.title, &Place::of(&site), form(list, &site))))
}

fn form(list: &List, site: &SiteChoice) -> Markup {
    html! {
        p.crumb { a href="/" { "Start" } " / " (list.title) }
        h1 { (list.title) }
        p { (list.about) }
        @if let Err(why) = &site.about {
            (layout::note("bad", "This site cannot be used", html! { p { (foreign(why)) } }))
        }
        form.card method="post" action={ "/lists/" (list.key) } {
            input type="hidden" name="site" value=(site.name);
            p {
                "headcount reads the site, page by page, and makes a CSV file in the columns of "
                "Atlassian's own exports. Every job here takes it as its spreadsheet."
            }
            p.faint {
                "The site is only read. It needs " (credential(Credential::Either)) "; an organization API key "
                "shows more. A large site takes some minutes."
            }
            p.actions { button type="submit" { "Make the list" } }
        }
    }
}

fn find(app: &App, id: &str) -> Result<Arc<Export>, Fault> {
    app.exports.find(id).ok_or_else(|| {
        Fault::not_found(
            "this list is no longer here: it was discarded, or newer lists replaced it",
        )
    })
}

/// `GET /exports/{id}`.
pub async fn get(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let export = find(&app, &id)?;
    let list = List::of(export.what);
    let site = if export.site == SANDBOX { "the sandbox" } else { &export.site };
    Ok(page(layout::page(
        list.title,
        &Place::of_profile(&export.profile),
        html! {
            p.crumb { a href="/" { "Start" } " / " (list.title) }
            h1 { (list.title) }
            (layout::note("good", "Done", html! {
                p { (foreign(&end(export.what, &export.exported, site, None))) "." }
            }))
            @if !export.notes.is_empty() {
                (layout::note("warn", "What is not in it", html! {
                    ul.plain { @for note in &export.notes { li { (foreign(&note.replace(" (`headcount group export`)", ""))) "." } } }
                }))
            }
            div.actions {
                a.button href={ "/exports/" (id) "/file.csv" } download { "Download " (list.file) }
                a.button.plain href={ "/exports/" (id) "/file.xlsx" } download { "Download as XLSX" }
                form method="post" action={ "/exports/" (id) "/remove" } {
                    button.plain type="submit" { "Discard it" }
                }
            }
            p.faint {
                @if export.exported.people > 0 {
                    "It holds the names of " (people(export.exported.people)) ": keep it where only you can read it. "
                }
                "headcount deletes its own copy when you discard it or when headcount ends."
            }
            (first(&export))
        },
    )))
}

fn first(export: &Export) -> Markup {
    let more = export.exported.rows.saturating_sub(export.first.len() as u64);
    html! {
        @if !export.first.is_empty() {
            h2 { "The first rows" }
            div.scroll tabindex="0" role="region" aria-label="The first rows" {
                table.sheet {
                    thead { tr { @for heading in &export.headings { th scope="col" { (short(heading, 40)) } } } }
                    tbody {
                        @for row in &export.first { tr { @for (cell, heading) in row.iter().zip(&export.headings) { (cell_of(heading, cell)) } } }
                    }
                }
            }
            @if more > 0 { p.faint { "And " (thousands(more)) " more." } }
        }
    }
}

/// A cell. An id is for machines: it stands on one line, cut, so that names and addresses have the room.
fn cell_of(heading: &str, cell: &str) -> Markup {
    let is_id = heading.rsplit(' ').next().is_some_and(|word| word.eq_ignore_ascii_case("id"));
    html! {
        @if is_id { td.id { (short(cell, 12)) } } @else { td { (short(cell, 60)) } }
    }
}

/// `GET /exports/{id}/file.csv`.
pub async fn file(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let export = find(&app, &id)?;
    let name = List::of(export.what).file;
    Ok(download::send(name, "csv", move |out| {
        io::copy(&mut export.file.reopen()?, out)?;
        Ok(())
    }))
}

/// `GET /exports/{id}/file.xlsx`.
pub async fn workbook(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let export = find(&app, &id)?;
    let name = List::of(export.what).file.replace(".csv", ".xlsx");
    Ok(download::send(&name, "xlsx", move |out| {
        download::workbook(out, |table| {
            io::copy(&mut export.file.reopen()?, table)?;
            Ok(())
        })
    }))
}

/// `POST /exports/{id}/remove`.
pub async fn remove(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    app.exports.throw_away(&id);
    Ok(go("/"))
}
