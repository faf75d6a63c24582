//! A site is added: it is kept once its keys were tried. What becomes of them, `keys.rs` tells.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;

use crate::pages::keys::{WHERE, field, org_api_key};
use crate::parts::layout::{self};
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;

/// What the form says. It has no `Debug`: keys are in it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SiteForm {
    pub name: String,
    pub cloud_url: String,
    pub email: String,
    pub api_token: String,
    pub org_api_key: String,
    pub org_id: String,
    pub admin_url: String,
    pub protected: String,
}

/// `GET /sites/new`.
pub async fn new(State(_): State<Arc<App>>) -> Answer {
    Ok(page(form(&SiteForm::default(), html! {})))
}

/// The form; why it is shown again.
pub fn form(asked: &SiteForm, why: Markup) -> Markup {
    layout::page(
        "Add a site",
        &Place::none(),
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
