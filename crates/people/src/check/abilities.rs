//! Decides which jobs work with the checked credentials.
//!
//! Only reads were sent, so a yes means "as far as a read can show".

use crate::jobs::{self, Need};

use super::report::{Ability, Can, CheckUp, Finding, KeyReport, Standing};
use headcount_atlassian::access::Access;
use headcount_model::door::Api;
use headcount_model::job::Job;

/// Why an API refuses changes with a token that has scopes.
const NO_SCOPE: &str = "the API token lacks the scope manage:jira-configuration";

/// The needs in the order of their lines; each has one line for its jobs.
const LINES: [Need; 5] =
    [Need::Jira, Need::JiraOrDirectory, Need::DirectoryOrJira, Need::Directory, Need::Org];

/// The list of abilities.
pub fn of(access: &Access, found: &CheckUp) -> Vec<Ability> {
    let has_token = access.jira.is_some() && access.cloud_url.is_some();
    let jira = Side::of(access.jira.is_some(), found.jira.as_ref(), "API token");
    let org = Side::of(access.org.is_some(), found.org.as_ref(), "organization API key");
    // If no directory is configured, only jobs that need a directory fail.
    let names_none = access.org.as_ref().is_some_and(|key| key.directory_id.is_none());
    let lacks_only_directory =
        names_none && found.org.as_ref().is_some_and(KeyReport::lacks_directory);
    let accounts = match (lacks_only_directory, &found.org) {
        (true, Some(report)) => Side { finding: Some(&report.finding), lack: org.lack.clone() },
        _ => org.clone(),
    };
    let has_key = access.org.is_some();
    let keys = Keys { has_token, has_key, lacks_only_directory, jira, org, accounts };
    let mut lines: Vec<Ability> = LINES
        .into_iter()
        .map(|need| {
            let jobs: Vec<_> = offered(need).map(|job| job.to_string()).collect();
            let (can, why) = keys.need(need);
            Ability { what: jobs.join(", "), can, why }
        })
        .collect();
    let (can, why) = keys.signed_in(|| look_ups(&keys.jira, &keys.org));
    lines.push(Ability { what: "look up users and groups".into(), can, why });
    let (can, why) = synced(&keys.org);
    lines.push(Ability { what: "skip users of an identity provider".into(), can, why });
    if access.scim.is_some() {
        let scim = Side::of(true, found.scim.as_ref(), "SCIM API key");
        let (can, why) = match keys.org.finding {
            None => (Can::No, keys.org.lack.clone()),
            Some(_) => {
                scim.needs(|_| (Can::Yes, "the identity provider's directory accepts the key"))
            }
        };
        lines.push(Ability { what: "jobs with --scim".into(), can, why });
    }
    lines
}

/// The jobs on the command line with this need.
fn offered(need: Need) -> impl Iterator<Item = Job> {
    let offered = move |job: &Job| jobs::of(*job).help.is_some() && jobs::of(*job).need == need;
    Job::ALL.into_iter().filter(offered)
}

/// Both credentials of a profile.
struct Keys<'a> {
    has_token: bool,
    has_key: bool,
    /// Set if the organization has several directories and the profile names none.
    lacks_only_directory: bool,
    jira: Side<'a>,
    org: Side<'a>,
    /// The organization's managed accounts, which are in no directory.
    accounts: Side<'a>,
}

