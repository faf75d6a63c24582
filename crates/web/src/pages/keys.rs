//! The page of a site's credentials: checks them, and takes new ones.
//!
//! A credential that is typed here, or where a site is added, is sent only to its own site and stored only in the
//! operating system's keyring. Without a keyring it stays in memory until headcount ends. No page shows it again,
//! not even after a failure. Commands that print credentials cannot be set here, because a page must not be a way
//! to run programs.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use headcount_app::configuration::choose::{ENVIRONMENT, choose};
use headcount_app::configuration::config::Profile;
use headcount_app::context::Context;
use headcount_app::credentials::{self, Lasting, NoRing};
use headcount_app::failure::Failure;
use headcount_app::settings;
use headcount_app::words;
use headcount_atlassian::place::KeyKind;
use headcount_people::check::{Can, CheckUp, KeyReport, Standing};
use maud::{Markup, html};

use crate::fault::Fault;
use crate::parts::field_error;
use crate::parts::layout::{self, encoded, foreign};
use crate::parts::place::Place;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::refusal::Wrong;
use crate::state::sites::SiteChoice;

/// How long the start page waits for the keyring.
const PATIENCE: Duration = Duration::from_secs(2);

/// The message for credentials that were not accepted.
pub fn not_accepted(found: &CheckUp) -> Markup {
    html! {
        (layout::note("bad", "Nothing was saved", html! { p { "headcount could not confirm every credential. Type all of them again: the page never shows a credential." } }))
        (findings(found))
    }
}

/// `GET /sites/{name}/keys`.
pub async fn new(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer {
    let profile = profile(&app.context, &name)?.ok_or_else(no_site)?;
    Ok(page(form(&name, &profile, &app.context, html! {}, None)))
}

/// The failure if no site has this name.
pub fn no_site() -> Fault {
    Fault::not_found("there is no such site")
}

/// The profile with this name.
pub fn profile(context: &Context, name: &str) -> Result<Option<Profile>, Failure> {
    Ok(settings::read(context)?.profiles.get(name).cloned())
}

/// The start page's note if credentials are lost when the program ends.
pub async fn note(app: &Arc<App>, site: &SiteChoice) -> Result<Markup, Fault> {
    if site.is_sandbox || site.name == ENVIRONMENT {
        return Ok(html! {});
    }
    let name = site.name.clone();
    let lasting = app.apart(move |app| async move {
        let chosen = choose(Some(&name), &app.context.environment, &settings::read(&app.context)?);
        Ok(chosen.ok().map(|chosen| credentials::lasting(&chosen, app.context.held.as_ref())))
    });
    // A keyring that does not answer must not block the start page.
    let lasting = tokio::time::timeout(PATIENCE, lasting).await;
    Ok(match lasting.unwrap_or(Ok(None))? {
        Some(Lasting::Held { held: kinds, none }) => held(site, &kinds, &none),
        Some(Lasting::Missing(why)) => missing(site, &why),
        Some(Lasting::Kept) | None => html! {},
    })
}

fn held(site: &SiteChoice, kinds: &[KeyKind], none: &[KeyKind]) -> Markup {
    let names: Vec<_> = kinds.iter().map(|kind| named(*kind)).collect();
    let key = if names.len() == 1 { "credential" } else { "credentials" };
    layout::note(
        "info",
        &format!(
            "headcount has the {key} of {} only until you quit: {}",
            site.name,
            names.join(", ")
        ),
        html! {
            p { "headcount found no keyring on this computer, so it has them only in memory, and asks for them again at its next start." }
            @if none.contains(&KeyKind::OrgApiKey) {
                p { "You gave no organization API key. You need one to deactivate, reactivate, suspend or restore users." }
            } @else if none.contains(&KeyKind::ApiToken) {
                p { "You gave no API token. You need one to create users with an invitation email." }
            }
        },
    )
}

fn named(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::ApiToken => "API token",
        KeyKind::OrgApiKey => "organization API key",
        KeyKind::ScimApiKey => "SCIM API key",
    }
}

fn missing(site: &SiteChoice, why: &NoRing) -> Markup {
    layout::note(
        "warn",
        &format!("headcount needs the credentials of {} again", site.name),
        html! {
            p { "headcount found no keyring on this computer, so it no longer has them. If the keyring is locked, unlock it and load this page again." }
            details { summary { "Why" } p { (foreign(&layout::quoted(&why.to_string()))) "." } }
            p { a.button href={ "/sites/" (encoded(&site.name)) "/keys" } { "Enter its credentials" } }
        },
    )
}

