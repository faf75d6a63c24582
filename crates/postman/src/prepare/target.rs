//! The address of the connection and of the request.

use crate::model::Url;

use super::encode;
use super::error::NotPrepared;

/// A resolved and encoded address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `http` or `https`.
    pub scheme: String,
    /// The host in its ASCII form.
    pub host: String,
    /// The port, if it is given.
    pub port: Option<u16>,
    /// The rest after the host, with at least a `/`.
    pub path_and_query: String,
    /// User and password of the address.
    pub user: Option<(String, String)>,
}

impl Target {
    /// The target of a resolved address.
    ///
    /// # Errors
    /// It has no host, or its scheme is not HTTP.
    pub fn of(url: &Url, is_encoded: bool) -> Result<Self, NotPrepared> {
        let wrong = || NotPrepared::Address(url.text());
        let scheme = url.protocol.as_deref().unwrap_or("http").to_ascii_lowercase();
        let scheme = scheme.trim_end_matches("://").to_owned();
        let host = url.host_text().to_lowercase();
        // A host that is not a domain name stays unchanged, as in Node: the connection will fail.
        let host = idna::domain_to_ascii(&host).ok().filter(|it| !it.is_empty()).unwrap_or(host);
        let port = match url.port.as_deref().filter(|port| !port.is_empty()) {
            Some(port) => Some(port.parse().map_err(|_| NotPrepared::Port(port.to_owned()))?),
            None => None,
        };
        if !matches!(scheme.as_str(), "http" | "https") || host.is_empty() {
            return Err(wrong());
        }
        let path = url.path_text();
        let path = if path.is_empty() { "/".to_owned() } else { path };
        let encoded = |text: &str, by: fn(&str) -> String| {
            if is_encoded { text.to_owned() } else { by(text) }
        };
        let mut path_and_query = encoded(&path, encode::path);
        if let Some(query) = url.query_text() {
            path_and_query.push('?');
            path_and_query += &encoded(&query, encode::query);
        }
        let user = url.auth.as_ref().map(|(user, password)| {
            (user.clone().unwrap_or_default(), password.clone().unwrap_or_default())
        });
        Ok(Self { scheme, host, port, path_and_query, user })
    }

    /// The host with its port, as the `Host` header has it.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// The whole address without user and password.
    pub fn text(&self) -> String {
        format!("{}://{}{}", self.scheme, self.authority(), self.path_and_query)
    }

    /// The address as scripts and reports see it: encoded, with the collection's other parts.
    pub fn shown(&self, url: &Url) -> Url {
        let sent = crate::model::parse_url(&self.text());
        Url { auth: url.auth.clone(), hash: url.hash.clone(), ..sent }
    }

    /// The address that a redirect from here names.
    pub fn joined(&self, location: &str) -> Result<Self, NotPrepared> {
        let location = location.trim();
        let text = if location.starts_with("//") {
            format!("{}:{location}", self.scheme)
        } else if location.contains("://") {
            location.to_owned()
        } else if location.starts_with('/') {
            format!("{}://{}{location}", self.scheme, self.authority())
        } else {
            let path = self.path_and_query.split('?').next().unwrap_or("/");
            let base = match location.starts_with('?') {
                true => path,
                false => path.rfind('/').map_or("/", |at| &path[..=at]),
            };
            format!("{}://{}{base}{location}", self.scheme, self.authority())
        };
        Self::of(&crate::model::parse_url(&text), false)
    }
}
