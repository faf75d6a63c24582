//! Pages of exports: the form, and the finished file.

use std::fs::File;
use std::io;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_app::export::What;
use headcount_app::failure::Failure;
use headcount_app::words::{many, people, thousands};
use headcount_people::rows::open;
use headcount_sheet::{Options, Source};
use maud::{Markup, html};
use serde::Deserialize;

use crate::fault::Fault;
use headcount_people::jobs::Need;

use crate::jobs::List;
use crate::pages::download;
use crate::parts::layout::{self, foreign, short, time};
use crate::parts::place::Place;
use crate::responses::{Answer, go, page};
use crate::state::app::App;
use crate::state::lists::{DAYS, Made};
use crate::state::sites::SiteChoice;

/// The fields of the address or the form.
#[derive(Deserialize)]
pub struct Asked {
    /// The site's name.
    pub site: Option<String>,
}

/// The list with this name in addresses.
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
                "headcount reads the site, page by page, and makes a CSV file with the columns of "
                "Atlassian's own exports. " (use_of(list))
            }
            p.faint {
                "headcount only reads the site. It needs " (Need::Any.credentials().words()) "; with an organization "
                "API key, the list has more details. A large site takes some minutes."
            }
            p.actions { button type="submit" { "Make the list" } }
        }
    }
}

/// Which jobs can read the list.
fn use_of(list: &List) -> &'static str {
    match list.what {
        What::People => "You can use it as the spreadsheet of the jobs for users.",
        What::Groups { members: false } => {
            "You can use it as the spreadsheet of the jobs for groups."
        }
        What::Groups { members: true } => {
            "You can use it as the spreadsheet of the jobs for memberships."
        }
    }
}

fn find(app: &App, id: &str) -> Result<(Made, &'static List), Fault> {
    let made = app.lists.find(id).ok_or_else(|| {
        Fault::not_found(
            "this list is no longer here: it was discarded, it was too old, or newer lists replaced it",
        )
    })?;
    let list = list(&made.about.key)?;
    Ok((made, list))
}

/// `GET /exports/{id}`.
pub async fn get(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let (made, list) = find(&app, &id)?;
    let about = &made.about;
    Ok(page(layout::page(
        list.title,
        &Place::of_profile(&about.profile),
        html! {
            p.crumb { a href="/" { "Start" } " / " (list.title) }
            h1 { (list.title) }
            (layout::note("good", "Done", html! { p { (foreign(&about.done)) "." } }))
            @if !about.notes.is_empty() {
                (layout::note("warn", "What is not in it", html! {
                    ul.plain { @for note in &about.notes { li { (foreign(&note.replace(" (`headcount group export`)", ""))) "." } } }
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
                "Made " (time(about.at)) ". "
                @if about.users > 0 {
                    "It contains the names of " (people(about.users)) ". Store it where only you can read it. "
                }
                "headcount keeps its own copy for " (DAYS) " days, or until you discard it. The start page lists it."
            }
            (first(&made)?)
        },
    )))
}

/// How many rows are shown.
const SHOWN: usize = 5;

fn first(made: &Made) -> Result<Markup, Fault> {
    let sheet = open(Source::file(&made.file), &Options::default()).map_err(Failure::from)?;
    let headings = sheet.headings().to_vec();
    let rows: Vec<_> = sheet.take(SHOWN).filter_map(Result::ok).map(|raw| raw.cells).collect();
    let more = made.about.rows.saturating_sub(rows.len() as u64);
    Ok(html! {
        @if !rows.is_empty() {
            h2 { "The first rows" }
            div.scroll tabindex="0" role="region" aria-label="The first rows" {
                table.sheet {
                    thead { tr { @for heading in &headings { th scope="col" { (short(heading, 40)) } } } }
                    tbody {
                        @for row in &rows { tr { @for (cell, heading) in row.iter().zip(&headings) { (cell_of(heading, cell)) } } }
                    }
                }
            }
            @if more > 0 { p.faint { "And " (thousands(more)) " more." } }
        }
    })
}

/// The finished exports, so that the user finds them again.
pub fn made(all: &[Made]) -> Markup {
    html! {
        @if !all.is_empty() {
            section aria-labelledby="lists-title" {
                h2 #lists-title { "Your lists" }
                p.faint { "headcount keeps each list for " (DAYS) " days, or until you discard it. You can use a list as the spreadsheet of each job whose columns it has." }
                ul.brought {
                    @for made in all {
                        @let title = List::of_key(&made.about.key).map_or("List", |list| list.title);
                        li {
                            a href={ "/exports/" (made.id) } { (title) }
                            span.faint {
                                " " (Place::of_profile(&made.about.profile).name())
                                " · " (many(made.about.rows, "row")) " · " (time(made.about.at))
                            }
                            form method="post" action={ "/exports/" (made.id) "/remove" } {
                                button.plain type="submit" aria-label={ "Discard " (title) } { "Discard" }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A cell. An id is cut to one line, so that names and addresses have more room.
fn cell_of(heading: &str, cell: &str) -> Markup {
    let is_id = heading.rsplit(' ').next().is_some_and(|word| word.eq_ignore_ascii_case("id"));
    html! {
        @if is_id { td.id { (short(cell, 12)) } } @else { td { (short(cell, 60)) } }
    }
}

/// `GET /exports/{id}/file.csv`.
pub async fn file(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let (made, list) = find(&app, &id)?;
    Ok(download::send(list.file, "csv", move |out| {
        io::copy(&mut File::open(&made.file)?, out)?;
        Ok(())
    }))
}

/// `GET /exports/{id}/file.xlsx`.
pub async fn workbook(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let (made, list) = find(&app, &id)?;
    let name = list.file.replace(".csv", ".xlsx");
    Ok(download::send(&name, "xlsx", move |out| {
        download::workbook(out, |table| {
            io::copy(&mut File::open(&made.file)?, table)?;
            Ok(())
        })
    }))
}

/// `POST /exports/{id}/remove`.
pub async fn remove(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    app.lists.throw_away(&id);
    Ok(go("/"))
}
