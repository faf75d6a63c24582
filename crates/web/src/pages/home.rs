//! The start: which site, what to do, and what was done last.

use std::sync::Arc;

use axum::extract::{Query, State};
use headcount_app::words::clean;
use headcount_core::profile::choose::ENVIRONMENT;
use maud::{Markup, html};
use serde::Deserialize;

use crate::jobs::{Area, LISTS, OFFERS, title};
use crate::pages::history;
use crate::pages::keys;
use crate::parts::layout::{self, encoded, foreign, short, time};
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::sites::{self, SiteChoice};
use crate::state::uploads::Paper;

/// What the address asks.
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
    let wanted = asked.site.or_else(|| app.last_site());
    let chosen = (sites.iter().position(|site| Some(&site.name) == wanted.as_ref())).unwrap_or(0);
    if let Some(site) = sites.get(chosen) {
        app.remember_site(&site.name);
    }
    let keys = match sites.get(chosen) {
        Some(site) => keys::note(&app, site).await?,
        None => html! {},
    };
    Ok(page(layout::page(
        "Start",
        html! {
            h1 { "What do you want to do?" }
            (history::unfinished(&listed))
            (brought(&app.desk.all(), &sites))
            (choose_site(&sites, chosen, &keys))
            @if let Some(site) = sites.get(chosen) { (offers(site)) }
            section aria-labelledby="runs" {
                h2 #runs { "What was done so far" }
                (history::table(&listed))
                (history::more(&listed))
            }
        },
    )))
}

/// Sheets that wait: whoever has left one finds it again, and knows what lies here.
fn brought(papers: &[Arc<Paper>], sites: &[SiteChoice]) -> Markup {
    let site = |name: &str| match sites.iter().find(|site| site.name == name) {
        Some(site) => foreign(&site.title),
        None => layout::site(name),
    };
    html! {
        @if !papers.is_empty() {
            section aria-labelledby="brought-title" {
                h2 #brought-title { "Your sheets" }
                p.faint { "Brought here, and not sent yet. They are gone once their plan is sent, or headcount ends." }
                ul.brought {
                    @for paper in papers {
                        li {
                            a href={ "/sheets/" (paper.id) } { (short(&paper.name, 60)) }
                            span.faint {
                                " " (title(paper.job)) " · " (site(&paper.site))
                                @if let Some(at) = paper.brought() { " · " (time(at)) }
                                @if let Some(plan) = paper.said().plan { " · " a href={ "/runs/" (plan) } { "plan " (plan) } }
                            }
                            form method="post" action={ "/sheets/" (paper.id) "/remove" } {
                                button.plain type="submit" aria-label={ "Throw away " (clean(&paper.name)) } { "Throw away" }
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
                            @if site.is_sandbox { span.tag { "practice" } }
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
                        button.plain type="submit" { "Try its keys" }
                    }
                    @if site.name != ENVIRONMENT { a.button.plain href={ "/sites/" (encoded(&site.name)) "/keys" } { "Change its keys" } }
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
            h3 { "People" }
            (cards(site, Area::People))
            (which_one())
            h3 { "Groups" }
            (cards(site, Area::Groups))
            h3 { "Look, without changing anything" }
            ul.jobs {
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
            p.faint {
                "Nothing is changed before you have seen the plan and agreed to it."
            }
        }
    }
}

fn cards(site: &SiteChoice, area: Area) -> Markup {
    html! {
        ul.jobs {
            @for offer in OFFERS.iter().filter(|offer| offer.area == area) {
                li {
                    a.job title={ "Needs " (offer.needs) } href={ "/new/" (offer.key) "?site=" (encoded(&site.name)) } {
                        (offer.picture())
                        strong { (offer.title) }
                        span { (offer.about) }
                    }
                }
            }
        }
    }
}

/// Three jobs sound alike to who has never done one.
fn which_one() -> Markup {
    html! {
        details.about {
            summary { "Somebody leaves: deactivate, suspend or take off the site?" }
            div.scroll tabindex="0" role="region" aria-label="Deactivate, suspend or take off the site" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Job" } th scope="col" { "What happens" }
                            th scope="col" { "To whom it can be done" } th scope="col" { "Taking it back" }
                        }
                    }
                    tbody {
                        tr {
                            th scope="row" { "Deactivate" }
                            td { "The whole Atlassian account is closed, everywhere." }
                            td { "Accounts of your organisation's own e-mail domains only." }
                            td { "Reactivate." }
                        }
                        tr {
                            th scope="row" { "Suspend" }
                            td { "The account lives on, but opens none of your organisation's apps." }
                            td { "Anybody in the organisation's directory, guests too." }
                            td { "Restore: groups and roles come back." }
                        }
                        tr {
                            th scope="row" { "Take off the site" }
                            td { "The person is no user of the site any more; the groups are lost." }
                            td { "Anybody on the site." }
                            td { "Not possible: create the user again." }
                        }
                    }
                }
            }
        }
    }
}
