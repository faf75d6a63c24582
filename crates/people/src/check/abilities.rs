//! Which jobs work with the keys that were found.
//!
//! Only reading was tried, so a yes is “as far as can be seen without changing anything”.

use super::report::{Ability, Can, CheckUp, Finding, KeyReport, Standing};
use headcount_atlassian::access::Access;
use headcount_model::door::Api;

/// Why an API takes no change with a token that has scopes.
const NO_SCOPE: &str = "the API token lacks the scope manage:jira-configuration";

/// The table.
pub fn of(access: &Access, found: &CheckUp) -> Vec<Ability> {
    let jira = Side::of(access.jira.is_some(), found.jira.as_ref(), "API token");
    let org = Side::of(access.org.is_some(), found.org.as_ref(), "organization API key");
    let line = |what, (can, why): (Can, String)| Ability { what, can, why };
    vec![
        line("user create", create(&jira)),
        line("user remove, member add, member remove", memberships(&jira, &org)),
        line("group create, group delete", groups(&jira, &org)),
        line("user suspend, user restore", directory(&org)),
        line("user deactivate, user activate", lifecycle(&org)),
        line("look up users and groups", look_ups(&jira, &org)),
        line("skip users of an identity provider", synced(&org)),
    ]
}

/// One key, as far as it can be used.
struct Side<'a> {
    finding: Option<&'a Finding>,
    /// Why it can't, where it can't.
    lack: String,
}

impl<'a> Side<'a> {
    fn of(there: bool, report: Option<&'a KeyReport>, what: &str) -> Self {
        let finding = report
            .filter(|report| report.standing == Standing::Accepted)
            .map(|report| &report.finding);
        let lack = match report.map(|report| report.standing) {
            None if there => format!("the {what} has no address"),
            None => format!("the profile has no {what}"),
            Some(Standing::Unreachable) => format!("the {what} could not be checked"),
            Some(Standing::Undecided) => {
                let undecided = report.map_or("organization", KeyReport::undecided);
                format!("the profile does not name the right {undecided}")
            }
            Some(_) if report.is_some_and(|report| !report.finding.unscoped.is_empty()) => {
                format!("the {what} lacks a scope")
            }
            Some(_) => format!("the {what} is not accepted"),
        };
        Self { finding, lack }
    }

    fn needs<T>(&self, judge: impl FnOnce(&Finding) -> (Can, T)) -> (Can, String)
    where
        T: Into<String>,
    {
        match self.finding {
            Some(finding) => {
                let (can, why) = judge(finding);
                (can, why.into())
            }
            None => (Can::No, self.lack.clone()),
        }
    }
}

/// `POST user` wants “Administer Jira”, and since 2026 an organization administrator (Jira platform
/// description; jira.js 6.2.0).
fn create(jira: &Side<'_>) -> (Can, String) {
    jira.needs(|finding| match (finding.administers, finding.org_admin) {
        _ if finding.unscoped.contains(&Api::Jira) => (Can::No, NO_SCOPE),
        (Some(false), _) => (Can::No, "the account does not administer Jira"),
        (_, Some(false)) => (Can::No, "the account does not administer the organization"),
        (Some(true), Some(true)) => (Can::Yes, "the account administers Jira and the organization"),
        (Some(true), None) => (
            Can::Unknown,
            "the account administers Jira; the site does not show whether it also administers the organization",
        ),
        (None, _) => (Can::Unknown, "the site does not show what the account may do"),
    })
}

/// Changing groups is a site administrator's (Jira platform description: “Site administration”),
/// for which the permission to administer Jira is the nearest that can be asked.
fn members(jira: &Side<'_>) -> (Can, String) {
    jira.needs(|finding| match finding.administers {
        _ if finding.unscoped.contains(&Api::Jira) => (Can::No, NO_SCOPE),
        Some(true) => (Can::Yes, "the account administers Jira"),
        Some(false) => (Can::No, "the account does not administer Jira"),
        None => (Can::Unknown, "the site does not show what the account may do"),
    })
}

/// Jira's calls are taken where there is a token, the organization's directory elsewhere.
fn memberships(jira: &Side<'_>, org: &Side<'_>) -> (Can, String) {
    match (jira.finding, org.finding) {
        (None, Some(_)) => directory(org),
        _ => members(jira),
    }
}

/// The organization's directory is taken where its key is there, Jira's calls elsewhere.
fn groups(jira: &Side<'_>, org: &Side<'_>) -> (Can, String) {
    match (org.finding, jira.finding) {
        (None, Some(_)) => members(jira),
        (Some(_), _) => directory(org),
        (None, None) => (Can::No, "no credential is accepted".into()),
    }
}

/// That it is read says as much as can be said without changing it.
fn directory(org: &Side<'_>) -> (Can, String) {
    org.needs(|finding| match finding.directory {
        _ if finding.unscoped.contains(&Api::Directory) => {
            (Can::No, "the organization API key lacks a scope for the directory")
        }
        Some(true) => (Can::Yes, "the credential can read the organization's directory"),
        Some(false) => (Can::No, "the credential cannot read the organization's directory"),
        None => (Can::Unknown, "the directory did not answer"),
    })
}

fn lifecycle(org: &Side<'_>) -> (Can, String) {
    org.needs(|finding| match (finding.managed, finding.lifecycle) {
        _ if finding.unscoped.contains(&Api::Accounts) => {
            (Can::No, "the organization API key lacks a scope for managed accounts".to_owned())
        }
        (_, Some(false)) => (Can::No, "user management refuses the credential".to_owned()),
        (Some(0), _) => {
            (Can::No, "the organization manages no accounts: it has no verified domain".to_owned())
        }
        (Some(1), _) => (Can::Yes, "the organization manages 1 account".to_owned()),
        (Some(many), _) => (Can::Yes, format!("the organization manages {many} accounts")),
        (None, Some(true)) => (Can::Yes, "user management accepts the credential".to_owned()),
        (None, None) => (
            Can::Unknown,
            "headcount could not read which accounts the organization manages".to_owned(),
        ),
    })
}

fn look_ups(jira: &Side<'_>, org: &Side<'_>) -> (Can, String) {
    match (jira.finding, org.finding) {
        (_, Some(org)) if org.directory == Some(true) => {
            (Can::Yes, "in the organization's directory".into())
        }
        (Some(jira), _) if jira.browses == Some(true) => (Can::Yes, "on the site".into()),
        (Some(jira), _) if jira.browses == Some(false) => {
            (Can::No, "the account cannot browse users and groups; use Atlassian's exports".into())
        }
        (Some(_), _) => (Can::Unknown, "the site does not show what the account may do".into()),
        (None, Some(_)) => {
            (Can::No, "the credential cannot read the directory; use Atlassian's exports".into())
        }
        (None, None) => (Can::No, "no credential is accepted".into()),
    }
}

fn synced(org: &Side<'_>) -> (Can, String) {
    org.needs(|finding| match finding.directory {
        Some(true) => (Can::Yes, "the organization's directory shows them"),
        Some(false) => (Can::No, "the credential cannot read the directory"),
        None => (Can::Unknown, "the directory did not answer"),
    })
}
