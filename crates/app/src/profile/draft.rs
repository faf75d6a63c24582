//! A profile that is being created or changed: its settings, its credentials, and the check of both.

use crate::configuration::choose::SANDBOX;
use crate::configuration::config::Profile;
use headcount_atlassian::Limits;
use headcount_atlassian::access::{Access, Address, JiraKey, OrgKey, ScimKey, Setting};
use headcount_atlassian::place::{KeyKind, KeyPlace};
use headcount_atlassian::transport::Transport;
use headcount_model::secret::SecretString;
use headcount_model::user::Product;
use headcount_people::check::{CheckUp, KeyReport, Standing, check};

use crate::context::Context;
use crate::credentials::{self, Ring};
use crate::failure::{CREDENTIAL, Failure, UNREACHABLE, USAGE};
use crate::hint::Hint;

/// A profile that is being created or changed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Its settings.
    pub profile: Profile,
    /// Its API token.
    pub api_token: Key,
    /// Its organization API key.
    pub org_api_key: Key,
    /// The key of its identity provider's directory.
    pub scim_api_key: Key,
}

/// A credential of the profile.
#[derive(Clone, Debug, Default)]
pub enum Key {
    /// There is no credential.
    #[default]
    None,
    /// A new one, to be stored in the keyring.
    New(SecretString),
    /// From the environment or an imported file, where it stays; it is stored in the keyring if there is one.
    Elsewhere(SecretString),
    /// Printed by the profile's command; it is stored nowhere.
    Printed(SecretString),
    /// Already in the keyring.
    Kept(SecretString),
    /// The keyring did not show whether it has one, so it stays unchanged.
    Unread,
}

impl Key {
    /// The credential's value.
    pub fn value(&self) -> Option<&SecretString> {
        match self {
            Self::None | Self::Unread => None,
            Self::New(key) | Self::Elsewhere(key) | Self::Printed(key) | Self::Kept(key) => {
                Some(key)
            }
        }
    }
}

impl Draft {
    /// Starts with the settings of the existing profile, else with none. An existing profile's name is always
    /// valid.
    pub fn new(name: &str, old: Option<&Profile>) -> Result<Self, Failure> {
        if old.is_none() {
            check_name(name)?;
        }
        let profile = old.cloned().unwrap_or_default();
        Ok(Self { name: name.into(), profile, ..Self::empty() })
    }

    /// A draft without a name and settings.
    pub fn empty() -> Self {
        Self {
            name: String::new(),
            profile: Profile::default(),
            api_token: Key::None,
            org_api_key: Key::None,
            scim_api_key: Key::None,
        }
    }

    /// A credential.
    pub fn key(&self, kind: KeyKind) -> &Key {
        match kind {
            KeyKind::ApiToken => &self.api_token,
            KeyKind::OrgApiKey => &self.org_api_key,
            KeyKind::ScimApiKey => &self.scim_api_key,
        }
    }

    /// Sets a credential.
    pub fn set(&mut self, kind: KeyKind, key: Key) {
        match kind {
            KeyKind::ApiToken => self.api_token = key,
            KeyKind::OrgApiKey => self.org_api_key = key,
            KeyKind::ScimApiKey => self.scim_api_key = key,
        }
    }

    /// The profile's command for a credential.
    pub fn command(&mut self, kind: KeyKind) -> &mut Option<String> {
        match kind {
            KeyKind::ApiToken => &mut self.profile.api_token_command,
            KeyKind::OrgApiKey => &mut self.profile.org_api_key_command,
            KeyKind::ScimApiKey => &mut self.profile.scim_api_key_command,
        }
    }

    /// Reads the profile's existing credentials, unless new ones were given.
    pub fn fetch(&mut self, ring: Option<&Ring>) -> Result<(), Failure> {
        for kind in [KeyKind::ApiToken, KeyKind::OrgApiKey, KeyKind::ScimApiKey] {
            if self.key(kind).value().is_none() {
                self.fetch_one(kind, ring)?;
            }
        }
        Ok(())
    }

    /// Reads an existing credential from the profile's command or the keyring.
    pub fn fetch_one(&mut self, kind: KeyKind, ring: Option<&Ring>) -> Result<(), Failure> {
        let key = match (self.command(kind).clone(), ring, place(self, kind)?) {
            (Some(command), _, _) => Key::Printed(credentials::of_command(kind, &command)?),
            (None, Some(ring), Some(place)) => {
                ring.get(&place).map_or(Key::Unread, |key| key.map_or(Key::None, Key::Kept))
            }
            _ => Key::None,
        };
        self.set(kind, key);
        Ok(())
    }

