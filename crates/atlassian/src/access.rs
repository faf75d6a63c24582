//! The addresses and credentials of a site: checked values, ready for the client.
//!
//! People paste addresses with a slash at the end, with `/jira/your-work` after the host, or with a name and a
//! password before it. An [`Address`] is made only from a text with one possible meaning; for any other text, an
//! error says what to write instead. Plain `http` sends credentials unencrypted, so it is accepted only for this
//! computer.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use http::uri::{Authority, Scheme};

use headcount_model::harmful::is_harmful;
use headcount_model::secret::{ExposeSecret, Redactor, SecretString};

/// The address of the admin APIs (organizations and user management descriptions, `servers`).
pub const ADMIN_URL: &str = "https://api.atlassian.com";

/// All addresses and credentials of a profile. A job declares which of them it needs.
#[derive(Clone, Debug)]
pub struct Access {
    /// The site, `https://acme.atlassian.net`; for API tokens with scopes,
    /// `https://api.atlassian.com/ex/jira/{cloudId}`.
    pub cloud_url: Option<Address>,
    /// The API token for the site.
    pub jira: Option<JiraKey>,
    /// The address of the admin APIs.
    pub admin_url: Address,
    /// The organization API key.
    pub org: Option<OrgKey>,
    /// The key of the identity provider's directory.
    pub scim: Option<ScimKey>,
}

/// An account's API token (Basic authentication, `email:token`).
#[derive(Clone, Debug)]
pub struct JiraKey {
    /// The email address of the account that created the token.
    pub email: String,
    /// The token.
    pub token: SecretString,
}

/// An organization's API key (Bearer authentication).
#[derive(Clone, Debug)]
pub struct OrgKey {
    /// The key.
    pub key: SecretString,
    /// The organization's id. If it is absent, the key must show exactly one organization.
    pub org_id: Option<String>,
    /// The id of the directory whose groups the jobs change. If it is absent, reads include all directories (`-`).
    pub directory_id: Option<String>,
}

/// The key of an identity provider's directory, for the user provisioning API (Bearer authentication).
#[derive(Clone, Debug)]
pub struct ScimKey {
    /// The key.
    pub key: SecretString,
    /// The directory's id in the user provisioning API, which is not that of the organization's directory.
    pub directory_id: String,
}

impl Access {
    /// No address of a site and no credentials; the admin APIs at their usual address.
    pub fn none() -> Self {
        Self {
            cloud_url: None,
            jira: None,
            admin_url: Address {
                scheme: Scheme::HTTPS,
                authority: Authority::from_static("api.atlassian.com"),
                path: String::new(),
            },
            org: None,
            scim: None,
        }
    }

    /// The name of the site in plans, reports and questions: its address, else the organization.
    pub fn shown(&self) -> String {
        if let Some(url) = &self.cloud_url {
            return url.to_string();
        }
        match self.org.as_ref().and_then(|org| org.org_id.as_deref()) {
            Some(id) => format!("{}/admin/v1/orgs/{id}", self.admin_url),
            None => self.admin_url.to_string(),
        }
    }

    /// A redactor that knows every credential of this access, also in the forms in which requests carry them.
    pub fn redactor(&self) -> Redactor {
        let mut keys = Vec::new();
        if let Some(jira) = &self.jira {
            keys.push(jira.token.clone());
            keys.push(jira.basic());
        }
        if let Some(org) = &self.org {
            keys.push(org.key.clone());
        }
        if let Some(scim) = &self.scim {
            keys.push(scim.key.clone());
        }
        Redactor::new(keys)
    }
}

impl JiraKey {
    /// The value after `Basic` in the request's `Authorization` header.
    pub fn basic(&self) -> SecretString {
        // A copied space or line end is part of neither the email nor the token.
        let (email, token) = (self.email.trim(), self.token.expose_secret().trim());
        STANDARD.encode(format!("{email}:{token}")).into()
    }
}

/// The setting that an address comes from. Errors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `cloud_url`.
    CloudUrl,
    /// `admin_url`.
    AdminUrl,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CloudUrl => "cloud_url",
            Self::AdminUrl => "admin_url",
        })
    }
}

