//! Decides whether a failed read concerns only its subject, or the whole site.

use super::Site;
use super::endpoint::Host;
use super::error::{CallError, CallErrorKind};

impl Site {
    /// Whether a read fails only for its subject: for this one user or group, the site answers each time with an
    /// error or with something that cannot be understood, and it still answers a question about the credential
    /// itself (`GET myself`, `GET v1/orgs`).
    ///
    /// `false` for a refused credential, a refusal for rate, a wait that is too long, and a site that cannot be
    /// reached.
    pub async fn fails_for_this_alone(&self, error: &CallError) -> bool {
        let kind = &error.kind;
        if !matches!(
            kind,
            CallErrorKind::Server
                | CallErrorKind::Lost
                | CallErrorKind::Timeout
                | CallErrorKind::Odd
        ) {
            return false;
        }
        if error.retry_after.is_some_and(|wait| !self.limits.bears(wait)) {
            return false;
        }
        match (error.endpoint.host(), &self.jira, &self.admin) {
            (Host::Jira, Some(jira), _) => jira.myself().await.is_ok(),
            (Host::Admin, _, Some(admin)) => match admin.orgs().await {
                Ok(_) => true,
                // A key with few scopes may not be allowed to list organizations; but the site has answered it.
                Err(error) => matches!(error.kind, CallErrorKind::Forbidden { .. }),
            },
            (Host::Scim, ..) => match &self.scim {
                Some(scim) => scim.check().await.is_ok(),
                None => false,
            },
            (Host::Jira | Host::Admin, ..) => false,
        }
    }
}
