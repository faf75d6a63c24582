//! The keys of a site: tried, and given anew.
//!
//! A key that is typed here or where a site is added goes to its own site and into the operating
//! system's keyring, and nowhere else; where there is no keyring it is held in memory until headcount
//! ends. No page shows it again, not even after a failure. Commands that print keys are not set here:
//! a page must not be a way to run programs.

use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use headcount_app::context::Context;
use headcount_app::credentials::{self, Lasting, NoRing, Ring};
use headcount_app::failure::{Failure, USAGE};
use headcount_app::profile::draft::{Draft, Key, failure_of, place, try_keys};
use headcount_app::profile::keep::{KINDS, MaybeRing, keep};
use headcount_app::settings;
use headcount_app::site::{Need, access};
use headcount_app::words;
use headcount_core::check::{Can, CheckUp, KeyReport, Standing};
use headcount_core::profile::choose::{ENVIRONMENT, choose};
use headcount_core::profile::config::Profile;
use headcount_core::profile::place::KeyKind;
use headcount_core::values::secret::SecretString;
use maud::{Markup, html};
use serde::Deserialize;

use crate::parts::error;
use crate::parts::layout::{self, encoded, foreign};
use crate::responses::{Answer, Fault, go, page};
use crate::state::app::App;
use crate::state::sites::{SiteChoice, context_of};

/// How long a keyring is waited for before the start page is shown without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Keys as they are typed. It has no `Debug`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    api_token: String,
    org_api_key: String,
}

/// Sets the keys of a profile that were typed; one at least has to be.
pub fn lay(draft: &mut Draft, api_token: &str, org_api_key: &str) -> Result<(), Failure> {
    for (kind, typed) in [(KeyKind::ApiToken, api_token), (KeyKind::OrgApiKey, org_api_key)] {
        let typed = typed.trim();
        if !typed.is_empty() {
            draft.set(kind, Key::New(SecretString::from(typed.to_owned())));
        }
    }
    if KINDS.iter().all(|kind| draft.key(*kind).value().is_none()) {
        return Err(Failure::new(USAGE, "there is no key to try").hint(
            "an API token is for users and groups, an organisation API key for deactivating",
        ));
    }
    Ok(())
}

/// Tries the keys of a profile and keeps it, or holds them where there is no keyring. `Some`: what is
/// wrong with them; then nothing is kept.
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

/// Keys that were not accepted.
pub fn not_accepted(found: &CheckUp) -> Markup {
    html! {
        (layout::note("bad", "Nothing was kept", html! { p { "The keys were tried first. Type all of them again, those that are good, too: no key comes back to a page." } }))
        (findings(found))
    }
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
        "Keys",
        html! {
            p.crumb { a href="/" { "Start" } " / " (foreign(&name)) }
            h1 { "What its keys can do" }
            p { "Only reading was tried; nothing was changed." }
            (findings(&found))
            p.actions { a.button href={ "/?site=" (encoded(&name)) } { "To the start page" } }
        },
    )))
}

/// `GET /sites/{name}/keys`.
pub async fn new(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer {
    let profile = profile(&app.context, &name)?.ok_or_else(no_site)?;
    Ok(page(form(&name, &profile, &app.context, html! {})))
}

/// `POST /sites/{name}/keys`: tried, and kept if they are accepted.
pub async fn give(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Form(typed): Form<Typed>,
) -> Answer {
    let profile = profile(&app.context, &name)?.ok_or_else(no_site)?;
    let (asked, old) = (name.clone(), profile.clone());
    let given = app
        .apart(move |app| async move {
            // What is wrong with them is an answer, not a failure of the page.
            Ok(change(&asked, &old, &typed, &app.context).await)
        })
        .await?;
    let why = match given {
        Ok(None) => return Ok(go(&format!("/?site={}", encoded(&name)))),
        Ok(Some(found)) => not_accepted(&found),
        Err(failure) => error::words(&failure),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(form(&name, &profile, &app.context, why)))
        .into_response())
}

fn no_site() -> Fault {
    Fault::not_found("there is no such site")
}

