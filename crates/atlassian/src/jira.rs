//! Jira's calls with an API token.
//!
//! Errors of all calls: 401 is [`Credential`](super::CallErrorKind::Credential). For a call that the account may
//! not make, Jira returns a 403, or a 404 with the same words as for a missing object.

mod groups;
mod users;

pub use groups::{GROUPS_A_CALL, MEMBERS_A_PAGE, SUGGESTIONS};
pub use users::IDS_A_CALL;

use serde::Serialize;

use super::answer::Answer;
use super::client::{Call, Client};
use super::endpoint::Endpoint;
use super::error::{CallError, CallErrorKind};
use super::records::PersonRecord;
use super::wire::jira as wire;
use super::wire::path::Path;
use headcount_model::user::{AccountId, AccountStatus, AccountType};

/// Jira's calls, one method for each.
#[derive(Clone, Debug)]
pub struct Jira {
    client: Client,
}

impl Jira {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    fn person(
        &self,
        endpoint: Endpoint,
        answer: &Answer,
        user: wire::User,
    ) -> Result<PersonRecord, CallError> {
        let id = user.account_id.as_deref().and_then(|id| AccountId::parse(id).ok());
        let Some(id) = id else {
            let words = "its answer names a user without an account id";
            return Err(self.client.unfit(endpoint, answer, CallErrorKind::Odd, words));
        };
        Ok(PersonRecord {
            id,
            mail: filled(user.email_address),
            name: filled(user.display_name),
            status: user
                .active
                .map(|active| if active { AccountStatus::Active } else { AccountStatus::Inactive }),
            managed: None,
            synced: None,
            org_admin: None,
            standing: None,
            account_type: user.account_type.as_deref().and_then(AccountType::read),
        })
    }

    fn people(
        &self,
        endpoint: Endpoint,
        answer: &Answer,
        users: Vec<wire::User>,
    ) -> Result<Vec<PersonRecord>, CallError> {
        users.into_iter().map(|user| self.person(endpoint, answer, user)).collect()
    }
}

/// Hidden fields may be absent, `null` or empty.
fn filled(text: Option<String>) -> Option<Box<str>> {
    text.filter(|text| !text.is_empty()).map(Into::into)
}

fn get(endpoint: Endpoint, path: Path) -> Call {
    Call { endpoint, path: path.into_string(), body: None }
}

fn with_body(endpoint: Endpoint, path: Path, body: &impl Serialize) -> Result<Call, CallError> {
    match serde_json::to_vec(body) {
        Ok(body) => Ok(Call { endpoint, path: path.into_string(), body: Some(body.into()) }),
        Err(error) => Err(CallError::unsendable(endpoint, &error)),
    }
}

fn start(endpoint: Endpoint) -> Path {
    Path::new(endpoint.path())
}