    /// The access with these settings. An invalid address is an error.
    pub fn access(&self) -> Result<Access, Failure> {
        let mut access = Access::none();
        let parse = |setting, text: &Option<String>| {
            text.as_deref().map(|text| Address::parse(setting, text)).transpose()
        };
        access.cloud_url = parse(Setting::CloudUrl, &self.profile.cloud_url)?;
        if let Some(url) = parse(Setting::AdminUrl, &self.profile.admin_url)? {
            access.admin_url = url;
        }
        access.jira = self
            .profile
            .email
            .clone()
            .zip(self.api_token.value().cloned())
            .map(|(email, token)| JiraKey { email, token });
        access.org = self.org_api_key.value().cloned().map(|key| OrgKey {
            key,
            org_id: self.profile.org_id.clone(),
            directory_id: self.profile.directory_id.clone(),
        });
        let directory = self.profile.scim_directory_id.clone();
        access.scim = self
            .scim_api_key
            .value()
            .cloned()
            .zip(directory)
            .map(|(key, directory_id)| ScimKey { key, directory_id });
        Ok(access)
    }

    /// Checks its credentials.
    pub async fn check(&self, context: &Context) -> Result<CheckUp, Failure> {
        try_keys(&self.access()?, context).await
    }
}

/// Checks the credentials of an access.
pub async fn try_keys(access: &Access, context: &Context) -> Result<CheckUp, Failure> {
    let transport = Transport::network(&Limits::default(), context.proxies()?);
    Ok(check(access, transport, context.clock.now()).await)
}

/// The keyring entry of a credential; `None` if the profile has no address for it.
pub fn place(draft: &Draft, kind: KeyKind) -> Result<Option<KeyPlace>, Failure> {
    let access = draft.access()?;
    let address = match kind {
        KeyKind::ApiToken => access.cloud_url.filter(|_| draft.profile.email.is_some()),
        KeyKind::OrgApiKey => Some(access.admin_url),
        KeyKind::ScimApiKey => {
            Some(access.admin_url).filter(|_| draft.profile.scim_directory_id.is_some())
        }
    };
    Ok(address.map(|address| KeyPlace { kind, profile: draft.name.clone(), address }))
}

/// The failure for the first credential that is not accepted.
pub fn failure_of(found: &CheckUp) -> Option<Failure> {
    let bad = found.reports().find(|report| report.standing != Standing::Accepted)?;
    Some(Failure::new(exit_of(bad), sentence_of(bad)))
}

fn sentence_of(report: &KeyReport) -> String {
    let kind = report.kind;
    let address = &report.address;
    match report.standing {
        Standing::Accepted => format!("the {kind} is accepted by {address}"),
        Standing::Undecided if report.lacks_directory() => {
            "the profile does not name the organization's directory".into()
        }
        Standing::Undecided => "the profile does not name the key's organization".into(),
        Standing::Refused => format!("the {kind} is not accepted by {address}"),
        Standing::WrongAddress => {
            format!("the {kind} could not be checked: {address} is not the right address")
        }
        Standing::Unreachable => format!("the {kind} could not be checked at {address}"),
    }
}

fn exit_of(report: &KeyReport) -> u8 {
    match report.standing {
        Standing::Accepted => crate::failure::OK,
        Standing::Refused => CREDENTIAL,
        Standing::Unreachable => UNREACHABLE,
        Standing::Undecided | Standing::WrongAddress => USAGE,
    }
}

/// Refuses a name that is hard to type or has another meaning.
fn check_name(name: &str) -> Result<(), Failure> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let typed = name.chars().count() <= 64 && name.chars().all(plain);
    if name == SANDBOX {
        return Err(Failure::new(USAGE, "“sandbox” is the built-in profile").hint(Hint::UseSandbox));
    }
    if !typed || !name.starts_with(char::is_alphanumeric) {
        let shown: String = name.chars().take(80).collect();
        return Err(Failure::new(USAGE, format!("“{shown}” is not a valid name for a profile"))
            .hint("use letters, digits, - _ and ., such as acme or acme-test"));
    }
    Ok(())
}

/// The apps in a list; all of them must be known.
pub fn check_products(list: &[String]) -> Result<(), Failure> {
    match list.iter().find(|word| Product::from_key(word).is_none()) {
        Some(word) => {
            let all: Vec<_> = Product::ALL.iter().map(|product| product.key()).collect();
            Err(Failure::new(USAGE, format!("there is no product “{word}”"))
                .hint(format!("the products are {}", all.join(", "))))
        }
        None => Ok(()),
    }
}