fn profile(context: &Context, name: &str) -> Result<Option<Profile>, Failure> {
    Ok(settings::read(context)?.profiles.get(name).cloned())
}

async fn change(
    name: &str,
    old: &Profile,
    typed: &Typed,
    context: &Context,
) -> Result<Option<CheckUp>, Failure> {
    let mut draft = Draft::new(name, Some(old))?;
    lay(&mut draft, &typed.api_token, &typed.org_api_key)?;
    // The other key stays what it is, and is tried with the new one.
    let ring = Ring::open();
    draft.fetch(ring.as_ref().ok())?;
    for kind in KINDS {
        let place = place(&draft, kind)?.filter(|_| draft.key(kind).value().is_none());
        if let Some(key) = place.and_then(|place| context.held.as_ref()?.get(&place)) {
            draft.set(kind, Key::Kept(key));
        }
    }
    try_and_keep(&draft, Some(old), &ring, false, context).await
}

/// What the start page says where keys do not last.
pub async fn note(app: &Arc<App>, site: &SiteChoice) -> Result<Markup, Fault> {
    if site.is_sandbox || site.name == ENVIRONMENT {
        return Ok(html! {});
    }
    let name = site.name.clone();
    let lasting = app.apart(move |app| async move {
        let chosen = choose(Some(&name), &app.context.environment, &settings::read(&app.context)?);
        Ok(chosen.ok().map(|chosen| credentials::lasting(&chosen, app.context.held.as_ref())))
    });
    // A keyring that does not answer keeps nobody from the start page.
    let lasting = tokio::time::timeout(PATIENCE, lasting).await;
    Ok(match lasting.unwrap_or(Ok(None))? {
        Some(Lasting::Held { held: kinds, none }) => held(site, &kinds, &none),
        Some(Lasting::Missing(why)) => missing(site, &why),
        Some(Lasting::Kept) | None => html! {},
    })
}

fn held(site: &SiteChoice, kinds: &[KeyKind], none: &[KeyKind]) -> Markup {
    let names: Vec<_> = kinds.iter().map(|kind| named(*kind)).collect();
    let (key, is) = if names.len() == 1 { ("key", "is") } else { ("keys", "are") };
    layout::note(
        "info",
        &format!("The {key} of {} {is} good until headcount ends: {}", site.name, names.join(", ")),
        html! {
            p { "No keyring of this computer answered when they were given, so they are in headcount's memory alone. They are asked for again when it is started the next time." }
            @if none.contains(&KeyKind::OrgApiKey) {
                p { "No organisation API key was given: deactivating, reactivating and suspending need one." }
            } @else if none.contains(&KeyKind::ApiToken) {
                p { "No API token was given: creating users needs one." }
            }
        },
    )
}

fn named(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::ApiToken => "API token",
        KeyKind::OrgApiKey => "organisation API key",
    }
}

fn missing(site: &SiteChoice, why: &NoRing) -> Markup {
    layout::note(
        "warn",
        &format!("The keys of {} are asked for again", site.name),
        html! {
            p { "No keyring of this computer answers, and headcount keeps keys nowhere else. If it is only closed, open it and load this page again." }
            details { summary { "Why" } p { (foreign(&layout::quoted(&why.to_string()))) "." } }
            p { a.button href={ "/sites/" (encoded(&site.name)) "/keys" } { "Give its keys" } }
        },
    )
}

