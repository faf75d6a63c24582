//! *Find people*: the form before the organization is read.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};

use crate::parts::filter_form;
use crate::parts::layout::{self, encoded, foreign};
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::fields::{Fields, Pairs};
use crate::state::refusal::Wrong;
use crate::state::sites::SiteChoice;

/// The title of the page.
pub const TITLE: &str = "Find people";

/// `GET /find`.
pub async fn new(State(app): State<Arc<App>>, Query(pairs): Query<Pairs>) -> Answer {
    let fields = Fields(pairs);
    let site = app.wanted_site(fields.one("site").map(str::to_owned))?;
    Ok(page(layout::page(TITLE, &Place::of(&site), form(&site, &fields, None))))
}

/// The form again, with what is wrong with a field.
pub fn again(site: &SiteChoice, fields: &Fields, wrong: &Wrong) -> Answer {
    let shown = page(layout::page(TITLE, &Place::of(site), form(site, fields, Some(wrong))));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

fn form(site: &SiteChoice, fields: &Fields, wrong: Option<&Wrong>) -> Markup {
    html! {
        p.crumb { a href={ "/?site=" (encoded(&site.name)) } { "Start" } " / " (TITLE) }
        h1 { (TITLE) }
        @if let Err(why) = &site.about {
            (layout::note("bad", "This site cannot be used", html! { p { (foreign(why)) } }))
        }
        p {
            "Choose users by last use, group, app or status, see which seats would come free, and use "
            "the users as the spreadsheet of a job."
        }
        form.card method="post" action="/finds" {
            input type="hidden" name="site" value=(site.name);
            (filter_form::fields(fields, None, wrong))
            p.faint {
                "headcount reads all users once, page by page, and changes nothing. You can change the "
                "filters afterwards. It needs an organization API key. Dates of last use can be 24 hours "
                "late, so headcount adds a day."
            }
            p.actions { button type="submit" { "Find them" } }
        }
    }
}
