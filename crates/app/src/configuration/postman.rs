//! Reads a profile's settings and credentials from environments that Postman exported.
//!
//! Two kinds are known, by the names of their variables (knowledge base, “Set up Postman for bulk
//! user management”, 1295679983, and “… with Organization API Key”, 1388159381):
//!
//! | variable | setting |
//! | --- | --- |
//! | `cloudUrl` | `cloud_url` |
//! | `apiTokenEmailAddress`, in older ones `emailAddress` | `email` |
//! | `apiToken` | the API token |
//! | `organizationId` | `org_id` |
//! | `orgApiKey` | the organization API key |
//!
//! The form is `{"name", "values": [{"key", "value", "enabled"}]}`. Postman exports a secret with an empty value unless
//! the user chose to share it. A disabled variable counts as absent. If several have the same name, the last one
//! counts, as in Postman.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::config::Profile;
use headcount_atlassian::place::KeyKind;
use headcount_model::secret::SecretString;

/// The settings and credentials in an environment.
#[derive(Clone, Debug, Default)]
pub struct PostmanEnvironment {
    /// Its own name.
    pub name: String,
    /// Address, email and organization.
    pub settings: Profile,
    /// The API token, if it has a value.
    pub api_token: Option<SecretString>,
    /// The organization API key, if it has a value.
    pub org_api_key: Option<SecretString>,
    /// Credentials whose variable is empty or disabled.
    pub empty: Vec<KeyKind>,
}

/// Why a file is not an environment. No variant repeats a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostmanError {
    /// The file is not JSON.
    #[error("it is not JSON (line {0})")]
    NotJson(usize),
    /// A collection of requests.
    #[error("it is a collection, not an environment; export the environment instead")]
    Collection,
    /// JSON of another form.
    #[error("it is not a Postman environment: {0}")]
    Shape(&'static str),
    /// The environment has no variable for a profile.
    #[error("it has none of the variables cloudUrl, apiTokenEmailAddress, apiToken, orgApiKey")]
    Nothing,
}

#[derive(Deserialize)]
struct Variable {
    key: String,
    #[serde(default)]
    value: Value,
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

impl PostmanEnvironment {
    /// Reads an exported file.
    pub fn parse(text: &str) -> Result<Self, PostmanError> {
        let text = text.trim_start_matches('\u{feff}');
        let file: Value =
            serde_json::from_str(text).map_err(|error| PostmanError::NotJson(error.line()))?;
        if file.get("item").is_some() || file.get("info").is_some() {
            return Err(PostmanError::Collection);
        }
        let values = file.get("values").ok_or(PostmanError::Shape("it has no list of values"))?;
        let values = Vec::<Variable>::deserialize(values)
            .map_err(|_| PostmanError::Shape("its values are not key and value"))?;
        Self::of(file["name"].as_str().unwrap_or_default(), values)
    }

    fn of(name: &str, values: Vec<Variable>) -> Result<Self, PostmanError> {
        let mut filled: BTreeMap<String, String> = BTreeMap::new();
        let mut named: Vec<String> = Vec::new();
        for variable in values {
            let key = variable.key.trim().to_ascii_lowercase();
            let value = match &variable.value {
                Value::String(text) => text.trim().to_owned(),
                Value::Number(number) => number.to_string(),
                _ => String::new(),
            };
            named.push(key.clone());
            // A variable that refers to another one has no value.
            if variable.enabled && !value.is_empty() && !value.contains("{{") {
                filled.insert(key, value);
            }
        }
        let take = |key: &str| filled.get(&key.to_ascii_lowercase()).cloned();
        let found = Self {
            name: name.to_owned(),
            settings: Profile {
                cloud_url: take("cloudUrl"),
                email: take("apiTokenEmailAddress").or_else(|| take("emailAddress")),
                org_id: take("organizationId"),
                ..Profile::default()
            },
            api_token: take("apiToken").map(Into::into),
            org_api_key: take("orgApiKey").map(Into::into),
            empty: Vec::new(),
        };
        let is_empty = |key: &str| {
            let key = key.to_ascii_lowercase();
            named.contains(&key) && !filled.contains_key(&key)
        };
        let keys = [("apiToken", KeyKind::ApiToken), ("orgApiKey", KeyKind::OrgApiKey)];
        let empty: Vec<_> =
            keys.iter().filter(|(name, _)| is_empty(name)).map(|(_, kind)| *kind).collect();
        let nothing = found.settings == Profile::default()
            && found.api_token.is_none()
            && found.org_api_key.is_none();
        if nothing && empty.is_empty() {
            return Err(PostmanError::Nothing);
        }
        Ok(Self { empty, ..found })
    }