/// Why a text is not the address of a site. No variant repeats a user name or password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The text is not an address.
    #[error("{setting}: “{text}” is not an address; write it like https://acme.atlassian.net")]
    Unreadable {
        /// The setting.
        setting: Setting,
        /// The text.
        text: String,
    },
    /// Plain `http` to another computer, which would send credentials unencrypted.
    #[error(
        "{setting}: {host} must be reached by https; plain http is only for this computer (127.0.0.1, localhost)"
    )]
    PlainHttp {
        /// The setting.
        setting: Setting,
        /// The host.
        host: String,
    },
    /// Neither `https` nor `http`.
    #[error("{setting}: the address begins with {scheme}://; write https://")]
    Scheme {
        /// The setting.
        setting: Setting,
        /// The scheme.
        scheme: String,
    },
    /// A user name or password before the host.
    #[error("{setting}: leave out the part before the @; credentials have their own settings")]
    UserInfo {
        /// The setting.
        setting: Setting,
    },
    /// A path that is neither a known page's nor the API's.
    #[error(
        "{setting}: “{path}” after {host} is not part of a site's address; write only https://{host}"
    )]
    Path {
        /// The setting.
        setting: Setting,
        /// The host.
        host: String,
        /// The path.
        path: String,
    },
    /// The address of Atlassian's gateway without a site's id.
    #[error(
        "{setting}: {host} is Atlassian's gateway for all sites; write the site's own address, like https://acme.atlassian.net, or for an API token with scopes https://{host}/ex/jira/CLOUD-ID (the id is at https://acme.atlassian.net/_edge/tenant_info)"
    )]
    Gateway {
        /// The setting.
        setting: Setting,
        /// The host.
        host: String,
    },
    /// The gateway's address of another app.
    #[error(
        "{setting}: this is the gateway's address of {app}; headcount needs Jira's: https://{host}/ex/jira/{cloud_id}"
    )]
    OtherApp {
        /// The setting.
        setting: Setting,
        /// The host.
        host: String,
        /// The app.
        app: String,
        /// The site's cloud ID, as it was written.
        cloud_id: String,
    },
    /// The address of Atlassian's administration page instead of the site's.
    #[error(
        "{setting}: {host} is a page, not a site; write the site's own address, like https://acme.atlassian.net"
    )]
    NotASite {
        /// The setting.
        setting: Setting,
        /// The host.
        host: String,
    },
}

/// A checked address: scheme, host, port, and a path only for the gateway.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    scheme: Scheme,
    authority: Authority,
    /// Empty, or `/ex/jira/{cloudId}` without a slash at the end.
    path: String,
}

impl Address {
    /// Reads an address that a person typed or pasted.
    ///
    /// `https://` may be missing. Slashes at the end, queries, and the paths of Jira's and Confluence's pages
    /// (`/jira/…`, `/wiki/…`, `/browse/…`) are cut off.
    pub fn parse(setting: Setting, text: &str) -> Result<Self, AddressError> {
        let unreadable = || AddressError::Unreadable { setting, text: cut(text) };
        let text = text.trim();
        // Checked first, so that no later message can repeat a password.
        let after_scheme = text.split_once("://").map_or(text, |(_, rest)| rest);
        let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(AddressError::UserInfo { setting });
        }
        let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let uri: Uri =
            full.split('#').next().unwrap_or_default().parse().map_err(|_| unreadable())?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(unreadable());
        };
        let host = authority.host().to_owned();
        if host.is_empty() || (!host.contains('.') && !host.starts_with('[') && host != "localhost")
        {
            return Err(unreadable());
        }
        if scheme == Scheme::HTTP {
            if !is_loopback(&host) {
                return Err(AddressError::PlainHttp { setting, host });
            }
        } else if scheme != Scheme::HTTPS {
            return Err(AddressError::Scheme { setting, scheme: cut(scheme.as_str()) });
        }
        let path = parts.path_and_query.as_ref().map_or("", |path| path.path());
        let path = match setting {
            Setting::CloudUrl => site_path(&host, path)?,
            Setting::AdminUrl => admin_path(&host, path)?,
        };
        let authority = authority.as_str().to_lowercase().parse().map_err(|_| unreadable())?;
        Ok(Self { scheme, authority, path })
    }

    /// The full address of a path, which begins with `/` and is already percent-encoded.
    pub fn join(&self, path_and_query: &str) -> Result<Uri, http::Error> {
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(format!("{}{path_and_query}", self.path))
            .build()
    }

    /// Whether this is the gateway's address for API tokens with scopes (`/ex/jira/{cloudId}`).
    pub fn is_gateway(&self) -> bool {
        self.path.starts_with("/ex/")
    }

    /// The site's cloud ID, if this is the gateway's address.
    pub fn cloud_id(&self) -> Option<&str> {
        self.path.strip_prefix("/ex/jira/").filter(|id| !id.is_empty())
    }

    /// Whether this address is on this computer.
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    /// The host with the port, if the address has one.
    pub fn authority(&self) -> &str {
        self.authority.as_str()
    }

    /// The host without the port.
    pub fn host(&self) -> &str {
        self.authority.host()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether a host is this computer.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// First parts of the paths of pages whose addresses people copy from the browser.
const PAGES: &[&str] = &[
    "jira",
    "wiki",
    "browse",
    "secure",
    "plugins",
    "projects",
    "issues",
    "servicedesk",
    "rest",
    "admin",
    "people",
    "home",
    "login",
    "o",
    "s",
];

/// The path of a site's address. Tokens with scopes and service accounts work only at `/ex/jira/{cloudId}` (KB
/// "401 Unauthorized error when service account accesses Jira or Confluence API"; CLOUD-12617).
fn site_path(host: &str, path: &str) -> Result<String, AddressError> {
    if matches!(host, "admin.atlassian.com" | "home.atlassian.com" | "id.atlassian.com") {
        return Err(AddressError::NotASite { setting: Setting::CloudUrl, host: host.to_owned() });
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["ex", "jira", cloud_id, ..] => Ok(format!("/ex/jira/{cloud_id}")),
        ["ex", app, cloud_id, ..] => Err(AddressError::OtherApp {
            setting: Setting::CloudUrl,
            host: host.to_owned(),
            app: cut(app),
            cloud_id: cut(cloud_id),
        }),
        ["ex", ..] | ["admin", ..] | [] if host == "api.atlassian.com" => {
            Err(AddressError::Gateway { setting: Setting::CloudUrl, host: host.to_owned() })
        }
        [first, ..] if !PAGES.contains(first) => Err(odd_path(Setting::CloudUrl, host, path)),
        _ => Ok(String::new()),
    }
}

/// The path of the admin APIs' address. The organizations description has `/admin` in its server address, and
/// people copy it.
fn admin_path(host: &str, path: &str) -> Result<String, AddressError> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] | ["admin", ..] => Ok(String::new()),
        _ => Err(odd_path(Setting::AdminUrl, host, path)),
    }
}

