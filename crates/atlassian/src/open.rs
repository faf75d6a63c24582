//! Opens a site: makes a run's clients from checked access and a transport.

use std::sync::Arc;

use http::HeaderValue;

use super::admin::Admin;
use super::client::{Client, Shared, place};
use super::endpoint::Endpoint;
use super::error::CallError;
use super::jira::Jira;
use super::judge::Judge;
use super::limits::Limits;
use super::pace::{Pacer, Permit};
use super::scim::Scim;
use super::site_clock::SiteClock;
use super::transport::Transport;
use crate::access::Access;
use headcount_model::clock::Clock;
use headcount_model::door::{Door, Doors};
use headcount_model::lease::Lease;
use headcount_model::secret::{ExposeSecret, Redactor};

/// An opened site: Jira, the organization, or both, depending on the credentials.
#[derive(Clone, Debug)]
pub struct Site {
    /// Jira's calls, if there is an address and an API token.
    pub jira: Option<Jira>,
    /// The admin APIs' calls, if there is an organization API key.
    pub admin: Option<Admin>,
    /// The calls of the identity provider's directory, if there is a key for it.
    pub scim: Option<Scim>,
    /// The pace of all calls.
    pub pacer: Pacer,
    /// Knows every credential, and redacts it in texts from elsewhere.
    pub redactor: Redactor,
    /// The name of the site in plans, reports and questions.
    pub name: String,
    /// The addresses that a plan records.
    pub addresses: Addresses,
    /// The limits of its calls.
    pub limits: Limits,
    /// The site's clock.
    pub clock: SiteClock,
    /// Sends its requests.
    pub transport: Transport,
}

/// The addresses that a plan records. The same site has the same addresses each time it is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// The address of Jira.
    pub jira: String,
    /// The address of the admin APIs.
    pub admin: String,
}

impl Addresses {
    /// The same address for both.
    pub fn all(address: &str) -> Self {
        Self { jira: address.to_owned(), admin: address.to_owned() }
    }
}

/// Why a site cannot be opened. No variant shows a credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The credential has characters that a header cannot hold.
    #[error("the {0} has a line break or another character that no credential has; copy it again")]
    BadKey(&'static str),
}

impl Site {
    /// Opens a site, without sending a request.
    pub fn open(
        access: &Access,
        transport: Transport,
        limits: Limits,
        pacer: Pacer,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let redactor = access.redactor();
        let site_clock = SiteClock::default();
        let shared = Arc::new(Shared {
            transport: transport.clone(),
            pacer: pacer.clone(),
            judge: Judge { limits: limits.clone(), clock, redactor: redactor.clone() },
            site_clock: site_clock.clone(),
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
                    .ok_or(OpenError::BadKey("organization API key"))?;
                let client = Client::new(access.admin_url.clone(), credential, shared.clone());
                Some(Admin::new(client, org.org_id.clone(), org.directory_id.clone()))
            }
            None => None,
        };
        let scim = match &access.scim {
            Some(scim) => {
                let credential = credential("Bearer", scim.key.expose_secret().trim())
                    .ok_or(OpenError::BadKey("SCIM API key"))?;
                let client = Client::new(access.admin_url.clone(), credential, shared);
                Some(Scim::new(client, scim.directory_id.trim().to_owned()))
            }
            None => None,
        };
        let addresses = Addresses {
            jira: access.cloud_url.as_ref().map(ToString::to_string).unwrap_or_default(),
            admin: access.admin_url.to_string(),
        };
        let name = access.shown();
        let clock = site_clock;
        Ok(Self { jira, admin, scim, pacer, redactor, name, addresses, limits, clock, transport })
    }
}

impl Site {
    /// From now on, requests are sent only while this lease of a run counts.
    pub fn obey(&self, lease: Lease) {
        self.transport.obey(lease);
    }

    /// Waits for the pace's permit for a changing call, as long as a read would wait. The error says that nothing
    /// was sent.
    pub async fn place(&self, endpoint: Endpoint) -> Result<Permit, CallError> {
        place(&self.pacer, &self.limits, endpoint).await
    }

    /// The doors that the credentials open. The organization's doors are open once the organization is known
    /// ([`Admin::org`]), and the directory's once the directory is known ([`Admin::home`]).
    pub fn doors(&self) -> Doors {
        let site = || Door::Jira { site: self.addresses.jira.clone() };
        let admin = self.admin.as_ref();
        let organization = admin.and_then(Admin::known_org).map(str::to_owned);
        let directory = admin.and_then(Admin::known_home).map(str::to_owned);
        let address = || self.addresses.admin.clone();
        let of_org = |door: fn(String, String) -> Door| {
            organization.clone().map(|organization| Arc::new(door(address(), organization)))
        };
        Doors {
            jira: self.jira.as_ref().map(|_| Arc::new(site())),
            directory: organization.clone().zip(directory).map(|(organization, directory)| {
                Arc::new(Door::Directory { address: address(), organization, directory })
            }),
            invitations: of_org(|address, organization| Door::Invitations {
                address,
                organization,
            }),
            accounts: of_org(|address, organization| Door::Accounts { address, organization }),
            provisioning: self.scim.as_ref().map(|scim| {
                let directory = scim.directory().to_owned();
                Arc::new(Door::Provisioning { address: address(), directory })
            }),
        }
    }
}

fn credential(scheme: &str, key: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{scheme} {key}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}
