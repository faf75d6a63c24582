//! The proxy between this computer and the network, as the usual environment variables name it.
//!
//! Rules:
//! - This computer itself is never reached by a proxy, whatever the variables say, so that a sandbox's credentials
//!   stay here.
//! - Every other address of Atlassian is https, so a proxy only opens a tunnel (`CONNECT`). It sees the host's name and no
//!   request. An error before the tunnel is open is an error before a byte of a request was sent. Only
//!   collections have http addresses, with a proxy of their own.
//! - A variable that does not name a proxy is an error. headcount never connects directly instead, because a
//!   company that has a proxy blocks direct connections.
//! - A proxy's user name and password appear in no error and no `Debug`.

use std::fmt;
use std::sync::Arc;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::access::{Address, is_loopback};

/// The proxy for each address. Cheap to clone.
#[derive(Clone, Default)]
pub struct Proxies {
    https: Option<Arc<Matcher>>,
    http: Option<Result<Arc<Matcher>, ProxyError>>,
}

/// Why a variable does not name a proxy. No variant repeats the value, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// The value is not an address.
    #[error("{variable} is not a valid proxy address; write it like http://proxy.acme.com:8080")]
    Unreadable {
        /// The variable.
        variable: String,
    },
    /// The scheme is not HTTP.
    #[error("{variable} names a {scheme} proxy, which headcount does not support; write http://")]
    Scheme {
        /// The variable.
        variable: String,
        /// The scheme.
        scheme: String,
    },
}

impl Proxies {
    /// No proxy: every address is reached directly.
    pub fn none() -> Self {
        Self::default()
    }

    /// The proxy that the value of `variable` names, and the hosts that need none (`NO_PROXY`: hosts, domains, IP
    /// addresses and networks, separated by commas; `*` means every host).
    ///
    /// # Errors
    /// The value is not the address of an HTTP proxy.
    pub fn read(variable: &str, value: &str, no_proxy: &str) -> Result<Self, ProxyError> {
        let https = Some(Arc::new(matcher(variable, value, no_proxy)?));
        Ok(Self { https, http: None })
    }

    /// The same, with the proxy for http addresses. A wrong value is an error only for what uses it.
    #[must_use]
    pub fn with_http(self, variable: &str, value: &str, no_proxy: &str) -> Self {
        let http = matcher(variable, value, no_proxy).map(Arc::new);
        Self { http: Some(http), ..self }
    }

    /// The host and port of the proxy for this address.
    pub fn shown(&self, address: &Address) -> Option<String> {
        let address = address.join("/").ok()?;
        self.to(&address).map(|proxy| shown(&proxy))
    }

    /// Which proxy is used for which https address, for requests that go to no Atlassian address.
    pub fn matcher(&self) -> Option<Arc<Matcher>> {
        self.https.clone()
    }

    /// Which proxy is used for which http address.
    ///
    /// # Errors
    /// The variable names no proxy that can be used.
    pub fn http_matcher(&self) -> Result<Option<Arc<Matcher>>, ProxyError> {
        self.http.clone().transpose()
    }

    /// The proxy for this address.
    pub(super) fn to(&self, address: &Uri) -> Option<Intercept> {
        if address.host().is_none_or(is_loopback) {
            return None;
        }
        self.https.as_ref()?.intercept(address)
    }
}

fn matcher(variable: &str, value: &str, no_proxy: &str) -> Result<Matcher, ProxyError> {
    let unreadable = || ProxyError::Unreadable { variable: variable.to_owned() };
    let value = value.trim();
    let scheme = value.split_once("://").map_or("http", |(scheme, _)| scheme);
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        let plain = scheme.chars().all(|c| c.is_ascii_alphanumeric()) && scheme.len() <= 12;
        return Err(match plain {
            true => ProxyError::Scheme { variable: variable.into(), scheme: scheme.to_owned() },
            false => unreadable(),
        });
    }
    // The matcher passes over what it cannot read.
    let alone = Matcher::builder().https(value).build();
    let named = alone.intercept(&Uri::from_static("https://anywhere.example"));
    if named.is_none_or(|proxy| proxy.uri().host().is_none_or(str::is_empty)) {
        return Err(unreadable());
    }
    Ok(Matcher::builder().all(value).no(no_proxy).build())
}

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proxies")
    }
}

/// Host and port, without user name and password.
pub(super) fn shown(proxy: &Intercept) -> String {
    proxy.uri().authority().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Setting;

    fn by(value: &str, no_proxy: &str, address: &str) -> Option<String> {
        let proxies = Proxies::read("HTTPS_PROXY", value, no_proxy).unwrap();
        proxies.shown(&Address::parse(Setting::CloudUrl, address).unwrap())
    }

    #[test]
    fn which_address_is_reached_by_it() {
        let proxy = Some("proxy.acme.com:8080".to_owned());
        for value in [
            "http://proxy.acme.com:8080",
            "proxy.acme.com:8080",
            " http://ann:hunter22@proxy.acme.com:8080/ ",
            "https://proxy.acme.com:8080",
        ] {
            assert_eq!(by(value, "", "acme.atlassian.net"), proxy, "{value}");
        }
        let value = "http://proxy.acme.com:8080";
        for (no_proxy, direct) in [
            ("*", true),
            ("atlassian.net", true),
            (".atlassian.net,other.example", true),
            ("lassian.net", false),
            ("other.example, 10.0.0.0/8", false),
        ] {
            let found = by(value, no_proxy, "acme.atlassian.net");
            assert_eq!(found.is_none(), direct, "{no_proxy}");
        }
    }

    #[test]
    fn this_machine_is_never_reached_by_a_proxy() {
        for address in ["http://127.0.0.1:8080", "https://localhost:1", "http://[::1]:2"] {
            assert_eq!(by("http://proxy.acme.com:8080", "", address), None, "{address}");
        }
        let address = Address::parse(Setting::CloudUrl, "acme.atlassian.net").unwrap();
        assert_eq!(Proxies::none().shown(&address), None);
    }

    #[test]
    fn a_value_that_names_no_proxy_is_reported_without_its_password() {
        let error = |value| Proxies::read("HTTPS_PROXY", value, "").unwrap_err();
        assert!(matches!(error("socks5://ann:hunter22@p:1"), ProxyError::Scheme { .. }));
        for value in ["http://", "http://ann:hunter22@", "ann:hunter22@p p:1", "a://b://c", "::::"]
        {
            let error = error(value);
            let text = format!("{error} {error:?}");
            assert!(!text.contains("hunter22") && text.contains("HTTPS_PROXY"), "{text}");
        }
        let proxies = Proxies::read("HTTPS_PROXY", "http://ann:hunter22@p:1", "").unwrap();
        assert!(!format!("{proxies:?}").contains("hunter22"));
    }
}
