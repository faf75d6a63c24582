//! Adds, changes and removes sites. A site is saved only after its credentials were checked.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use headcount_app::configuration::config::Profile;
use headcount_app::context::Context;
use headcount_app::credentials::Ring;
use headcount_app::profile::draft::Draft;
use headcount_app::profile::remove as profile_remove;
use headcount_app::settings;
use headcount_atlassian::access::{Address, Setting};
use headcount_people::check::CheckUp;
use maud::{Markup, html};

use crate::actions::credentials::{NotTried, lay, lay_typed, try_and_keep, try_changed};
use crate::pages::keys::{no_site, not_accepted, profile, wrong_of};
use crate::pages::site::{SiteForm, form, settings_form};
use crate::parts::error;
use crate::parts::layout::encoded;
use crate::responses::{Answer, go, page};
use crate::state::app::App;
use crate::state::refusal::Wrong;

/// `POST /sites`: checks the credentials, and saves the site if they are accepted.
pub async fn add(State(app): State<Arc<App>>, Form(asked): Form<SiteForm>) -> Answer {
    let name = asked.name.trim().to_owned();
    let (asked, added) = app
        .apart(move |app| async move {
            let added = try_to_add(&asked, &app.context).await;
            Ok((asked, added))
        })
        .await?;
    let Some((why, wrong)) = not_kept(added) else {
        return Ok(go(&format!("/?site={}", encoded(&name))));
    };
    let form = form(&asked, why, wrong.as_ref());
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(form)).into_response())
}

/// Why a site was not saved: the text above the form, and the message next to a field.
fn not_kept(tried: Result<Option<CheckUp>, NotTried>) -> Option<(Markup, Option<Wrong>)> {
    match tried {
        Ok(None) => None,
        Ok(Some(found)) => Some((not_accepted(&found), wrong_of(&found))),
        Err(NotTried::Wrong(wrong)) => Some((html! {}, Some(wrong))),
        Err(NotTried::Failed(failure)) => Some((error::words(&failure), None)),
    }
}

/// Refuses invalid settings before anything is checked with them.
fn check_settings(asked: &SiteForm) -> Result<(), Wrong> {
    let addresses = [
        ("cloud_url", Setting::CloudUrl, &asked.cloud_url),
        ("admin_url", Setting::AdminUrl, &asked.admin_url),
    ];
    for (field, setting, text) in addresses {
        if !text.trim().is_empty() {
            Address::parse(setting, text)
                .map_err(|error| Wrong::new(field, format!("{error}.")))?;
        }
    }
    if asked.api_token.trim().is_empty() {
        return Ok(());
    }
    // A token needs both.
    for (field, text, what) in [
        ("cloud_url", &asked.cloud_url, "the site's address"),
        ("email", &asked.email, "the email of the account that created it"),
    ] {
        if text.trim().is_empty() {
            return Err(Wrong::new(field, format!("An API token needs {what}.")));
        }
    }
    Ok(())
}

/// Checks and saves a site. `Some` means that a credential was refused.
async fn try_to_add(asked: &SiteForm, context: &Context) -> Result<Option<CheckUp>, NotTried> {
    let config =
        if context.config.exists() { settings::read(context)? } else { Default::default() };
    let name = asked.name.trim();
    if config.profiles.contains_key(name) {
        let message = format!("There is a site “{name}” already. Give this one another name.");
        return Err(Wrong::new("name", message).into());
    }
    let mut draft = Draft::new(name, None)
        .map_err(|failure| Wrong::new("name", format!("{}.", failure.message)))?;
    check_settings(asked)?;
    lay_settings(&mut draft, asked);
    lay(&mut draft, &asked.api_token, &asked.org_api_key)?;
    Ok(try_and_keep(&draft, None, &Ring::open(), config.profiles.is_empty(), context).await?)
}

/// Sets the site's fields from the form.
fn lay_settings(draft: &mut Draft, asked: &SiteForm) {
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    draft.profile.cloud_url = text(&asked.cloud_url);
    draft.profile.email = text(&asked.email);
    draft.profile.org_id = text(&asked.org_id);
    draft.profile.directory_id = text(&asked.directory_id);
    draft.profile.admin_url = text(&asked.admin_url);
    draft.profile.protected = asked.protected.lines().filter_map(text).collect();
}

/// `POST /sites/{name}/settings`: checks the credentials with the new settings, and saves them if they are
/// accepted.
pub async fn change(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Form(asked): Form<SiteForm>,
) -> Answer {
    let old = profile(&app.context, &name)?.ok_or_else(no_site)?;
    let of = name.clone();
    let (asked, changed) = app
        .apart(move |app| async move {
            let changed = try_to_change(&of, &old, &asked, &app.context).await;
            Ok((asked, changed))
        })
        .await?;
    let Some((why, wrong)) = not_kept(changed) else {
        return Ok(go(&format!("/?site={}", encoded(&name))));
    };
    let form = settings_form(&name, &asked, why, wrong.as_ref());
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(form)).into_response())
}

async fn try_to_change(
    name: &str,
    old: &Profile,
    asked: &SiteForm,
    context: &Context,
) -> Result<Option<CheckUp>, NotTried> {
    check_settings(asked)?;
    let mut draft = Draft::new(name, Some(old))?;
    lay_settings(&mut draft, asked);
    lay_typed(&mut draft, &asked.api_token, &asked.org_api_key);
    try_changed(draft, old, context).await
}

/// `POST /sites/{name}/remove`: removes settings and credentials; the site's runs stay.
pub async fn remove(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer {
    let removing = name.clone();
    app.apart(move |app| async move { profile_remove::remove(&removing, &app.context).map(drop) })
        .await?;
    Ok(go("/"))
}
