//! The start page: the site, the jobs, and the latest runs.

use std::sync::Arc;

use axum::extract::{Query, State};
use headcount_app::configuration::choose::ENVIRONMENT;
use headcount_app::words::clean;
use headcount_people::jobs::Area;
use maud::{Markup, html};
use serde::Deserialize;

use crate::jobs::{self, LISTS, Offer, is_irreversible, title};
use crate::pages::collection;
use crate::pages::export;
use crate::pages::find;
use crate::pages::history;
use crate::pages::keys;
use crate::pages::workers;
use crate::parts::approval;
use crate::parts::layout::{self, encoded, foreign, short, time};
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::sites::{self, SiteChoice};
use crate::state::uploads::Paper;

/// The query of the address.
#[derive(Default, Deserialize)]
pub struct Asked {
    /// The chosen site.
    site: Option<String>,
}

/// `GET /`.
pub async fn get(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Answer {
    let sites = sites::all(&app.context)?;
    let reading = Arc::clone(&app);
    let listed = app.read(move |journal| history::newest(&reading, journal)).await?;
    let chosen = sites.iter().position(|site| Some(&site.name) == asked.site.as_ref());
    let chosen = chosen.unwrap_or(0);
    let place = sites.get(chosen).map(Place::of).unwrap_or_default();
    let keys = match sites.get(chosen) {
        Some(site) => keys::note(&app, site).await?,
        None => html! {},
    };
    let workers = workers::summary(&app).await?;
    Ok(page(layout::page(
        "Start",
        &place,
        html! {
            h1 { "What do you want to do?" }
            (approval::list(&listed.unapproved()))
            (history::unfinished(&listed))
            (workers)
            (brought(&app.desk.all(), &sites))
            (collection::brought(&app.bundles.all()))
            (export::made(&app.lists.all()))
            (choose_site(&sites, chosen, &keys))
            @if let Some(site) = sites.get(chosen) { (offers(site)) }
            section aria-labelledby="runs" {
                h2 #runs { "Recent runs" }
                (history::table(&listed))
                (history::more(&listed))
            }
        },
    )))
}

/// The spreadsheets that wait, so that the user finds them again.
fn brought(papers: &[Arc<Paper>], sites: &[SiteChoice]) -> Markup {
    let site = |name: &str| match sites.iter().find(|site| site.name == name) {
        Some(site) => foreign(&site.title),
        None => Place::of_profile(name).name(),
    };
    html! {
        @if !papers.is_empty() {
            section aria-labelledby="brought-title" {
                h2 #brought-title { "Your spreadsheets" }
                p.faint { "Uploaded and not applied yet. headcount keeps a copy in memory until its plan is applied, you discard it, many newer ones follow, or you quit headcount. Your own files stay. The rows of a plan stay in the journal, for the report." }
                ul.brought {
                    @for paper in papers {
                        li {
                            a href={ "/sheets/" (paper.id) } { (short(&paper.name, 60)) }
                            span.faint {
                                " " (title(paper.job)) " · " (site(&paper.site))
                                " · " (time(paper.at))
                                @if let Some(plan) = paper.said().plan { " · " a href={ "/runs/" (plan) } { "plan " (plan) } }
                            }
                            form method="post" action={ "/sheets/" (paper.id) "/remove" } {
                                button.plain type="submit" aria-label={ "Discard " (clean(&paper.name)) } { "Discard" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn choose_site(sites: &[SiteChoice], chosen: usize, keys: &Markup) -> Markup {
    html! {
        section aria-labelledby="site-title" {
            h2 #site-title { "On which site?" }
            ul.sites {
                @for (at, site) in sites.iter().enumerate() {
                    li {
                        a.site href={ "/?site=" (encoded(&site.name)) }
                            aria-current=[(at == chosen).then_some("true")] {
                            strong { (foreign(&site.title)) }
                            @if site.is_sandbox { span.tag { "to try things" } }
                            @match &site.about {
                                Ok(about) => { span.about { (foreign(about)) } }
                                Err(why) => { span.about.bad { "Cannot be used: " (foreign(why)) } }
                            }
                        }
                    }
                }
            }
            (keys)
            div.actions.small {
                @if let Some(site) = sites.get(chosen).filter(|site| !site.is_sandbox) {
                    form method="post" action={ "/sites/" (encoded(&site.name)) "/check" } {
                        button.plain type="submit" { "Check its credentials" }
                    }
                    @if site.name != ENVIRONMENT {
                        a.button.plain href={ "/sites/" (encoded(&site.name)) "/settings" } { "Settings" }
                        a.button.plain href={ "/sites/" (encoded(&site.name)) "/keys" } { "Change its credentials" }
                    }
                }
                a.button.plain href="/sites/new" { "Add a site" }
            }
        }
    }
}

fn offers(site: &SiteChoice) -> Markup {
    html! {
        section aria-labelledby="job-title" {
            h2 #job-title { "Which job?" }
            h3 { "Users" }
            (cards(site, Area::People))
            (which_one())
            h3 { "Groups" }
            (cards(site, Area::Groups))
            h3 { "Look, without changing anything" }
            ul.jobs {
                li {
                    a.job href={ "/find?site=" (encoded(&site.name)) } {
                        (jobs::find_people())
                        strong { (find::TITLE) }
                        span { "Find users who have not used their apps lately, and see how many seats they take." }
                    }
                }
                @for list in &LISTS {
                    li {
                        a.job href={ "/lists/" (list.key) "?site=" (encoded(&site.name)) } {
                            (list.picture())
                            strong { (list.title) }
                            span { (list.about) }
                        }
                    }
                }
            }
            h3 { "Postman" }
            ul.jobs {
                li {
                    a.job href={ "/collections/new?site=" (encoded(&site.name)) } {
                        (jobs::postman())
                        strong { (collection::TITLE) }
                        span { "Sends the requests of your collection for each row of a data file, to Atlassian or to any other API." }
                    }
                }
            }
            p.faint {
                "Nothing is changed before you have seen the plan and agreed to it."
            }
        }
    }
}

fn cards(site: &SiteChoice, area: Area) -> Markup {
    html! {
        ul.jobs {
            @for offer in Offer::all().filter(|offer| offer.tile.area == area) {
                li {
                    @let is_grave = is_irreversible(offer.spec.job);
                    a.job.grave[is_grave] title={ "Needs " (offer.tile.needs) } href={ "/new/" (offer.tile.key) "?site=" (encoded(&site.name)) } {
                        (offer.picture())
                        strong { (offer.tile.title) }
                        span { (offer.tile.about) @if is_grave { " " span.grave { "Cannot be undone." } } }
                    }
                }
            }
        }
    }
}

/// Explains the difference between jobs that sound alike.
fn which_one() -> Markup {
    html! {
        details.about {
            summary { "A user leaves: which job?" }
            div.scroll tabindex="0" role="region" aria-label="Jobs for a user who leaves" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Job" } th scope="col" { "What happens" }
                            th scope="col" { "Which users" } th scope="col" { "Undo" }
                        }
                    }
                    tbody {
                        tr {
                            th scope="row" { "Deactivate" }
                            td { "The whole Atlassian account is deactivated, on every site." }
                            td { "Only accounts of your organization's own email domains." }
                            td { "Reactivate." }
                        }
                        tr {
                            th scope="row" { "Suspend" }
                            td { "The account stays, but cannot use your organization's apps." }
                            td { "Any user in the organization's directory, guests too." }
                            td { "Restore: groups and roles return." }
                        }
                        tr {
                            th scope="row" { "Delete" }
                            td { "The whole Atlassian account loses all access at once, and is deleted for good after 14 days." }
                            td { "Only accounts of your organization's own email domains." }
                            td { "For 14 days: cancel the deletion." }
                        }
                        tr {
                            th scope="row" { "Remove from the site" }
                            td { "The user loses access to the site and leaves its groups. If headcount has only an organization API key, the user loses all apps of the organization's directory." }
                            td { "Any user of the site." }
                            td { "Not possible. You can create the user again, without the old groups and roles." }
                        }
                    }
                }
            }
        }
    }
}
