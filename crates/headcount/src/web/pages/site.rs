//! Sites: a new one is added once its keys were tried; an old one's are tried again.
//!
//! A key that is typed here goes to its own site and into the operating system's keyring, and
//! nowhere else: no page shows it again, not even after a failure. Commands that print keys are not
//! set here: a page must not be a way to run programs.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use headcount_core::check::{Can, CheckUp, KeyReport, Standing};
use headcount_core::profile::choose::{ENVIRONMENT, choose};
use headcount_core::profile::place::KeyKind;
use headcount_core::values::secret::SecretString;
use maud::{Markup, html};
use serde::Deserialize;

use super::wrong;
use crate::config;
use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::keys::{self, Ring};
use crate::show;
use crate::web::answer::{Answer, go, page};
use crate::web::app::App;
use crate::web::layout::{self, encoded, foreign};
use crate::web::sites::context_of;
use crate::work::profile::draft::{Draft, Key, failure_of, try_keys};
use crate::work::profile::keep::keep;

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
            let added = try_and_keep(&asked, &app.context).await;
            Ok((asked, added))
        })
        .await?;
    let why = match added {
        Ok(None) => return Ok(go(&format!("/?site={}", encoded(&name)))),
        Ok(Some(found)) => html! {
            (layout::note("bad", "Nothing was kept", html! { p { "The keys were tried first:" } }))
            (findings(&found))
        },
        Err(failure) => wrong::words(&failure),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(form(&asked, why))).into_response())
}

/// `None`: it is kept. `Some`: what is wrong with its keys.
async fn try_and_keep(asked: &SiteForm, context: &Context) -> Result<Option<CheckUp>, Failure> {
    let config = if context.config.exists() { config::read(context)? } else { Default::default() };
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
    for (kind, typed) in
        [(KeyKind::ApiToken, &asked.api_token), (KeyKind::OrgApiKey, &asked.org_api_key)]
    {
        if let Some(key) = text(typed) {
            draft.set(kind, Key::New(SecretString::from(key)));
        }
    }
    if draft.api_token.value().is_none() && draft.org_api_key.value().is_none() {
        return Err(Failure::new(USAGE, "there is no key to try").hint(
            "an API token is for users and groups, an organisation API key for deactivating",
        ));
    }
    let found = draft.check(context).await?;
    if failure_of(&found).is_some() {
        return Ok(Some(found));
    }
    let is_first = config.profiles.is_empty();
    let quiet = Context { quiet: true, ..context.clone() };
    keep(&draft, None, &Ring::open(), is_first, &quiet)?;
    Ok(None)
}

/// `POST /sites/{name}/check`.
pub async fn check(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer {
    let asked = name.clone();
    let found = app
        .apart(move |app| async move {
            let context = context_of(&app.context, &asked);
            let named = Some(asked.as_str()).filter(|name| *name != ENVIRONMENT);
            let chosen = choose(named, &context.environment, &config::read(&context)?)?;
            let keys = keys::get(&chosen)?;
            let access = chosen.access(keys.api_token, keys.org_api_key)?;
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
                @if let Some(who) = show::check::who(&report.finding) { " – " (foreign(&who)) }
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

fn form(asked: &SiteForm, why: Markup) -> Markup {
    layout::page(
        "Add a site",
        html! {
            p.crumb { a href="/" { "Start" } " / Add a site" }
            h1 { "Add a site" }
            p { "The keys are tried first; nothing is kept that was not accepted. They are kept in this computer's own keyring and never shown." }
            (why)
            form.card.settings method="post" action="/sites" autocomplete="off" {
                (field("name", "A name for it", "text", &asked.name, "letters and digits, such as acme", true))
                (field("cloud_url", "The site's address", "url", &asked.cloud_url, "such as https://acme.atlassian.net", false))
                h2 { "For users and groups" }
                (field("email", "Your Atlassian account's e-mail", "email", &asked.email, "the account that made the token", false))
                (field("api_token", "Its API token", "password", "", "made at id.atlassian.com under Security > API tokens", false))
                h2 { "For deactivating and reactivating" }
                (field("org_api_key", "An organisation API key", "password", "", "made at admin.atlassian.com under Settings > API keys; not needed for users and groups", false))
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

fn field(name: &str, label: &str, kind: &str, value: &str, about: &str, required: bool) -> Markup {
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