/// How each key stands and why, and which jobs work.
fn findings(found: &CheckUp) -> Markup {
    html! {
        @for report in found.reports() { (key(report)) }
        @if found.reports().all(|report| report.standing == Standing::Accepted) {
            div.scroll tabindex="0" role="region" aria-label="Which jobs work" {
                table {
                    thead { tr { th scope="col" { "Job" } th scope="col" { "Works" } th.wider scope="col" { "Why" } } }
                    tbody {
                        @for ability in &found.abilities {
                            tr {
                                th scope="row" { (job(ability.what)) }
                                td.nowrap {
                                    @match ability.can {
                                        Can::Yes => { span.sign.good { "✓ yes" } }
                                        Can::No => { span.sign.bad { "✗ no" } }
                                        Can::Unknown => { "cannot tell" }
                                    }
                                }
                                td { (foreign(&layout::quoted(&ability.why))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn key(report: &KeyReport) -> Markup {
    let what = match report.kind {
        KeyKind::ApiToken => "API token",
        KeyKind::OrgApiKey => "Organisation API key",
    };
    let (kind, standing) = match report.standing {
        Standing::Accepted => ("good", "accepted"),
        Standing::Undecided => ("warn", "accepted, but for which organisation?"),
        Standing::Refused => ("bad", "refused"),
        Standing::WrongAddress => ("bad", "wrong address"),
        Standing::Unreachable => ("warn", "could not be tried"),
    };
    layout::note(
        kind,
        &format!("{what}: {standing}"),
        html! {
            p { "at " (foreign(&report.address.to_string()))
                @if let Some(who) = words::credentials::who(&report.finding) { " – " (foreign(&who)) }
            }
            @for why in &report.why {
                p { (foreign(&why.sentence())) " " strong { (foreign(&why.advice())) } }
            }
        },
    )
}

/// A job's commands in the page's words.
fn job(what: &'static str) -> &'static str {
    match what {
        "user create" => "Create users",
        "member add, member remove" => "Add to groups, remove from groups",
        "user deactivate, user activate" => "Deactivate and reactivate accounts",
        "look people and groups up" => "Look people and groups up",
        "leave out who an identity provider owns" => "Leave out who an identity provider owns",
        other => other,
    }
}

/// Where a key of a profile comes from that cannot be given here.
fn comes_from(kind: KeyKind, profile: &Profile, context: &Context) -> Option<&'static str> {
    let (of_environment, command) = match kind {
        KeyKind::ApiToken => (&context.environment.api_token, &profile.api_token_command),
        KeyKind::OrgApiKey => (&context.environment.org_api_key, &profile.org_api_key_command),
    };
    match (of_environment, command) {
        (Some(_), _) => Some(kind.variable()),
        (None, Some(_)) => Some("a command of the profile"),
        (None, None) => None,
    }
}

fn form(name: &str, profile: &Profile, context: &Context, why: Markup) -> Markup {
    let has_account = profile.cloud_url.is_some() && profile.email.is_some();
    let from = |kind| comes_from(kind, profile, context);
    layout::page(
        "Change its keys",
        html! {
            p.crumb { a href="/" { "Start" } " / " (foreign(name)) }
            h1 { "The keys of " (foreign(name)) }
            p { "They are tried first; one that is not accepted changes nothing. One that is left empty stays as it is. " (WHERE) }
            (why)
            form.card.settings method="post" action={ "/sites/" (encoded(name)) "/keys" } autocomplete="off" {
                @if let Some(from) = from(KeyKind::ApiToken) {
                    p { "The API token comes from " (from) ", and is changed there." }
                } @else if has_account {
                    (field("api_token", "API token", "password", "", "of the account in this site's settings; made at id.atlassian.com under Security > API tokens", false))
                }
                @if let Some(from) = from(KeyKind::OrgApiKey) {
                    p { "The organisation API key comes from " (from) ", and is changed there." }
                } @else { (org_api_key()) }
                p.actions { button type="submit" { "Try them and keep them" } a.button.plain href={ "/?site=" (encoded(name)) } { "Leave it" } }
            }
        },
    )
}

/// Where keys go.
pub const WHERE: &str = "Keys are kept in this computer's own keyring, or, where it has none, in memory until headcount ends; they are never shown.";

/// The field of an organisation's key.
pub fn org_api_key() -> Markup {
    field(
        "org_api_key",
        "An organisation API key",
        "password",
        "",
        "made at admin.atlassian.com under Settings > API keys; not needed for users and groups",
        false,
    )
}

/// A field of a form about sites.
pub fn field(
    name: &str,
    label: &str,
    kind: &str,
    value: &str,
    about: &str,
    required: bool,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type=(kind) value=(value) required[required]
                autocomplete={ @if kind == "password" { "new-password" } @else { "off" } }
                spellcheck="false" aria-describedby={ (name) "-about" };
            span.faint id={ (name) "-about" } { (about) }
        }
    }
}
