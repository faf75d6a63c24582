//! Decides which requests are accepted.
//!
//! The page can deactivate a company's users, so it is only for the person who started it: not for another user of the
//! computer, not for another page in the same browser, and not for a host name that was made to lead to 127.0.0.1 (DNS
//! rebinding). The checks, in this order:
//!
//! 1. `Host` is exactly this address.
//! 2. `Sec-Fetch-Site`, if the browser sends it, names no other site.
//! 3. A request that changes something is a POST with this page's `Origin`.
//! 4. The cookie is the one that was given for the address's token. The token works once; a prefetch does not use
//!    it up. The cookie is `HttpOnly` and `SameSite=Strict`.
//!
//! Every answer forbids scripts, styles, frames and forms of other origins, and is never cached.
//!
//! One case remains: browsers send a cookie of 127.0.0.1 to every port. If the user opens a page of a hostile program on
//! this computer in the same browser, that program receives the cookie. Its pages cannot use it; the program itself
//! can.

use std::sync::{Mutex, PoisonError};

use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;

/// Bytes of a token; too many to guess.
const TOKEN: usize = 32;

/// How long the browser keeps the cookie, in seconds. It is useless after the program has ended.
const KEPT: u32 = 30 * 24 * 60 * 60;

/// The page's content security policy.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                      base-uri 'none'";

/// The headers of every answer.
const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Not `no-referrer`: then browsers would send `Origin: null` with the page's own forms.
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The request names another host.
    Host,
    /// The request comes from a page on another site. Its link works if you follow it by hand.
    Elsewhere,
    /// A change that does not come from this page.
    Origin,
    /// The token is wrong or was used before.
    Token,
    /// The cookie is missing or wrong.
    Cookie,
}

/// Decides which requests are accepted.
pub struct Door {
    host: String,
    origin: String,
    cookie: String,
    session: String,
    /// Removed when it is used.
    token: Mutex<Option<String>>,
}

impl Door {
    /// A door for this port, and the token that opens it once.
    pub fn new(port: u16) -> std::io::Result<(Self, String)> {
        let token = secret()?;
        let host = format!("127.0.0.1:{port}");
        let door = Self {
            origin: format!("http://{host}"),
            host,
            cookie: format!("headcount-{port}"),
            session: secret()?,
            token: Mutex::new(Some(token.clone())),
        };
        Ok((door, token))
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Checks whether a request is accepted.
    pub fn check(&self, request: &Request) -> Result<(), Refused> {
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        self.check_host(uri, headers)?;
        let is_open = is_open(method, uri);
        let site = text(headers, "sec-fetch-site");
        if !is_open && site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
            return Err(if is_safe(method) { Refused::Elsewhere } else { Refused::Origin });
        }
        if !is_safe(method) && text(headers, "origin") != Some(&self.origin) {
            return Err(Refused::Origin);
        }
        if is_open || self.has_cookie(headers) { Ok(()) } else { Err(Refused::Cookie) }
    }

    fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let one = hosts.next().is_some_and(|host| host.as_bytes() == self.host.as_bytes());
        // A request line may name a host, which takes precedence over the header.
        let named = uri.authority().is_none_or(|named| named.as_str() == self.host);
        if one && hosts.next().is_none() && named { Ok(()) } else { Err(Refused::Host) }
    }

    /// Whether the request has the cookie.
    pub fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(name, value)| name == self.cookie && is_same(value, &self.session))
    }

    /// Returns the cookie for the token, once. A prefetch of the browser is refused and does not use the token up.
    pub fn enter(&self, token: &str, headers: &HeaderMap) -> Result<HeaderValue, Refused> {
        if text(headers, "sec-purpose").is_some() || text(headers, "purpose").is_some() {
            return Err(Refused::Token);
        }
        let mut ours = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if !ours.as_deref().is_some_and(|ours| is_same(token, ours)) {
            return Err(Refused::Token);
        }
        *ours = None;
        let (name, value) = (&self.cookie, &self.session);
        let cookie = format!("{name}={value}; Path=/; Max-Age={KEPT}; HttpOnly; SameSite=Strict");
        HeaderValue::from_str(&cookie).map_err(|_| Refused::Token)
    }
}

/// The content security policy of an answer that is not a page of this program.
#[derive(Clone)]
pub struct OwnPolicy(pub HeaderValue);

/// Adds the security headers to an answer.
pub fn close(mut response: Response) -> Response {
    let own = response.extensions_mut().remove::<OwnPolicy>();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    if let Some(OwnPolicy(policy)) = own {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        // Browsers show no page that has both a sandbox policy and this header; the sandbox policy alone separates
        // the pages.
        headers.remove("cross-origin-opener-policy");
    }
    response
}

impl Refused {
    /// The status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Elsewhere | Self::Origin | Self::Token | Self::Cookie => StatusCode::FORBIDDEN,
        }
    }
}

/// Requests that need no cookie: the entry, and files that are the same for all browsers.
fn is_open(method: &Method, uri: &Uri) -> bool {
    is_safe(method) && (uri.path() == "/enter" || uri.path().starts_with("/assets/"))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// Compares in constant time, so that the time reveals nothing about the token.
fn is_same(one: &str, other: &str) -> bool {
    let differs = one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
    one.len() == other.len() && differs == 0
}

/// A random text that cannot be guessed.
pub fn secret() -> std::io::Result<String> {
    let mut bytes = [0_u8; TOKEN];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