fn odd_path(setting: Setting, host: &str, path: &str) -> AddressError {
    AddressError::Path { setting, host: host.to_owned(), path: cut(path) }
}

fn cut(text: &str) -> String {
    text.chars().filter(|c| !is_harmful(*c)).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> Result<String, AddressError> {
        Address::parse(Setting::CloudUrl, text).map(|address| address.to_string())
    }

    #[test]
    fn what_people_paste_becomes_the_site() {
        for pasted in [
            "https://acme.atlassian.net",
            " https://acme.atlassian.net/ ",
            "acme.atlassian.net",
            "https://Acme.Atlassian.net/jira/your-work",
            "https://acme.atlassian.net/wiki/spaces/HR?x=1#top",
            "https://acme.atlassian.net/browse/AB-1",
            "https://acme.atlassian.net//",
        ] {
            assert_eq!(site(pasted).as_deref(), Ok("https://acme.atlassian.net"), "{pasted}");
        }
        assert_eq!(
            site("https://api.atlassian.com/ex/jira/11-22/rest/api/3/").as_deref(),
            Ok("https://api.atlassian.com/ex/jira/11-22")
        );
        assert_eq!(site("http://127.0.0.1:8080/").as_deref(), Ok("http://127.0.0.1:8080"));
        assert_eq!(site("http://[::1]:1").as_deref(), Ok("http://[::1]:1"));
    }

    #[test]
    fn calls_are_joined_behind_the_path() {
        let join = |text, path| {
            Address::parse(Setting::CloudUrl, text).unwrap().join(path).unwrap().to_string()
        };
        assert_eq!(
            join("https://api.atlassian.com/ex/jira/11-22", "/rest/api/3/user?accountId=5b%3A1"),
            "https://api.atlassian.com/ex/jira/11-22/rest/api/3/user?accountId=5b%3A1"
        );
        assert_eq!(join("acme.atlassian.net", "/rest"), "https://acme.atlassian.net/rest");
    }

    #[test]
    fn an_ambiguous_address_is_refused() {
        let plain = site("http://acme.atlassian.net").unwrap_err();
        assert!(matches!(plain, AddressError::PlainHttp { .. }), "{plain}");
        assert!(matches!(site("http://127.0.0.1.evil.com"), Err(AddressError::PlainHttp { .. })));
        let user = site("https://me:hunter22@acme.atlassian.net").unwrap_err();
        assert!(!format!("{user} {user:?}").contains("hunter22"));
        for odd in
            ["", "acme", "https://", "ftp://acme.atlassian.net", "https://a b.c", "h{{cloudUrl}}"]
        {
            assert!(site(odd).is_err(), "{odd}");
        }
        assert!(matches!(site("https://api.atlassian.com"), Err(AddressError::Gateway { .. })));
        assert!(matches!(
            site("https://admin.atlassian.com/o/1/users"),
            Err(AddressError::NotASite { .. })
        ));
        assert!(matches!(site("https://acme.atlassian.net/foo"), Err(AddressError::Path { .. })));
    }

    #[test]
    fn the_admin_address_may_carry_the_descriptions_path() {
        let admin = |text| Address::parse(Setting::AdminUrl, text).map(|a| a.to_string());
        assert_eq!(admin("https://api.atlassian.com/admin/v1").as_deref(), Ok(ADMIN_URL));
        assert!(admin("https://api.atlassian.com/ex").is_err());
        assert_eq!(Access::none().admin_url.to_string(), ADMIN_URL);
    }

    #[test]
    fn keys_are_masked_in_every_form_they_are_sent_in() {
        let mut access = Access::none();
        let jira =
            JiraKey { email: "me@example.com".into(), token: "tok-123456".to_owned().into() };
        let basic = jira.basic();
        access.jira = Some(jira);
        let text = format!("tok-123456 Basic {}", basic.expose_secret());
        assert_eq!(access.redactor().clean(&text), "[key] Basic [key]");
        assert!(!format!("{access:?}").contains("tok-123456"));
    }
}
