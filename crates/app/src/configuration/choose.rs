//! Chooses the site and its credentials. This module is pure and never guesses.
//!
//! The environment has precedence over the file. Credentials belong to an address: if the environment names
//! another site than the profile, the profile's credentials are not sent there.
//!
//! Only a read of the keyring shows whether it has a credential. So the choice is checked twice for completeness:
//! here, where the keyring may have every credential, and in [`Chosen::access`], after it was read.

use super::approval::Approval;
use super::config::{Config, Profile};
use headcount_atlassian::access::{
    ADMIN_URL, Access, Address, AddressError, JiraKey, OrgKey, ScimKey, Setting,
};
use headcount_atlassian::place::{KeyKind, KeyPlace};
use headcount_model::protected::Protected;
use headcount_model::secret::SecretString;
use headcount_model::user::Product;

pub use headcount_journal::SANDBOX;

/// The profile name of a run whose site comes only from the environment.
pub const ENVIRONMENT: &str = "environment";

/// The environment variables `HEADCOUNT_…`. The binary reads them in one place.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `HEADCOUNT_PROFILE`.
    pub profile: Option<String>,
    /// `HEADCOUNT_CLOUD_URL`.
    pub cloud_url: Option<String>,
    /// `HEADCOUNT_ADMIN_URL`.
    pub admin_url: Option<String>,
    /// `HEADCOUNT_EMAIL`.
    pub email: Option<String>,
    /// `HEADCOUNT_API_TOKEN`.
    pub api_token: Option<SecretString>,
    /// `HEADCOUNT_ORG_ID`.
    pub org_id: Option<String>,
    /// `HEADCOUNT_DIRECTORY_ID`.
    pub directory_id: Option<String>,
    /// `HEADCOUNT_ORG_API_KEY`.
    pub org_api_key: Option<SecretString>,
    /// `HEADCOUNT_SCIM_DIRECTORY_ID`.
    pub scim_directory_id: Option<String>,
    /// `HEADCOUNT_SCIM_API_KEY`.
    pub scim_api_key: Option<SecretString>,
}

impl Environment {
    fn names_a_site(&self) -> bool {
        self.cloud_url.is_some()
            || self.admin_url.is_some()
            || self.email.is_some()
            || self.api_token.is_some()
            || self.org_id.is_some()
            || self.org_api_key.is_some()
    }
}

/// The source of a credential: the first of these that exists.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// The value itself, from the environment.
    Value(SecretString),
    /// A command of the profile that prints it.
    Command(String),
    /// This entry of the operating system's keyring, if it exists.
    Keyring(KeyPlace),
}

/// The chosen site, before commands are run and the keyring is read.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The profile's name.
    pub name: String,
    /// Whether this is the built-in sandbox; then no other field counts.
    pub is_sandbox: bool,
    /// The site's address.
    pub cloud_url: Option<Address>,
    /// The address of the admin APIs.
    pub admin_url: Option<Address>,
    /// The account's email address.
    pub email: Option<String>,
    /// The API token.
    pub api_token: Option<KeySource>,
    /// The organization.
    pub org_id: Option<String>,
    /// The directory.
    pub directory_id: Option<String>,
    /// The organization's API key.
    pub org_api_key: Option<KeySource>,
    /// The identity provider's directory.
    pub scim_directory_id: Option<String>,
    /// Its key; only if the directory is named.
    pub scim_api_key: Option<KeySource>,
    /// Apps of new users whose row names none.
    pub default_products: Option<Vec<Product>>,
    /// The protected users and groups.
    pub protected: Protected,
    /// Which plans need approval.
    pub approval: Option<Approval>,
    /// The most open requests.
    pub concurrency: Option<u32>,
    /// The most requests per second.
    pub rate: Option<f64>,
}

