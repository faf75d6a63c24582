//! The users that filters list: how many were looked at, seats, last use, and the table in pages.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use headcount_app::failure::{Failure, USAGE};
use headcount_app::words::chosen::left_out;
use headcount_app::words::seats::notes_of_seats;
use headcount_app::words::{many, thousands};
use headcount_people::choose::Filters;
use headcount_people::export::Seats;
use headcount_people::roster::{AppLastUse, Buckets, Selection};
use headcount_report::chart::{Histogram, Labels, histogram};
use maud::{Markup, html};

use crate::fault::Fault;
use crate::pages::download;
use crate::pages::find::TITLE;
use crate::parts::error;
use crate::parts::filter_form;
use crate::parts::found_users;
use crate::parts::layout::{self, encoded, foreign, quoted, time};
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::fields::{Fields, Pairs};
use crate::state::finds::Find;
use crate::state::refusal::Wrong;

/// The users with this id.
pub fn find(app: &App, id: &str) -> Result<Arc<Find>, Fault> {
    app.finds.find(id).ok_or_else(|| {
        Fault::not_found(
            "these users are no longer here: newer ones replaced them, or headcount was restarted",
        )
    })
}

/// `GET /finds/{id}`.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Answer {
    let found = find(&app, &id)?;
    let fields = Fields(pairs);
    let filters = match filter_form::filters(&fields) {
        Ok(filters) => filters,
        Err(wrong) => return refused(&id, &found, &fields, &wrong),
    };
    let selected = match found.select(&filters) {
        Ok(selected) => selected,
        Err(error) => {
            return refused(&id, &found, &fields, &Wrong::new("product", error.to_string()));
        }
    };
    let body = html! {
        @match &selected {
            Some(selection) => {
                (head(selection, &filters))
                (form(&id, &found, &fields, None))
                (seats(&selection.seats))
                (last_use(&selection.last_use))
                (found_users::section(&id, &found, selection, &fields, app.context.clock.now()))
            }
            None => {
                (layout::note("info", "The members of these groups were not read yet", html! {
                    p { "Press “Show them”." }
                }))
                (form(&id, &found, &fields, None))
            }
        }
    };
    Ok(page(frame(&found, &body)))
}

/// The page with a filter that has an invalid value.
pub fn refused(id: &str, found: &Find, fields: &Fields, wrong: &Wrong) -> Answer {
    let has_field = fields.0.iter().any(|(name, _)| *name == wrong.field);
    let body = html! {
        @if !has_field { (error::words(&Failure::new(USAGE, wrong.message.clone()))) }
        (form(id, found, fields, Some(wrong)))
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(frame(found, &body))).into_response())
}

fn frame(found: &Find, body: &Markup) -> Markup {
    let crumb = html! {
        p.crumb { a href={ "/?site=" (encoded(&found.profile)) } { "Start" } " / " (TITLE) }
        h1 { (TITLE) }
    };
    layout::page(TITLE, &Place::of_profile(&found.profile), html! { (crumb) (body) })
}

/// How many users were looked at, and why the others are left out.
fn head(selection: &Selection, filters: &Filters) -> Markup {
    let tally = &selection.tally;
    html! {
        p.looked-at role="status" {
            "Looked at " (many(tally.looked_at, "user")) ": " strong { (thousands(tally.listed)) " listed" }
            ", " (thousands(tally.looked_at - tally.listed)) " left out"
            @if tally.left_out.is_empty() { "." } @else { ":" }
        }
        @if !tally.left_out.is_empty() {
            ul.plain {
                @for (count, why) in left_out(tally, filters) { li { strong { (thousands(count)) } " " (why) } }
            }
        }
    }
}

fn form(id: &str, found: &Find, fields: &Fields, wrong: Option<&Wrong>) -> Markup {
    html! {
        form.card method="post" action={ "/finds/" (id) } {
            h2 { "Filters" }
            (filter_form::fields(fields, Some(&found.roster.apps), wrong))
            p.actions {
                button type="submit" { "Show them" }
                a.button.plain href={ "/finds/" (id) } { "Clear filters" }
                span.faint { "Read " (time(found.roster.at)) ". " a href={ "/find?" (filter_form::query(fields)) "site=" (encoded(&found.profile)) } { "Read again" } }
            }
        }
    }
}

fn seats(seats: &Seats) -> Markup {
    html! {
        section aria-labelledby="seats" {
            h2 #seats { "Seats that would come free" }
            p.faint { "If all listed users were suspended, deactivated or removed." }
            div.scroll tabindex="0" role="region" aria-label="Seats" {
                table.seats {
                    thead {
                        tr {
                            th scope="col" { "App" } th.number scope="col" { "Taken" }
                            th.number scope="col" { "Capacity" } th.number scope="col" { "Left" }
                            th.number scope="col" { "Would come free" }
                        }
                    }
                    tbody {
                        @for of in &seats.apps {
                            @let capacity = of.app.capacity;
                            tr {
                                th scope="row" { (foreign(&of.app.heading)) }
                                td.number { (thousands(of.taken)) }
                                td.number { (or_dash(capacity)) }
                                td.number { (or_dash(capacity.map(|seats| seats.saturating_sub(of.taken)))) }
                                td.number { strong { (thousands(of.would_free)) } }
                            }
                        }
                    }
                }
            }
            @for note in notes_of_seats(seats) { p.faint { (foreign(&quoted(&note))) "." } }
        }
    }
}

fn or_dash(number: Option<u64>) -> String {
    number.map_or_else(|| "–".to_owned(), thousands)
}

fn last_use(apps: &[AppLastUse]) -> Markup {
    let labels = Labels {
        title: "Last use by app",
        about: "time since the last use, of the users who pass the other filters; the listed ones in color",
        subject: "App",
        marked: "listed",
    };
    let pairs = |all: &Buckets, listed: &Buckets| {
        all.counts().iter().copied().zip(listed.counts().iter().copied()).collect()
    };
    let of: Vec<_> = (apps.iter())
        .map(|of| Histogram { name: of.heading.clone(), counts: pairs(&of.all, &of.listed) })
        .collect();
    let classes: Vec<_> = Buckets::names().collect();
    html! { @if !of.is_empty() { (histogram(labels, &classes, &of)) } }
}

/// `GET /finds/{id}/rows`: the table alone, for the script.
pub async fn rows(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Answer {
    let found = find(&app, &id)?;
    let fields = Fields(pairs);
    let selection = selected(&found, &fields)?;
    Ok(page(found_users::table(&id, &found, &selection, &fields)))
}

fn selected(found: &Find, fields: &Fields) -> Result<Arc<Selection>, Fault> {
    let filters = filter_form::filters(fields).map_err(Failure::from)?;
    let selection = found.select(&filters);
    let selection = selection.map_err(|error| Failure::new(USAGE, error.to_string()))?;
    selection.ok_or_else(|| Fault::not_found("the members of these groups were not read"))
}

/// `GET /finds/{id}/users.csv`: the listed users, as `user export` writes them.
pub async fn file(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Answer {
    let found = find(&app, &id)?;
    let selection = selected(&found, &Fields(pairs))?;
    Ok(download::send("users.csv", "csv", move |out| {
        let mut listed = selection.listed.clone();
        listed.sort_unstable();
        found.roster.write(listed.into_iter(), &[], out)?;
        Ok(())
    }))
}
