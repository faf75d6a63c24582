//! Checks that the doors in a plan are those that its profile opens today.
//!
//! The same job uses another API as soon as a credential is added or removed, with another effect: Jira removes a
//! user from one site, the directory removes them with all their apps. So a run is applied, resumed and undone
//! only through the doors that its plan records.

use headcount_atlassian::access::Access;
use headcount_journal::{Journal, JournalError, Run, Way, WayQuery};
use headcount_model::door::{Api, Credential, Door, Doors};
use headcount_people::steps::{self, About, StepKind};

use crate::credentials::Keys;
use crate::failure::{Failure, USAGE};

/// Why a run is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To send its pending steps.
    Send,
    /// To undo its changes.
    Undo,
}

/// The doors that a run requires.
#[derive(Debug)]
pub struct Bound<'r> {
    run: &'r Run,
    purpose: Purpose,
    doors: Vec<(StepKind, Door)>,
}

impl<'r> Bound<'r> {
    /// The doors of the steps to send, or to undo. Every step must have a recorded door.
    pub fn of(journal: &Journal, run: &'r Run, purpose: Purpose) -> Result<Self, Failure> {
        let ways = match purpose {
            Purpose::Send => journal.ways(&run.id, WayQuery::Ahead)?,
            Purpose::Undo => journal.ways(&run.id, WayQuery::Taken)?,
        };
        let mut bound = Self { run, purpose, doors: Vec::new() };
        for Way { kind, door } in ways {
            let Some(door) = door else { return Err(bound.unrecorded()) };
            let kind = steps::read_kind(&kind).map_err(JournalError::from)?;
            bound.doors.push((kind, Door::clone(&door)));
        }
        Ok(bound)
    }

    /// Requires only the profile of a run.
    pub fn to_profile(run: &'r Run) -> Self {
        Self { run, purpose: Purpose::Undo, doors: Vec::new() }
    }

    /// The profile that the run was planned with.
    pub fn profile(&self) -> &'r str {
        &self.run.profile
    }

    /// The credential for one of the run's doors, if the profile no longer has it.
    pub(super) fn missing(&self, keys: &Keys) -> Option<Credential> {
        let is_missing = |credential: &Credential| match credential {
            Credential::ApiToken => keys.api_token.is_none(),
            Credential::OrgApiKey => keys.org_api_key.is_none(),
            Credential::ScimApiKey => keys.scim_api_key.is_none(),
        };
        self.doors.iter().map(|(_, door)| door.credential()).find(is_missing)
    }

    /// Checks that the credentials open the recorded doors, as far as is known without a request.
    pub fn check_credentials(&self, profile: &str, access: &Access) -> Result<(), Failure> {
        for (kind, door) in &self.doors {
            if !has(access, door.credential()) {
                return Err(self.without(profile, door));
            }
            // A run goes through the identity provider's directory alone, or not at all.
            let is_provisioning = |api| api == Api::Provisioning;
            let today = steps::of(*kind).api(|api| {
                is_provisioning(api) == is_provisioning(door.api()) && has(access, api.credential())
            });
            match today {
                Some(api) if api != door.api() && !may_be_closed(api, *kind) => {
                    return Err(self.through_another(profile, door, api));
                }
                Some(_) | None => {}
            }
        }
        Ok(())
    }

    /// Checks that the open doors are the recorded ones.
    pub fn check(&self, profile: &str, open: &Doors) -> Result<(), Failure> {
        for (kind, door) in &self.doors {
            match steps::door(open, *kind) {
                Ok(today) if **today == *door => {}
                Ok(today) if today.api() == door.api() => {
                    return Err(self.elsewhere(profile, door, today));
                }
                Ok(today) => return Err(self.through_another(profile, door, today.api())),
                Err(_) => return Err(self.without(profile, door)),
            }
        }
        Ok(())
    }

    fn unrecorded(&self) -> Failure {
        let message = format!(
            "run {} was planned by an earlier version of headcount, which did not record the API of \
             its changes; nothing was sent",
            self.run.id
        );
        self.failure(message, self.again())
    }

    fn without(&self, profile: &str, door: &Door) -> Failure {
        let credential = door.credential();
        let message = format!(
            "run {} was planned for {door}, which needs {}, but the profile “{profile}” has none now; \
             nothing was sent",
            self.run.id,
            credential.with_article()
        );
        let back = match credential {
            Credential::ApiToken => {
                "set HEADCOUNT_API_TOKEN (with HEADCOUNT_CLOUD_URL and HEADCOUNT_EMAIL), or give the \
                 profile its API token again"
            }
            Credential::OrgApiKey => {
                "set HEADCOUNT_ORG_API_KEY, or give the profile its organization API key again"
            }
            Credential::ScimApiKey => {
                "set HEADCOUNT_SCIM_API_KEY (with HEADCOUNT_SCIM_DIRECTORY_ID), or give the profile its \
                 SCIM API key again"
            }
        };
        self.failure(message, format!("{back}; or {}", self.again()))
    }

    fn through_another(&self, profile: &str, door: &Door, today: Api) -> Failure {
        let credential = today.credential();
        let message = format!(
            "run {} was planned for {door}; the profile “{profile}” now also has {}, and the changes \
             would go through {}; nothing was sent",
            self.run.id,
            credential.with_article(),
            name(today)
        );
        let variable = match credential {
            Credential::ApiToken => "HEADCOUNT_API_TOKEN",
            Credential::OrgApiKey => "HEADCOUNT_ORG_API_KEY",
            Credential::ScimApiKey => "HEADCOUNT_SCIM_API_KEY",
        };
        let hint = format!(
            "run the command without the {credential} (unset {variable}, or remove it from the \
             profile); or {}",
            self.again()
        );
        self.failure(message, hint)
    }

    fn elsewhere(&self, profile: &str, door: &Door, today: &Door) -> Failure {
        let message = format!(
            "run {} was planned for {door}, but the profile “{profile}” is for {today}; nothing was \
             sent",
            self.run.id
        );
        let hint = format!("name the profile of {door} with --profile; or {}", self.again());
        self.failure(message, hint)
    }

    /// What to do instead.
    fn again(&self) -> String {
        let Run { id, job, .. } = self.run;
        match (self.purpose, &self.run.undoes) {
            (Purpose::Undo, _) => {
                format!(
                    "undo the changes by hand: `headcount run report {id}` lists what it changed"
                )
            }
            (Purpose::Send, Some(undone)) => {
                format!("plan the undo again: headcount run undo {undone}")
            }
            (Purpose::Send, None) => format!("plan the job again: headcount {job} FILE"),
        }
    }

    fn failure(&self, message: String, hint: String) -> Failure {
        Failure::new(USAGE, message).hint(hint).of_run(self.run)
    }
}

fn has(access: &Access, credential: Credential) -> bool {
    match credential {
        Credential::ApiToken => access.cloud_url.is_some() && access.jira.is_some(),
        Credential::OrgApiKey => access.org.is_some(),
        Credential::ScimApiKey => access.scim.is_some(),
    }
}

/// Whether the API may be closed for this kind of step: older user management has no calls for groups, and only a
/// request shows that.
fn may_be_closed(api: Api, kind: StepKind) -> bool {
    api == Api::Directory && steps::of(kind).about == About::Group
}

fn name(api: Api) -> &'static str {
    match api {
        Api::Jira => "Jira",
        Api::Directory => "the organization's directory",
        Api::Invitations => "the organization's invitations",
        Api::Accounts => "the organization's managed accounts",
        Api::Provisioning => "the identity provider's directory",
    }
}