/// Why no site could be chosen. Each variant's hint says how to choose one.
#[derive(Debug, thiserror::Error)]
pub enum ChooseError {
    /// Nothing names a site.
    #[error("no site is named: there is no profile and no HEADCOUNT_… variable")]
    Nothing,
    /// There are several profiles, and none is the default.
    #[error("no site is named: of the profiles {names}, none is the default")]
    NoDefault {
        /// Their names.
        names: String,
    },
    /// No profile has this name.
    #[error("there is no profile “{name}”{known}")]
    NoSuchProfile {
        /// The requested name.
        name: String,
        /// The existing names, as the end of the sentence.
        known: String,
    },
    /// The environment and the profile name only a part of a site.
    #[error("the site is incomplete: there is {have}, but not {missing}")]
    Half {
        /// What is configured.
        have: String,
        /// What is missing.
        missing: String,
    },
    /// The environment names another site than the profile, but no credentials for it.
    #[error(
        "HEADCOUNT_CLOUD_URL or HEADCOUNT_ADMIN_URL names a different address than the profile “{profile}”; headcount does not send the credentials of that profile there"
    )]
    OtherSite {
        /// The profile.
        profile: String,
    },
    /// An invalid address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// An unknown app.
    #[error("default_products of the profile “{profile}”: there is no product “{product}”")]
    Product {
        /// The profile.
        profile: String,
        /// The configured app.
        product: String,
    },
}

impl ChooseError {
    /// What to do next.
    pub fn hint(&self) -> String {
        let ways = "name one with --profile NAME, or set HEADCOUNT_CLOUD_URL, HEADCOUNT_EMAIL and \
                    HEADCOUNT_API_TOKEN (and HEADCOUNT_ORG_API_KEY for deactivating); to try \
                    everything without a site: --profile sandbox";
        match self {
            Self::Half { .. } => {
                "name the rest too, or unset all HEADCOUNT_… variables and use --profile NAME"
                    .into()
            }
            Self::OtherSite { .. } => {
                "set that site's credentials in the environment too, or unset the address".into()
            }
            Self::Address(_) | Self::Product { .. } => "correct it and try again".into(),
            Self::NoDefault { .. } => {
                format!("{ways}; `default = \"NAME\"` in the profiles file sets the default")
            }
            _ => ways.into(),
        }
    }
}

/// Chooses the site in this order: `--profile`, `HEADCOUNT_PROFILE`, the file's default or its only profile. The
/// other environment variables override its settings. If they name another site, and no profile was named, only
/// the environment is used.
pub fn choose(
    named: Option<&str>,
    env: &Environment,
    config: &Config,
) -> Result<Chosen, ChooseError> {
    let named = named.or(env.profile.as_deref());
    if named == Some(SANDBOX) && !config.profiles.contains_key(SANDBOX) {
        return Ok(sandbox());
    }
    let (name, profile) = match named {
        Some(name) => (name, find(name, config)?),
        None => unnamed(env, config)?,
    };
    let chosen = overlay(name, profile, env)?;
    whole(&chosen, chosen.api_token.is_some(), chosen.org_api_key.is_some())?;
    Ok(chosen)
}

fn unnamed<'a>(env: &Environment, config: &'a Config) -> Result<(&'a str, Profile), ChooseError> {
    let only = config.profiles.keys().next().filter(|_| config.profiles.len() == 1);
    let usual = match config.default.as_ref().or(only) {
        Some(name) => Some((name.as_str(), find(name, config)?)),
        None => None,
    };
    match usual {
        Some((name, profile)) if !elsewhere(env, &profile)?.any() => Ok((name, profile)),
        _ if env.names_a_site() => Ok((ENVIRONMENT, Profile::default())),
        None if !config.profiles.is_empty() => {
            let names: Vec<_> = config.profiles.keys().map(String::as_str).collect();
            Err(ChooseError::NoDefault { names: names.join(", ") })
        }
        _ => Err(ChooseError::Nothing),
    }
}

/// Whether the environment names other addresses than the profile.
#[derive(Clone, Copy, Debug)]
struct Elsewhere {
    site: bool,
    admin: bool,
}