    /// Whether it contains a credential.
    pub fn holds_a_key(&self) -> bool {
        self.api_token.is_some() || self.org_api_key.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use headcount_model::secret::ExposeSecret;

    fn parse(values: &Value) -> Result<PostmanEnvironment, PostmanError> {
        let file = json!({"id": "1", "name": "Atlassian Cloud", "values": values,
            "_postman_variable_scope": "environment"});
        PostmanEnvironment::parse(&file.to_string())
    }

    #[test]
    fn both_kinds_are_understood() {
        let first = parse(&json!([
            {"key": "cloudUrl", "value": "https://acme.atlassian.net", "type": "default", "enabled": true},
            {"key": "emailAddress", "value": "old@acme.com", "enabled": true},
            {"key": "apiTokenEmailAddress", "value": "ada@acme.com ", "enabled": true},
            {"key": "apiToken", "value": "tok", "type": "secret", "enabled": true},
        ]))
        .unwrap();
        assert_eq!(first.settings.email.as_deref(), Some("ada@acme.com"));
        assert_eq!(first.api_token.as_ref().unwrap().expose_secret(), "tok");
        assert!(first.holds_a_key() && first.empty.is_empty());
        let second = parse(&json!([
            {"key": "cloudUrl", "value": "https://acme.atlassian.net"},
            {"key": "orgApiKey", "value": "", "type": "secret", "enabled": true},
            {"key": "organizationId", "value": "o-1", "enabled": true},
        ]))
        .unwrap();
        assert_eq!(second.settings.org_id.as_deref(), Some("o-1"));
        assert_eq!(second.empty, [KeyKind::OrgApiKey]);
        assert!(!second.holds_a_key());
    }

    #[test]
    fn what_is_switched_off_or_not_filled_in_counts_as_absent() {
        let found = parse(&json!([
            {"key": "cloudUrl", "value": "https://old.atlassian.net", "enabled": false},
            {"key": "cloudUrl", "value": "https://acme.atlassian.net", "enabled": true},
            {"key": "emailAddress", "value": "{{me}}", "enabled": true},
            {"key": "apiToken", "value": "tok", "enabled": false},
            {"key": "other", "value": 7},
        ]))
        .unwrap();
        assert_eq!(found.settings.cloud_url.as_deref(), Some("https://acme.atlassian.net"));
        assert_eq!(found.settings.email, None);
        assert_eq!(found.empty, [KeyKind::ApiToken]);
    }

    #[test]
    fn other_files_are_named() {
        let error = |text: &str| PostmanEnvironment::parse(text).unwrap_err();
        assert_eq!(error("cloudUrl,apiToken\n"), PostmanError::NotJson(1));
        assert_eq!(error("{\"info\":{},\"item\":[]}"), PostmanError::Collection);
        assert!(matches!(error("{\"name\":\"x\"}"), PostmanError::Shape(_)));
        assert!(matches!(error("{\"values\":[3]}"), PostmanError::Shape(_)));
        assert_eq!(error("{\"values\":[]}"), PostmanError::Nothing);
    }

    proptest! {
        #[test]
        fn no_file_panics_or_shows_a_value(text in ".{0,200}") {
            if let Err(error) = PostmanEnvironment::parse(&text) {
                prop_assert!(error.to_string().len() < 120);
            }
        }
    }
}
