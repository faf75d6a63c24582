//! A site is added: it is kept once its keys were tried. What becomes of them, `keys.rs` tells.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use headcount_app::context::Context;
use headcount_app::credentials::Ring;
use headcount_app::failure::{Failure, USAGE};
use headcount_app::profile::draft::Draft;
use headcount_app::settings;
use headcount_core::check::CheckUp;
use maud::{Markup, html};
use serde::Deserialize;

use crate::pages::keys::{WHERE, field, lay, not_accepted, org_api_key, try_and_keep};
use crate::parts::error;
use crate::parts::layout::{self, encoded};
use crate::responses::{Answer, go, page};
use crate::state::app::App;

/// What the form says. It has no `Debug`: keys are in it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SiteForm {
    name: String,
    cloud_url: String,
    email: String,
    api_token: String,
    org_api_key: String,
    org_id: String,
    admin_url: String,
    protected: String,
}

/// `GET /sites/new`.
pub async fn new(State(_): State<Arc<App>>) -> Answer {
    Ok(page(form(&SiteForm::default(), html! {})))
}

/// `POST /sites`: tried, and kept if its keys are accepted.
pub async fn add(State(app): State<Arc<App>>, Form(asked): Form<SiteForm>) -> Answer {
    let name = asked.name.trim().to_owned();
    let (asked, added) = app
        .apart(move |app| async move {
            let added = try_to_add(&asked, &app.context).await;
            Ok((asked, added))
        })
        .await?;
    let why = match added {
        Ok(None) => return Ok(go(&format!("/?site={}", encoded(&name)))),
        Ok(Some(found)) => not_accepted(&found),
        Err(failure) => error::words(&failure),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(form(&asked, why))).into_response())
}

/// `None`: it is kept. `Some`: what is wrong with its keys.
async fn try_to_add(asked: &SiteForm, context: &Context) -> Result<Option<CheckUp>, Failure> {
    let config =
        if context.config.exists() { settings::read(context)? } else { Default::default() };
    let name = asked.name.trim();
    if config.profiles.contains_key(name) {
        return Err(Failure::new(USAGE, format!("there is a site “{name}” already"))
            .hint("give this one another name"));
    }
    let mut draft = Draft::new(name, None)?;
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    draft.profile.cloud_url = text(&asked.cloud_url);
    draft.profile.email = text(&asked.email);
    draft.profile.org_id = text(&asked.org_id);
    draft.profile.admin_url = text(&asked.admin_url);
    draft.profile.protected = asked.protected.lines().filter_map(text).collect();
    lay(&mut draft, &asked.api_token, &asked.org_api_key)?;
    try_and_keep(&draft, None, &Ring::open(), config.profiles.is_empty(), context).await
}

fn form(asked: &SiteForm, why: Markup) -> Markup {
    layout::page(
        "Add a site",
        html! {
            p.crumb { a href="/" { "Start" } " / Add a site" }
            h1 { "Add a site" }
            p { "The keys are tried first; nothing is kept that was not accepted. " (WHERE) }
            (why)
            form.card.settings method="post" action="/sites" autocomplete="off" {
                (name_field(&asked.name))
                (field("cloud_url", "The site's address", "url", &asked.cloud_url, "such as https://acme.atlassian.net", false))
                h2 { "For users and groups" }
                (field("email", "Your Atlassian account's e-mail", "email", &asked.email, "the account that made the token", false))
                (field("api_token", "Its API token", "password", "", "made at id.atlassian.com under Security > API tokens", false))
                h2 { "For deactivating and reactivating" }
                (org_api_key())
                details open[!asked.org_id.is_empty() || !asked.admin_url.is_empty() || !asked.protected.is_empty()] {
                    summary { "More" }
                    (field("org_id", "The organisation's id", "text", &asked.org_id, "only if the key is for several organisations", false))
                    (field("admin_url", "Address of the admin API", "url", &asked.admin_url, "as is usual: https://api.atlassian.com", false))
                    div.field {
                        label for="protected" { "Never to be touched" }
                        textarea #protected name="protected" rows="4" spellcheck="false" aria-describedby="protected-about" { (asked.protected) }
                        span #protected-about .faint { "one a line: an e-mail, @domain, an account id, a group's name" }
                    }
                }
                p.actions { button type="submit" { "Try it and keep it" } a.button.plain href="/" { "Leave it" } }
            }
        },
    )
}

/// The name, with what is none told before anything is sent: keys would have to be typed again.
fn name_field(name: &str) -> Markup {
    html! {
        div.field {
            label for="name" { "A name for it" }
            input #name name="name" type="text" value=(name) required maxlength="64"
                pattern=r"[\p{L}\p{N}][\p{L}\p{N}_.\-]*" title="letters, digits, - _ and . without spaces, such as acme"
                autocomplete="off" spellcheck="false" aria-describedby="name-about";
            span.faint #name-about { "letters and digits without spaces, such as acme" }
        }
    }
}
