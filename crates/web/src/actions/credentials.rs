//! Checks the credentials of a site, and replaces them.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use headcount_app::configuration::choose::{ENVIRONMENT, choose};
use headcount_app::configuration::config::Profile;
use headcount_app::context::Context;
use headcount_app::credentials::Ring;
use headcount_app::failure::Failure;
use headcount_app::profile::draft::{Draft, Key, failure_of, place, try_keys};
use headcount_app::profile::keep::{KINDS, MaybeRing, keep};
use headcount_app::settings;
use headcount_app::site::{Need, access};
use headcount_atlassian::place::KeyKind;
use headcount_model::secret::SecretString;
use headcount_people::check::CheckUp;
use maud::html;
use serde::Deserialize;

use crate::pages::keys::{findings, form, no_site, not_accepted, profile, wrong_of};
use crate::parts::error;
use crate::parts::layout::{self, encoded, foreign};
use crate::parts::place::Place;
use crate::responses::{Answer, go, page};
use crate::state::app::App;
use crate::state::refusal::Wrong;
use crate::state::sites::context_of;

/// Typed credentials. The type has no `Debug`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    api_token: String,
    org_api_key: String,
}

/// Why credentials were not checked.
pub enum NotTried {
    /// A field has an invalid value.
    Wrong(Wrong),
    /// Another failure.
    Failed(Failure),
}

impl From<Wrong> for NotTried {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<Failure> for NotTried {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Sets the typed credentials of a profile. At least one is required.
pub fn lay(draft: &mut Draft, api_token: &str, org_api_key: &str) -> Result<(), Wrong> {
    lay_typed(draft, api_token, org_api_key);
    check_any(draft)
}

/// Sets the typed credentials.
pub fn lay_typed(draft: &mut Draft, api_token: &str, org_api_key: &str) {
    for (kind, typed) in [(KeyKind::ApiToken, api_token), (KeyKind::OrgApiKey, org_api_key)] {
        let typed = typed.trim();
        if !typed.is_empty() {
            draft.set(kind, Key::New(SecretString::from(typed.to_owned())));
        }
    }
}

/// Checks that there is at least one credential.
fn check_any(draft: &Draft) -> Result<(), Wrong> {
    if KINDS.iter().any(|kind| draft.key(*kind).value().is_some()) {
        return Ok(());
    }
    let message = "There is no credential to check. Give an API token (for users and groups) or an \
                   organization API key (to deactivate or suspend users). A stored credential is used \
                   only for its own address.";
    Err(Wrong::new("api_token", message))
}

/// Checks a profile's credentials and saves the profile; without a keyring, the credentials stay in memory. `Some`
/// means that a credential was refused; then nothing is saved.
pub async fn try_and_keep(
    draft: &Draft,
    old: Option<&Profile>,
    ring: &MaybeRing,
    becomes_default: bool,
    context: &Context,
) -> Result<Option<CheckUp>, Failure> {
    let found = draft.check(context).await?;
    if failure_of(&found).is_some() {
        return Ok(Some(found));
    }
    keep(draft, old, ring, becomes_default, context)?;
    Ok(None)
}

/// `POST /sites/{name}/check`.
pub async fn check(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer {
    let asked = name.clone();
    let found = app
        .apart(move |app| async move {
            let context = context_of(&app.context, &asked);
            let named = Some(asked.as_str()).filter(|name| *name != ENVIRONMENT);
            let chosen = choose(named, &context.environment, &settings::read(&context)?)?;
            let access = access(&context, &chosen, Need::Any)?;
            try_keys(&access, &context).await
        })
        .await?;
    Ok(page(layout::page(
        "Credentials",
        &Place::of_profile(&name),
        html! {
            p.crumb { a href={ "/?site=" (encoded(&name)) } { "Start" } " / " (foreign(&name)) }
            h1 { "What its credentials can do" }
            p { "headcount only read the site. Nothing was changed." }
            (findings(&found))
            p.actions { a.button href={ "/?site=" (encoded(&name)) } { "To the start page" } }
        },
    )))
}

/// `POST /sites/{name}/keys`: checks the credentials, and saves them if they are accepted.
pub async fn give(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Form(typed): Form<Typed>,
) -> Answer {
    let profile = profile(&app.context, &name)?.ok_or_else(no_site)?;
    let (asked, old) = (name.clone(), profile.clone());
    let given = app
        .apart(move |app| async move {
            // Refused credentials are a result, not a failure of the page.
            Ok(change(&asked, &old, &typed, &app.context).await)
        })
        .await?;
    let (why, wrong) = match given {
        Ok(None) => return Ok(go(&format!("/?site={}", encoded(&name)))),
        Ok(Some(found)) => (not_accepted(&found), wrong_of(&found)),
        Err(NotTried::Wrong(wrong)) => (html! {}, Some(wrong)),
        Err(NotTried::Failed(failure)) => (error::words(&failure), None),
    };
    let form = form(&name, &profile, &app.context, why, wrong.as_ref());
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(form)).into_response())
}

async fn change(
    name: &str,
    old: &Profile,
    typed: &Typed,
    context: &Context,
) -> Result<Option<CheckUp>, NotTried> {
    let mut draft = Draft::new(name, Some(old))?;
    lay(&mut draft, &typed.api_token, &typed.org_api_key)?;
    try_changed(draft, old, context).await
}

/// Checks a changed profile and saves it. Credentials that were not typed stay as they are, and are checked with
/// the others.
pub async fn try_changed(
    mut draft: Draft,
    old: &Profile,
    context: &Context,
) -> Result<Option<CheckUp>, NotTried> {
    let ring = Ring::open();
    draft.fetch(ring.as_ref().ok())?;
    for kind in KINDS {
        let place = place(&draft, kind)?.filter(|_| draft.key(kind).value().is_none());
        if let Some(key) = place.and_then(|place| context.held.as_ref()?.get(&place)) {
            draft.set(kind, Key::Kept(key));
        }
    }
    check_any(&draft)?;
    Ok(try_and_keep(&draft, Some(old), &ring, false, context).await?)
}