impl Elsewhere {
    fn any(self) -> bool {
        self.site || self.admin
    }
}

fn elsewhere(env: &Environment, profile: &Profile) -> Result<Elsewhere, AddressError> {
    let differs = |setting, env: &Option<String>, file: Option<&str>| {
        let parse = |text: &str| Address::parse(setting, text);
        match (env.as_deref().map(parse).transpose()?, file.map(parse).transpose()?) {
            (Some(env), file) => Ok::<_, AddressError>(file != Some(env)),
            (None, _) => Ok(false),
        }
    };
    let admin_url = profile.admin_url.as_deref().unwrap_or(ADMIN_URL);
    Ok(Elsewhere {
        site: differs(Setting::CloudUrl, &env.cloud_url, profile.cloud_url.as_deref())?,
        admin: differs(Setting::AdminUrl, &env.admin_url, Some(admin_url))?,
    })
}

fn find(name: &str, config: &Config) -> Result<Profile, ChooseError> {
    config.profiles.get(name).cloned().ok_or_else(|| {
        let names: Vec<_> = config.profiles.keys().map(String::as_str).collect();
        let known = match names.as_slice() {
            [] => "; there are none yet".to_owned(),
            names => format!("; the profiles are {}", names.join(", ")),
        };
        ChooseError::NoSuchProfile { name: name.to_owned(), known }
    })
}

fn sandbox() -> Chosen {
    Chosen {
        name: SANDBOX.into(),
        is_sandbox: true,
        cloud_url: None,
        admin_url: None,
        email: None,
        api_token: None,
        org_id: None,
        directory_id: None,
        org_api_key: None,
        scim_directory_id: None,
        scim_api_key: None,
        default_products: None,
        protected: Protected::default(),
        approval: None,
        concurrency: None,
        rate: None,
    }
}

fn overlay(name: &str, profile: Profile, env: &Environment) -> Result<Chosen, ChooseError> {
    // Without a profile, there are no credentials that could be sent to a wrong address.
    let nowhere = Elsewhere { site: false, admin: false };
    let elsewhere = if name == ENVIRONMENT { nowhere } else { elsewhere(env, &profile)? };
    // An organization belongs to its site. On another site, the profile's organization would have the wrong users.
    let other_org = elsewhere.any();
    let key = |here: &Option<SecretString>, command: &Option<String>, elsewhere: bool| {
        let command = command.clone().filter(|_| !elsewhere).map(KeySource::Command);
        here.clone().map(KeySource::Value).or(command)
    };
    let api_token = key(&env.api_token, &profile.api_token_command, elsewhere.site);
    let org_api_key = key(&env.org_api_key, &profile.org_api_key_command, other_org);
    // If only the environment is used, an error names the missing variable.
    if name != ENVIRONMENT && elsewhere.any() && api_token.is_none() && org_api_key.is_none() {
        return Err(ChooseError::OtherSite { profile: name.to_owned() });
    }
    let of_org =
        |here: &Option<String>, file: Option<String>| here.clone().or(file.filter(|_| !other_org));
    let cloud_url = address(Setting::CloudUrl, &env.cloud_url, &profile.cloud_url)?;
    let admin_url = address(Setting::AdminUrl, &env.admin_url, &profile.admin_url)?;
    // White space around an address is not part of it.
    let email = env.email.clone().or(profile.email).map(|email| email.trim().to_owned());
    // The keyring is the last source, and only for the profile's own addresses.
    let kept = |kind, address: Option<&Address>, elsewhere: bool| {
        let address = address.filter(|_| name != ENVIRONMENT && !elsewhere)?.clone();
        Some(KeySource::Keyring(KeyPlace { kind, profile: name.to_owned(), address }))
    };
    let api_token = api_token.or_else(|| {
        let address = cloud_url.as_ref().filter(|_| email.is_some());
        kept(KeyKind::ApiToken, address, elsewhere.site)
    });
    let usual = Access::none().admin_url;
    let at = Some(admin_url.as_ref().unwrap_or(&usual));
    let org_api_key = org_api_key.or_else(|| kept(KeyKind::OrgApiKey, at, other_org));
    let scim_directory_id = of_org(&env.scim_directory_id, profile.scim_directory_id);
    let scim_api_key = key(&env.scim_api_key, &profile.scim_api_key_command, other_org);
    let scim_api_key = scim_api_key.or_else(|| kept(KeyKind::ScimApiKey, at, other_org));
    // Without its directory, the key opens nothing, so no keyring is asked for it.
    let scim_api_key = scim_api_key.filter(|_| scim_directory_id.is_some());
    let products =
        profile.default_products.as_ref().map(|list| products(name, list)).transpose()?;
    Ok(Chosen {
        name: name.to_owned(),
        is_sandbox: false,
        cloud_url,
        admin_url,
        email,
        api_token,
        org_id: of_org(&env.org_id, profile.org_id),
        directory_id: of_org(&env.directory_id, profile.directory_id),
        org_api_key,
        scim_directory_id,
        scim_api_key,
        default_products: products,
        protected: Protected::new(profile.protected),
        approval: profile.approval,
        concurrency: profile.concurrency,
        rate: profile.rate,
    })
}

