//! Which site it is, and with which keys. Pure, and never a guess.
//!
//! What the environment says wins over the file. Keys belong to an address: once the environment
//! names another site than the profile, the profile's keys are not sent there.
//!
//! Whether the keyring has a key is known only to who asks it, so a profile's choice is judged
//! whole twice: here, where the keyring is taken to have what it may have, and in
//! [`Chosen::access`], where it has been asked.

use super::config::{Config, Profile};
use headcount_atlassian::access::{
    ADMIN_URL, Access, Address, AddressError, JiraKey, OrgKey, Setting,
};
use headcount_atlassian::place::{KeyKind, KeyPlace};
use headcount_model::protected::Protected;
use headcount_model::secret::SecretString;
use headcount_model::user::Product;

pub use headcount_journal::SANDBOX;

/// The name a run bears whose site comes from the environment alone.
pub const ENVIRONMENT: &str = "environment";

/// What the environment says: `HEADCOUNT_…`. Read by the binary, in one place.
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

/// Where a key comes from: the first of these that there is.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// The environment: it is here.
    Value(SecretString),
    /// This command of the profile prints it.
    Command(String),
    /// The operating system's keyring, if it has one at this place.
    Keyring(KeyPlace),
}

/// The chosen site, before its commands are run.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The profile's name.
    pub name: String,
    /// The built-in sandbox: nothing else here counts.
    pub is_sandbox: bool,
    /// The site's address.
    pub cloud_url: Option<Address>,
    /// Where the admin APIs live.
    pub admin_url: Option<Address>,
    /// The account's mail address.
    pub email: Option<String>,
    /// The API token.
    pub api_token: Option<KeySource>,
    /// The organization.
    pub org_id: Option<String>,
    /// The directory.
    pub directory_id: Option<String>,
    /// The organization's API key.
    pub org_api_key: Option<KeySource>,
    /// Products of new users whose row names none.
    pub default_products: Option<Vec<Product>>,
    /// Who must not be touched.
    pub protected: Protected,
    /// Requests in flight at most.
    pub concurrency: Option<u32>,
    /// Requests a second at most.
    pub rate: Option<f64>,
}

/// Why no site is chosen. Each says how to name one.
#[derive(Debug, thiserror::Error)]
pub enum ChooseError {
    /// Nothing names a site.
    #[error("no site is named: there is no profile and no HEADCOUNT_… variable")]
    Nothing,
    /// Several profiles, none of them the default.
    #[error("no site is named: of the profiles {names}, none is the default")]
    NoDefault {
        /// Their names.
        names: String,
    },
    /// No profile has this name.
    #[error("there is no profile “{name}”{known}")]
    NoSuchProfile {
        /// What was asked for.
        name: String,
        /// Which there are, as the end of the sentence.
        known: String,
    },
    /// The environment and the profile name half a site.
    #[error("the site is incomplete: there is {have}, but not {missing}")]
    Half {
        /// What is set.
        have: String,
        /// What is missing.
        missing: String,
    },
    /// The environment names another site than the profile, without its keys.
    #[error(
        "HEADCOUNT_CLOUD_URL or HEADCOUNT_ADMIN_URL names a different address than the profile “{profile}”; headcount does not send the credentials of that profile there"
    )]
    OtherSite {
        /// The profile.
        profile: String,
    },
    /// An address that is none.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// A product that there is not.
    #[error("default_products of the profile “{profile}”: there is no product “{product}”")]
    Product {
        /// The profile.
        profile: String,
        /// What was written.
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

/// Chooses the site, in this order: `--profile`, `HEADCOUNT_PROFILE`, the file's default or its
/// only profile. The other variables of the environment are laid over it; where they name another
/// site than it has, and the profile was not named, they are used alone.
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

/// Whether the environment names another place than the profile.
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
        default_products: None,
        protected: Protected::default(),
        concurrency: None,
        rate: None,
    }
}

fn overlay(name: &str, profile: Profile, env: &Environment) -> Result<Chosen, ChooseError> {
    // Without a profile there are no keys of one that could go astray.
    let nowhere = Elsewhere { site: false, admin: false };
    let elsewhere = if name == ENVIRONMENT { nowhere } else { elsewhere(env, &profile)? };
    // An organization belongs to its site: on another one the profile's would be the wrong people.
    let other_org = elsewhere.any();
    let key = |here: &Option<SecretString>, command: &Option<String>, elsewhere: bool| {
        let command = command.clone().filter(|_| !elsewhere).map(KeySource::Command);
        here.clone().map(KeySource::Value).or(command)
    };
    let api_token = key(&env.api_token, &profile.api_token_command, elsewhere.site);
    let org_api_key = key(&env.org_api_key, &profile.org_api_key_command, other_org);
    // Where the environment is used alone, an error names what it lacks.
    if name != ENVIRONMENT && elsewhere.any() && api_token.is_none() && org_api_key.is_none() {
        return Err(ChooseError::OtherSite { profile: name.to_owned() });
    }
    let of_org =
        |here: &Option<String>, file: Option<String>| here.clone().or(file.filter(|_| !other_org));
    let cloud_url = address(Setting::CloudUrl, &env.cloud_url, &profile.cloud_url)?;
    let admin_url = address(Setting::AdminUrl, &env.admin_url, &profile.admin_url)?;
    // A blank or a line end around an address is no part of it.
    let email = env.email.clone().or(profile.email).map(|email| email.trim().to_owned());
    // The keyring is asked last, and only for the profile's own addresses.
    let kept = |kind, address: Option<&Address>, elsewhere: bool| {
        let address = address.filter(|_| name != ENVIRONMENT && !elsewhere)?.clone();
        Some(KeySource::Keyring(KeyPlace { kind, profile: name.to_owned(), address }))
    };
    let api_token = api_token.or_else(|| {
        let address = cloud_url.as_ref().filter(|_| email.is_some());
        kept(KeyKind::ApiToken, address, elsewhere.site)
    });
    let usual = Access::none().admin_url;
    let org_api_key = org_api_key.or_else(|| {
        kept(KeyKind::OrgApiKey, Some(admin_url.as_ref().unwrap_or(&usual)), other_org)
    });
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
        default_products: products,
        protected: Protected::new(profile.protected),
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

/// Half a site is none: an address without a key, a token without its mail.
fn whole(chosen: &Chosen, token: bool, org: bool) -> Result<(), ChooseError> {
    let jira = [
        ("the site's address (HEADCOUNT_CLOUD_URL, cloud_url)", chosen.cloud_url.is_some()),
        ("the account's email (HEADCOUNT_EMAIL, email)", chosen.email.is_some()),
        ("the API token (HEADCOUNT_API_TOKEN, api_token_command, the keyring)", token),
    ];
    // With an organization API key, an address or an email alone still says where and who: it is complete.
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
    /// The access, once the commands have been run and the keyring asked. Half a site is an error here
    /// if the keyring lacks a key.
    pub fn access(
        &self,
        api_token: Option<SecretString>,
        org_api_key: Option<SecretString>,
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
        Ok(access)
    }
}