/// Whether each credential is accepted and why, and which jobs work.
pub fn findings(found: &CheckUp) -> Markup {
    html! {
        @for report in found.reports() { (key(report)) }
        @if !found.abilities.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Which jobs work" {
                table {
                    thead { tr { th scope="col" { "Job" } th scope="col" { "Works" } th.wider scope="col" { "Why" } } }
                    tbody {
                        @for ability in &found.abilities {
                            tr {
                                th scope="row" { (job(&ability.what)) }
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
        KeyKind::OrgApiKey => "Organization API key",
        KeyKind::ScimApiKey => "SCIM API key",
    };
    let (kind, standing) = match report.standing {
        Standing::Accepted => ("good", "accepted"),
        Standing::Undecided if report.lacks_directory() => {
            ("warn", "accepted, but it is not clear for which directory")
        }
        Standing::Undecided => ("warn", "accepted, but it is not clear for which organization"),
        Standing::Refused => ("bad", "refused"),
        Standing::WrongAddress => ("bad", "wrong address"),
        Standing::Unreachable => ("warn", "could not be checked"),
    };
    layout::note(
        kind,
        &format!("{what}: {standing}"),
        html! {
            p { "at " (foreign(&report.address.to_string()))
                @if let Some(who) = words::credentials::who(&report.finding) { " – " (foreign(&who)) }
            }
            @for why in &report.why {
                p { (foreign(&why.sentence)) " " strong { (foreign(&why.advice)) } }
            }
        },
    )
}

/// A job's command in the page's words.
fn job(what: &str) -> String {
    let words = |command| match command {
        "user create" => "create users",
        "user remove" => "remove users from the site",
        "member add" => "add to groups",
        "member remove" => "remove from groups",
        "group create" => "create groups",
        "group delete" => "delete groups",
        "user suspend" => "suspend users",
        "user restore" => "restore users",
        "user deactivate" => "deactivate accounts",
        "user activate" => "reactivate accounts",
        other => other,
    };
    let all = what.split(", ").map(words).collect::<Vec<_>>().join(", ");
    let mut letters = all.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The source of a profile's credential that cannot be replaced here.
fn comes_from(kind: KeyKind, profile: &Profile, context: &Context) -> Option<&'static str> {
    let (of_environment, command) = match kind {
        KeyKind::ApiToken => (&context.environment.api_token, &profile.api_token_command),
        KeyKind::OrgApiKey => (&context.environment.org_api_key, &profile.org_api_key_command),
        KeyKind::ScimApiKey => (&context.environment.scim_api_key, &profile.scim_api_key_command),
    };
    match (of_environment, command) {
        (Some(_), _) => Some(kind.variable()),
        (None, Some(_)) => Some("a command of the profile"),
        (None, None) => None,
    }
}

/// The form for a site's credentials, with the reason why it is shown again.
pub fn form(
    name: &str,
    profile: &Profile,
    context: &Context,
    why: Markup,
    wrong: Option<&Wrong>,
) -> Markup {
    let has_account = profile.cloud_url.is_some() && profile.email.is_some();
    let from = |kind| comes_from(kind, profile, context);
    layout::page(
        "Change its credentials",
        &Place::of_profile(name),
        html! {
            p.crumb { a href="/" { "Start" } " / " (foreign(name)) }
            h1 { "The credentials of " (foreign(name)) }
            p { "headcount checks them first and saves them only if all are accepted. An empty field changes nothing. " (WHERE) }
            (why)
            form.card.settings method="post" action={ "/sites/" (encoded(name)) "/keys" } autocomplete="off" {
                @if let Some(from) = from(KeyKind::ApiToken) {
                    p { "The API token comes from " (from) "; change it there." }
                } @else if has_account {
                    @let token = FormField { name: "api_token", label: "API token", kind: "password", value: "" };
                    (field(&token, wrong, html! {
                        "of the account in this site's settings; "
                        (made_at("https://id.atlassian.com/manage-profile/security/api-tokens", "create one at id.atlassian.com"))
                    }))
                }
                @if let Some(from) = from(KeyKind::OrgApiKey) {
                    p { "The organization API key comes from " (from) "; change it there." }
                } @else { (org_api_key(true, wrong)) }
                p.actions { button type="submit" { "Check and save" } a.button.plain href={ "/?site=" (encoded(name)) } { "Cancel" } }
            }
        },
    )
}

/// Where the credentials are stored.
pub const WHERE: &str = "It saves them in this computer's keyring. If it finds no keyring, it has them in memory until you quit. It never shows them.";

/// The field of the organization API key. An existing key may stay as it is.
pub fn org_api_key(is_there: bool, wrong: Option<&Wrong>) -> Markup {
    let about = html! {
        @if is_there { "leave it empty to keep it; " }
        (made_at("https://admin.atlassian.com", "create one at admin.atlassian.com under Settings > API keys"))
        "; needed to deactivate, reactivate, suspend or restore users"
    };
    let key = FormField {
        name: "org_api_key",
        label: "An organization API key",
        kind: "password",
        value: "",
    };
    field(&key, wrong, about)
}

/// The link to Atlassian's page where the credential is created; it opens in another tab.
pub fn made_at(address: &str, words: &str) -> Markup {
    html! { a href=(address) target="_blank" rel="noreferrer" { (words) } }
}

/// A field of a form about sites.
pub struct FormField<'f> {
    /// Its name, and its id.
    pub name: &'f str,
    /// Its label.
    pub label: &'f str,
    /// Its type. A `password` field is always empty when the form is shown again.
    pub kind: &'f str,
    /// What is in it.
    pub value: &'f str,
}

/// A field with its description and its error.
pub fn field(field: &FormField<'_>, wrong: Option<&Wrong>, about: Markup) -> Markup {
    let FormField { name, label, kind, value } = *field;
    let is_wrong = field_error::is_at(wrong, name);
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type=(kind) value=(value)
                autocomplete={ @if kind == "password" { "new-password" } @else { "off" } }
                aria-invalid=[is_wrong.then_some("true")] data-focus[is_wrong]
                spellcheck="false" aria-describedby=[field_error::described(wrong, name, &format!("{name}-about"))];
            (field_error::at(wrong, name))
            span.faint id={ (name) "-about" } { (about) }
        }
    }
}

/// The field of a credential that was not accepted, and why.
pub fn wrong_of(found: &CheckUp) -> Option<Wrong> {
    let report = found.reports().find(|report| report.standing != Standing::Accepted)?;
    let key = match report.kind {
        KeyKind::ApiToken => "api_token",
        KeyKind::OrgApiKey => "org_api_key",
        // The page has no field for it: it comes from the command line, a command or the environment.
        KeyKind::ScimApiKey => "",
    };
    let (field, message) = match (report.standing, report.kind) {
        (Standing::Undecided, _) if report.lacks_directory() => {
            ("directory_id", "The organization has several directories. Type the id of one.")
        }
        (Standing::Undecided, _) => {
            ("org_id", "This key is for several organizations. Type the id of one.")
        }
        (Standing::WrongAddress, KeyKind::ApiToken) => {
            ("cloud_url", "This is not the address of an Atlassian site.")
        }
        (Standing::WrongAddress, KeyKind::OrgApiKey | KeyKind::ScimApiKey) => {
            ("admin_url", "This is not the address of Atlassian's admin API.")
        }
        (Standing::Unreachable, KeyKind::ApiToken) => {
            ("cloud_url", "This address could not be reached.")
        }
        (Standing::Unreachable, KeyKind::OrgApiKey | KeyKind::ScimApiKey) => {
            ("admin_url", "This address could not be reached.")
        }
        (Standing::Refused | Standing::Accepted, _) => {
            (key, "This credential was refused, so nothing was saved. Type it again.")
        }
    };
    Some(Wrong::new(field, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_atlassian::access::{Address, Setting};
    use headcount_people::check::{Finding, KeyReport};

    /// Only the field with the error is marked.
    #[test]
    fn the_field_that_is_wrong_is_marked() {
        let found = |standing, org: Option<&str>, kind| {
            let org = org.map(|id| (id.to_owned(), "Acme".to_owned()));
            let report = KeyReport {
                kind,
                address: Address::parse(Setting::AdminUrl, "https://api.atlassian.com").unwrap(),
                standing,
                why: Vec::new(),
                finding: Finding { org, ..Finding::default() },
            };
            CheckUp { jira: None, org: Some(report), scim: None, abilities: Vec::new() }
        };
        for (standing, org, kind, field) in [
            (Standing::Undecided, None, KeyKind::OrgApiKey, "org_id"),
            (Standing::Undecided, Some("o-1"), KeyKind::OrgApiKey, "directory_id"),
            (Standing::Refused, Some("o-1"), KeyKind::OrgApiKey, "org_api_key"),
            (Standing::Refused, None, KeyKind::ApiToken, "api_token"),
            (Standing::WrongAddress, None, KeyKind::OrgApiKey, "admin_url"),
            (Standing::Unreachable, None, KeyKind::ApiToken, "cloud_url"),
        ] {
            let wrong = wrong_of(&found(standing, org, kind));
            assert!(field_error::is_at(wrong.as_ref(), field), "{standing:?} {org:?}: {field}");
        }
    }

    #[test]
    fn a_line_of_jobs_is_worded_as_one() {
        for (what, words) in [
            ("user create", "Create users"),
            ("user remove, member add", "Remove users from the site, add to groups"),
            ("group create, group delete", "Create groups, delete groups"),
            ("look up users and groups", "Look up users and groups"),
            ("", ""),
        ] {
            assert_eq!(job(what), words);
        }
    }
}