fn address(
    setting: Setting,
    env: &Option<String>,
    file: &Option<String>,
) -> Result<Option<Address>, AddressError> {
    env.as_ref().or(file.as_ref()).map(|text| Address::parse(setting, text)).transpose()
}

fn products(profile: &str, list: &[String]) -> Result<Vec<Product>, ChooseError> {
    let product = |word: &String| {
        Product::from_key(word).ok_or_else(|| ChooseError::Product {
            profile: profile.to_owned(),
            product: word.clone(),
        })
    };
    list.iter().map(product).collect()
}

/// Refuses an incomplete site: an address without a credential, or a token without its email.
fn whole(chosen: &Chosen, token: bool, org: bool) -> Result<(), ChooseError> {
    let jira = [
        ("the site's address (HEADCOUNT_CLOUD_URL, cloud_url)", chosen.cloud_url.is_some()),
        ("the account's email (HEADCOUNT_EMAIL, email)", chosen.email.is_some()),
        ("the API token (HEADCOUNT_API_TOKEN, api_token_command, the keyring)", token),
    ];
    // With an organization API key, an address or an email alone is a complete setting.
    let enough = org && !token;
    if jira.iter().all(|(_, set)| *set) || enough {
        return Ok(());
    }
    let names = |set: bool| {
        let names: Vec<_> =
            jira.iter().filter(|(_, is)| *is == set).map(|(name, _)| *name).collect();
        if names.is_empty() { "the organization's id".to_owned() } else { names.join(" and ") }
    };
    Err(ChooseError::Half { have: names(true), missing: names(false) })
}

impl Chosen {
    /// The access, after commands were run and the keyring was read. If the keyring lacks a credential, an
    /// incomplete site is an error here.
    pub fn access(
        &self,
        api_token: Option<SecretString>,
        org_api_key: Option<SecretString>,
        scim_api_key: Option<SecretString>,
    ) -> Result<Access, ChooseError> {
        if !self.is_sandbox {
            whole(self, api_token.is_some(), org_api_key.is_some())?;
        }
        let mut access = Access::none();
        access.cloud_url.clone_from(&self.cloud_url);
        access.jira =
            self.email.clone().zip(api_token).map(|(email, token)| JiraKey { email, token });
        if let Some(url) = &self.admin_url {
            access.admin_url = url.clone();
        }
        access.org = org_api_key.map(|key| OrgKey {
            key,
            org_id: self.org_id.clone(),
            directory_id: self.directory_id.clone(),
        });
        access.scim = scim_api_key
            .zip(self.scim_directory_id.clone())
            .map(|(key, directory_id)| ScimKey { key, directory_id });
        Ok(access)
    }
}
