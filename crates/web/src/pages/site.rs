//! Adds a site. It is saved after its credentials were checked; `keys.rs` says where they are stored.

use std::sync::Arc;

use axum::extract::{Path, State};
use headcount_app::configuration::config::Profile;
use maud::{Markup, html};
use serde::Deserialize;

use crate::pages::keys::{FormField, WHERE, field, made_at, no_site, org_api_key, profile};
use crate::parts::field_error;
use crate::parts::layout::{self, encoded, foreign};
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::refusal::Wrong;

/// The fields of the form. It has no `Debug`, because it holds credentials.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SiteForm {
    pub name: String,
    pub cloud_url: String,
    pub email: String,
    pub api_token: String,
    pub org_api_key: String,
    pub org_id: String,
    pub directory_id: String,
    pub admin_url: String,
    pub protected: String,
}

/// `GET /sites/new`.
pub async fn new(State(_): State<Arc<App>>) -> Answer {
    Ok(page(form(&SiteForm::default(), html! {}, None)))
}

/// `GET /sites/{name}/settings`.
pub async fn settings(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer {
    let profile = profile(&app.context, &name)?.ok_or_else(no_site)?;
    Ok(page(settings_form(&name, &SiteForm::of(&profile), html! {}, None)))
}

impl SiteForm {
    fn of(profile: &Profile) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            cloud_url: text(&profile.cloud_url),
            email: text(&profile.email),
            org_id: text(&profile.org_id),
            directory_id: text(&profile.directory_id),
            admin_url: text(&profile.admin_url),
            protected: profile.protected.join("\n"),
            ..Self::default()
        }
    }
}

/// The form of a new site, with the reason why it is shown again.
pub fn form(asked: &SiteForm, why: Markup, wrong: Option<&Wrong>) -> Markup {
    layout::page(
        "Add a site",
        &Place::none(),
        html! {
            p.crumb { a href="/" { "Start" } " / Add a site" }
            h1 { "Add a site" }
            p { "headcount checks the credentials first and saves the site only if they are accepted. " (WHERE) }
            (why)
            form.card.settings method="post" action="/sites" autocomplete="off" {
                (name_field(&asked.name, wrong))
                (fields(asked, false, wrong))
                p.actions { button type="submit" { "Check and save" } a.button.plain href="/" { "Cancel" } }
            }
        },
    )
}

/// The form of a site's settings, with the reason why it is shown again.
pub fn settings_form(name: &str, asked: &SiteForm, why: Markup, wrong: Option<&Wrong>) -> Markup {
    let back = format!("/?site={}", encoded(name));
    layout::page(
        "Site settings",
        &Place::of_profile(name),
        html! {
            p.crumb { a href=(back) { "Start" } " / " (foreign(name)) }
            h1 { "Settings of " (foreign(name)) }
            p { "headcount checks the credentials with the new settings first and saves the settings only if they are accepted. " (WHERE) }
            (why)
            form.card.settings method="post" action={ "/sites/" (encoded(name)) "/settings" } autocomplete="off" {
                (fields(asked, true, wrong))
                p.actions { button type="submit" { "Check and save" } a.button.plain href=(back) { "Cancel" } }
            }
            details.confirm {
                summary.button.plain { "Remove this site…" }
                form.card method="post" action={ "/sites/" (encoded(name)) "/remove" } {
                    p { "headcount deletes its settings, and its credentials in the keyring. Nothing on the site changes, and its runs stay in the history." }
                    button.danger type="submit" { "Remove the site" }
                }
            }
        },
    )
}

/// The fields of both forms. An existing site's credentials may stay as they are.
fn fields(asked: &SiteForm, is_there: bool, wrong: Option<&Wrong>) -> Markup {
    let more = [
        ("org_id", &asked.org_id),
        ("directory_id", &asked.directory_id),
        ("admin_url", &asked.admin_url),
        ("protected", &asked.protected),
    ];
    let has_more =
        more.iter().any(|(name, text)| !text.is_empty() || field_error::is_at(wrong, name));
    let one = |name, label, kind, value: &str, about| {
        field(&FormField { name, label, kind, value }, wrong, about)
    };
    html! {
        (one("cloud_url", "The site's address", "url", &asked.cloud_url, html! { "such as https://acme.atlassian.net" }))
        h2 { "For users and groups" }
        (one("email", "The email of your Atlassian account", "email", &asked.email, html! { "of the account that created the token. Also with only an organization API key: without it, headcount cannot deactivate, suspend or remove users, or delete groups" }))
        (one("api_token", "Its API token", "password", "", html! {
            @if is_there { "leave it empty to keep it; " }
            (made_at("https://id.atlassian.com/manage-profile/security/api-tokens", "create one at id.atlassian.com"))
        }))
        h2 { "For the organization" }
        (org_api_key(is_there, wrong))
        details open[has_more] {
            summary { "More" }
            (one("org_id", "The organization's id", "text", &asked.org_id, html! { "only if the key belongs to several organizations" }))
            (one("directory_id", "The directory's id", "text", &asked.directory_id, html! { "only if the organization has several directories" }))
            (one("admin_url", "Address of the admin API", "url", &asked.admin_url, html! { "usually https://api.atlassian.com" }))
            div.field {
                label for="protected" { "Users and groups that headcount never changes" }
                textarea #protected name="protected" rows="4" spellcheck="false" aria-describedby="protected-about" { (asked.protected) }
                span #protected-about .faint { "one per line: an email, @domain, an account id, the name or id of a group" }
            }
        }
    }
}

/// The name's field. A wrong name is reported before the form is sent, because credentials would have to be typed
/// again.
fn name_field(name: &str, wrong: Option<&Wrong>) -> Markup {
    html! {
        div.field {
            label for="name" { "A name for it" }
            input #name name="name" type="text" value=(name) required maxlength="64"
                pattern=r"[\p{L}\p{N}][\p{L}\p{N}_.\-]*" title="letters, digits, - _ and . without spaces, such as acme"
                aria-invalid=[field_error::is_at(wrong, "name").then_some("true")] data-focus[field_error::is_at(wrong, "name")]
                autocomplete="off" spellcheck="false" aria-describedby=[field_error::described(wrong, "name", "name-about")];
            (field_error::at(wrong, "name"))
            span.faint #name-about { "letters and digits without spaces, such as acme" }
        }
    }
}
