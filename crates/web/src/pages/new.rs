//! A new job: the spreadsheet is chosen, dropped or pasted.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use headcount_app::failure::Failure;
use headcount_model::job::Job;
use headcount_people::jobs;
use maud::{Markup, html};
use serde::Deserialize;

use crate::fault::Fault;
use crate::jobs::Offer;
use crate::pages::download;
use crate::parts::error;
use crate::parts::layout::{self, encoded, foreign};
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::sites::SiteChoice;
use crate::state::uploads::LARGEST;

/// The query of the address.
#[derive(Deserialize)]
pub struct Asked {
    site: Option<String>,
}

/// `GET /new/{job}`.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let offer = Offer::of_key(&key).ok_or_else(|| Fault::not_found("there is no such job"))?;
    let site = app.wanted_site(asked.site)?;
    Ok(page(layout::page(offer.tile.title, &Place::of(&site), form(offer, &site, None))))
}

/// The page with a message, after an upload that could not be read.
pub fn again(app: &App, offer: Offer, site: String, why: &Failure) -> Answer {
    let site = app.wanted_site(Some(site))?;
    let shown =
        page(layout::page(offer.tile.title, &Place::of(&site), form(offer, &site, Some(why))));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

fn form(offer: Offer, site: &SiteChoice, why: Option<&Failure>) -> Markup {
    html! {
        p.crumb { a href={ "/?site=" (encoded(&site.name)) } { "Start" } " / " (offer.tile.title) }
        (layout::steps(0, &[]))
        h1 { (offer.tile.title) }
        p { (offer.tile.about) }
        @if let Err(why) = &site.about {
            (layout::note("bad", "This site cannot be used", html! { p { (foreign(why)) } }))
        }
        @if let Some(why) = why { (error::words(why)) }
        form.bring method="post" action="/sheets" enctype="multipart/form-data" {
            input type="hidden" name="job" value=(offer.tile.key);
            input type="hidden" name="site" value=(site.name);
            div.card.drop data-drop {
                h2 { "Upload your spreadsheet" }
                p { "Drop a file here, or choose one: CSV (also with semicolons or tabs) or Excel (.xlsx). headcount reads the file as soon as you choose it." }
                div.field {
                    label for="file" { "The file" }
                    input #file type="file" name="file" accept=".csv,.tsv,.txt,.xlsx,text/csv";
                }
                p.faint { "At most " (LARGEST / 1024 / 1024) " MB. It stays on this computer." }
            }
            div.card {
                h2 { "Or paste cells" }
                p { "Copy cells in your spreadsheet, with their headings, and paste them here. Then press “Read it”." }
                div.field {
                    label for="text" { "Cells" }
                    textarea #text name="text" rows="6" spellcheck="false" autocomplete="off"
                        placeholder=(example(offer.spec.job)) {}
                }
            }
            p.actions { button type="submit" { "Read it" } span.faint { "Nothing is sent to Atlassian yet." } }
        }
        section aria-labelledby="needs" {
            h2 #needs { "What the spreadsheet needs" }
            p {
                "The first line has the headings; then " (offer.tile.needs) ". Atlassian's own exports "
                "work unchanged. Other columns are copied into the report."
            }
            (sample(offer))
            @if !site.is_sandbox { p.faint { "This job needs " (offer.spec.credentials().words()) "." } }
            p {
                a.button.plain href={ "/templates/" (offer.tile.key) ".csv?site=" (encoded(&site.name)) } download {
                    "Template as CSV"
                }
                " "
                a.button.plain href={ "/templates/" (offer.tile.key) ".xlsx" } download { "Template as XLSX" }
            }
        }
    }
}

fn example(job: Job) -> String {
    let (headings, row) = jobs::of(job).template;
    format!("{}\n{}", headings.join("\t"), row.join("\t"))
}

fn sample(offer: Offer) -> Markup {
    let (headings, row) = offer.spec.template;
    html! {
        div.scroll.narrow tabindex="0" role="region" aria-label="Example" {
            table {
                thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
                tbody { tr { @for cell in row { td { (cell) } } } }
            }
        }
    }
}

/// `GET /templates/{name}`: only the headings, so that no example user is created by accident.
pub async fn template(Path(name): Path<String>) -> Answer {
    let (key, ending) = name.rsplit_once('.').unwrap_or_default();
    let offer = Offer::of_key(key).filter(|_| matches!(ending, "csv" | "xlsx"));
    let offer = offer.ok_or_else(|| Fault::not_found("there is no such template"))?;
    let text = format!("{}\r\n", offer.spec.template.0.join(","));
    let (file, ending) = (format!("headcount-{name}"), ending.to_owned());
    Ok(download::send(&file, &ending.clone(), move |out| match ending.as_str() {
        "xlsx" => download::workbook(out, |table| Ok(table.write_all(text.as_bytes())?)),
        _ => Ok(out.write_all(text.as_bytes())?),
    }))
}
