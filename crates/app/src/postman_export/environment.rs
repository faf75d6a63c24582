//! The environment: addresses and ids of the plan, and credentials that the user fills in.

use headcount_model::door::{Credential, Door};
use headcount_people::requests::NOT_KNOWN;
use headcount_postman::export::{self, Auth, Kind, Variable};
use serde_json::Value;

use super::shape::{DIRECTORY, ORGANIZATION};

const SITE: &str = "cloudUrl";
const ADMIN: &str = "apiUrl";
const EMAIL: &str = "apiTokenEmailAddress";
const API_TOKEN: &str = "apiToken";
const ORG_API_KEY: &str = "orgApiKey";
const SCIM_API_KEY: &str = "scimApiKey";

/// The name of the built-in sandbox in a plan; its address changes with each start.
const SANDBOX: &str = headcount_journal::SANDBOX;

/// The variables of requests through some doors.
#[derive(Debug)]
pub(super) struct Environment(Vec<Variable>);

/// The variable with the address of a door's requests.
pub(super) fn host(door: &Door) -> &'static str {
    match door.credential() {
        Credential::ApiToken => "{{cloudUrl}}",
        Credential::OrgApiKey | Credential::ScimApiKey => "{{apiUrl}}",
    }
}

/// The authentication of a door's requests.
pub(super) fn auth(door: &Door) -> Auth {
    match door.credential() {
        Credential::ApiToken => {
            Auth::Basic { username: "{{apiTokenEmailAddress}}", password: "{{apiToken}}" }
        }
        Credential::OrgApiKey => Auth::Bearer { token: "{{orgApiKey}}" },
        Credential::ScimApiKey => Auth::Bearer { token: "{{scimApiKey}}" },
    }
}

impl Environment {
    pub(super) fn of(doors: &[std::sync::Arc<Door>]) -> Self {
        let mut variables: Vec<Variable> = Vec::new();
        for door in doors {
            for (name, value, kind) in variables_of(door) {
                if variables.iter().all(|known| known.name != name) {
                    let is_real = value != SANDBOX && value != NOT_KNOWN;
                    let value = if is_real { value } else { String::new() };
                    variables.push(Variable { name, value, kind });
                }
            }
        }
        Self(variables)
    }

    /// The variables that the user has to fill in.
    pub(super) fn empty(&self) -> Vec<&'static str> {
        self.0.iter().filter(|one| one.value.is_empty()).map(|one| one.name).collect()
    }

    pub(super) fn to_json(&self, name: &str) -> Value {
        export::environment(name, &self.0)
    }
}

/// The variables of a door. Credentials are never written.
fn variables_of(door: &Door) -> Vec<(&'static str, String, Kind)> {
    let organization = |address: &String, organization: &String| {
        vec![
            (ADMIN, address.clone(), Kind::Plain),
            (ORGANIZATION, organization.clone(), Kind::Plain),
            (ORG_API_KEY, String::new(), Kind::Secret),
        ]
    };
    match door {
        Door::Jira { site } => vec![
            (SITE, site.clone(), Kind::Plain),
            (EMAIL, String::new(), Kind::Plain),
            (API_TOKEN, String::new(), Kind::Secret),
        ],
        Door::Directory { address, organization: id, directory } => {
            let mut variables = organization(address, id);
            variables.insert(2, (DIRECTORY, directory.clone(), Kind::Plain));
            variables
        }
        Door::Invitations { address, organization: id } => organization(address, id),
        Door::Accounts { address, organization: id } => organization(address, id),
        Door::Provisioning { address, .. } => {
            vec![(ADMIN, address.clone(), Kind::Plain), (SCIM_API_KEY, String::new(), Kind::Secret)]
        }
    }
}