impl Keys<'_> {
    /// Whether jobs with this need work. They use the API that the profile's credentials select, accepted or not.
    /// Only Jira creates users.
    fn need(&self, need: Need) -> (Can, String) {
        let api = need.api(self.has_token, self.has_key);
        let (has_credential, side) = match api {
            Api::Jira => (self.has_token, &self.jira),
            Api::Directory | Api::Accounts | Api::Invitations | Api::Provisioning => {
                (self.has_key, &self.org)
            }
        };
        if !has_credential {
            return (Can::No, side.lack.clone());
        }
        self.signed_in(|| match api {
            Api::Jira if need == Need::Jira => create(&self.jira),
            Api::Jira => members(&self.jira),
            Api::Directory => directory(&self.org),
            Api::Accounts | Api::Invitations | Api::Provisioning => lifecycle(&self.accounts),
        })
    }

    /// Every job checks each credential of the profile before it plans: the API token shows your own account,
    /// which the guards protect, and the organization shows the other users that they protect.
    fn signed_in(&self, then: impl FnOnce() -> (Can, String)) -> (Can, String) {
        if self.has_token && self.jira.finding.is_none() {
            return (Can::No, self.jira.lack.clone());
        }
        if self.has_key && self.org.finding.is_none() && !self.lacks_only_directory {
            return (Can::No, self.org.lack.clone());
        }
        then()
    }
}

/// One credential, as far as it can be used.
#[derive(Clone)]
struct Side<'a> {
    finding: Option<&'a Finding>,
    /// Why it cannot be used, if it cannot.
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

/// `POST user` requires “Administer Jira”, and since 2026 an organization administrator (Jira platform
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

/// Changing groups requires site administration (Jira platform description: “Site administration”). The permission
/// to administer Jira is the nearest one that can be read.
fn members(jira: &Side<'_>) -> (Can, String) {
    jira.needs(|finding| match finding.administers {
        _ if finding.unscoped.contains(&Api::Jira) => (Can::No, NO_SCOPE),
        Some(true) => (Can::Yes, "the account administers Jira"),
        Some(false) => (Can::No, "the account does not administer Jira"),
        None => (Can::Unknown, "the site does not show what the account may do"),
    })
}

/// A read is the only check that changes nothing.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every new job needs a line.
    #[test]
    fn every_job_that_is_offered_has_one_line() {
        for job in Job::ALL.into_iter().filter(|job| jobs::of(*job).help.is_some()) {
            let lines = LINES.iter().filter(|need| offered(**need).any(|other| other == job));
            assert_eq!(lines.count(), 1, "{job}");
        }
        let creates = offered(Need::Jira).map(|job| jobs::of(job).creates);
        assert_eq!(creates.collect::<Vec<_>>(), [jobs::Creates::Users]);
    }

    /// The API is that of the job, whether its credential is accepted or not.
    #[test]
    fn a_job_works_if_the_credential_of_its_own_api_does() {
        let good = Finding {
            administers: Some(true),
            org_admin: Some(true),
            browses: Some(true),
            directory: Some(true),
            managed: Some(2),
            ..Finding::default()
        };
        let side = |is_good: Option<bool>| Side {
            finding: is_good.filter(|good| *good).map(|_| &good),
            lack: if is_good.is_some() { "refused" } else { "missing" }.into(),
        };
        for (token, key, works) in [
            (Some(true), Some(true), [true, true, true, true, true]),
            (Some(false), Some(true), [false, false, false, false, false]),
            (Some(true), Some(false), [false, false, false, false, false]),
            (None, Some(true), [false, true, true, true, true]),
            (Some(true), None, [true, true, true, false, false]),
            (Some(false), None, [false, false, false, false, false]),
            (None, Some(false), [false, false, false, false, false]),
        ] {
            let (has_token, has_key) = (token.is_some(), key.is_some());
            let (jira, org) = (side(token), side(key));
            let accounts = org.clone();
            let keys =
                Keys { has_token, has_key, lacks_only_directory: false, jira, org, accounts };
            assert_eq!(LINES.map(|need| keys.need(need).0 == Can::Yes), works, "{token:?} {key:?}");
        }
        // A missing directory only affects jobs that need a directory.
        let (jira, org, accounts) = (side(Some(true)), side(Some(false)), side(Some(true)));
        let (has_token, has_key, lacks_only_directory) = (true, true, true);
        let keys = Keys { has_token, has_key, lacks_only_directory, jira, org, accounts };
        let works = [true, true, false, false, true];
        assert_eq!(LINES.map(|need| keys.need(need).0 == Can::Yes), works);
    }
}
