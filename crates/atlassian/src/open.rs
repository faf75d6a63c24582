//! Opens a site: checked access and a transport become the clients of a run.

use std::sync::Arc;

use http::HeaderValue;

use super::admin::Admin;
use super::client::{Client, Shared};
use super::endpoint::Endpoint;
use super::jira::Jira;
use super::limits::Limits;
use super::pace::Pacer;
use super::transport::Transport;
use crate::access::Access;
use headcount_model::clock::Clock;
use headcount_model::secret::{ExposeSecret, Redactor};
use headcount_model::step::StepKind;

/// A site: Jira, the organisation, or both, as the keys allow.
#[derive(Clone, Debug)]
pub struct Site {
    /// The site's own API, where there is an address and a token.
    pub jira: Option<Jira>,
    /// The admin APIs, where there is an organisation's key.
    pub admin: Option<Admin>,
    /// The pace of all calls.
    pub pacer: Pacer,
    /// Knows every key; for texts of other origin that might hold one.
    pub redactor: Redactor,
    /// The site as plan, report and every question name it.
    pub name: String,
}

/// Why a site cannot be opened. No variant shows a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A key that no header can hold.
    #[error("the {0} holds a line break or another character that no key has; copy it anew")]
    BadKey(&'static str),
}

impl Site {
    /// Opens it. Nothing is sent yet.
    pub fn open(
        access: &Access,
        transport: Transport,
        limits: Limits,
        pacer: Pacer,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let redactor = access.redactor();
        let shared = Arc::new(Shared {
            transport,
            pacer: pacer.clone(),
            limits,
            clock,
            redactor: redactor.clone(),
        });
        let jira = match (&access.cloud_url, &access.jira) {
            (Some(url), Some(key)) => {
                let credential = credential("Basic", key.basic().expose_secret())
                    .ok_or(OpenError::BadKey("API token"))?;
                Some(Jira::new(Client::new(url.clone(), credential, shared.clone())))
            }
            _ => None,
        };
        let admin = match &access.org {
            Some(org) => {
                let credential = credential("Bearer", org.key.expose_secret().trim())
                    .ok_or(OpenError::BadKey("organisation API key"))?;
                let client = Client::new(access.admin_url.clone(), credential, shared);
                Some(Admin::new(client, org.org_id.clone(), org.directory_id.clone()))
            }
            None => None,
        };
        Ok(Self { jira, admin, pacer, redactor, name: access.shown() })
    }
}

impl Site {
    /// The call that performs a step, by the keys that are there.
    ///
    /// Memberships and removals go by Jira where its key is there: it changes the site that is meant
    /// and nothing beside. A group is made in the directory where that is known, for Jira's call
    /// takes no description.
    pub fn endpoint(&self, kind: StepKind) -> Endpoint {
        let by_jira = self.jira.is_some();
        let in_directory = self.admin.as_ref().is_some_and(Admin::knows_home);
        match kind {
            StepKind::CreateUser => Endpoint::JiraCreateUser,
            StepKind::InviteUser => Endpoint::AdminInvite,
            StepKind::RemoveUser if by_jira => Endpoint::JiraRemoveUser,
            StepKind::RemoveUser => Endpoint::AdminRemoveUser,
            StepKind::AddMember if by_jira => Endpoint::JiraAddMember,
            StepKind::AddMember => Endpoint::AdminAddMember,
            StepKind::RemoveMember if by_jira => Endpoint::JiraRemoveMember,
            StepKind::RemoveMember => Endpoint::AdminRemoveMember,
            StepKind::Deactivate => Endpoint::AdminDeactivate,
            StepKind::Activate => Endpoint::AdminActivate,
            StepKind::Suspend => Endpoint::AdminSuspend,
            StepKind::Restore => Endpoint::AdminRestore,
            StepKind::CreateGroup if in_directory || !by_jira => Endpoint::AdminCreateGroup,
            StepKind::CreateGroup => Endpoint::JiraCreateGroup,
            StepKind::RemoveGroup if in_directory || !by_jira => Endpoint::AdminRemoveGroup,
            StepKind::RemoveGroup => Endpoint::JiraRemoveGroup,
        }
    }
}

fn credential(scheme: &str, key: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{scheme} {key}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}
