//! The cookie jar (RFC 6265). In Newman, one jar lasts for a whole run.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::prepare::Target;

/// One cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The host or domain that receives it.
    pub domain: String,
    /// Whether only the host itself receives it.
    pub host_only: bool,
    /// The path below which it is sent.
    pub path: String,
    /// Whether it is sent only over TLS.
    pub secure: bool,
    /// Whether it is hidden from scripts of a browser.
    pub http_only: bool,
    expires: Option<Timestamp>,
}

/// The most cookies of a jar: the oldest is removed.
const MOST: usize = 3000;

/// All cookies of a run or of an iteration.
#[derive(Debug, Default)]
pub struct Jar {
    cookies: Mutex<Vec<Cookie>>,
}

impl Jar {
    /// Whether it holds no cookie.
    pub fn is_empty(&self) -> bool {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Stores the cookie of a `Set-Cookie` header, or removes one that has expired.
    pub fn set(&self, target: &Target, header: &str) {
        let now = Timestamp::now();
        let Some(cookie) = parse(header, target, now) else { return };
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |it: &Cookie| {
            (&it.name, &it.domain, &it.path) == (&cookie.name, &cookie.domain, &cookie.path)
        };
        let at = cookies.iter().position(same);
        let is_over = cookie.expires.is_some_and(|expires| expires <= now);
        match (at, is_over) {
            (Some(at), true) => {
                cookies.remove(at);
            }
            (Some(at), false) => cookies[at] = cookie,
            (None, true) => {}
            (None, false) => cookies.push(cookie),
        }
        if cookies.len() > MOST {
            cookies.remove(0);
        }
    }

    /// The cookies for an address: longer paths first, then the older ones.
    pub fn get(&self, target: &Target) -> Vec<Cookie> {
        let now = Timestamp::now();
        let path = target.path_and_query.split('?').next().unwrap_or("/");
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let is_sent = |it: &&Cookie| {
            it.expires.is_none_or(|expires| expires > now)
                && (!it.secure || target.scheme == "https")
                && (it.domain == target.host
                    || (!it.host_only && is_below(&target.host, &it.domain)))
                && matches_path(path, &it.path)
        };
        let mut sent: Vec<Cookie> = cookies.iter().filter(is_sent).cloned().collect();
        sent.sort_by_key(|it| std::cmp::Reverse(it.path.len()));
        sent
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
        && host.parse::<std::net::IpAddr>().is_err()
}

fn matches_path(path: &str, cookie: &str) -> bool {
    path.strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

/// RFC 6265, section 5.2. A domain without a dot is refused, as a public suffix would be.
fn parse(header: &str, target: &Target, now: Timestamp) -> Option<Cookie> {
    let mut parts = header.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let path = target.path_and_query.split('?').next().unwrap_or("/");
    let folder = path.rfind('/').map_or("/", |at| if at == 0 { "/" } else { &path[..at] });
    let mut cookie = Cookie {
        name: name.trim().to_owned(),
        value: value.trim().to_owned(),
        domain: target.host.clone(),
        host_only: true,
        path: folder.to_owned(),
        secure: false,
        http_only: false,
        expires: None,
    };
    let mut max_age = None;
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "domain" if !value.is_empty() => {
                let domain = value.trim_start_matches('.').to_lowercase();
                if domain != target.host
                    && !(domain.contains('.') && is_below(&target.host, &domain))
                {
                    return None;
                }
                cookie.host_only = domain == target.host && !domain.contains('.');
                cookie.domain = domain;
            }
            "path" if value.starts_with('/') => cookie.path = value.to_owned(),
            "secure" => cookie.secure = true,
            "httponly" => cookie.http_only = true,
            "max-age" => max_age = value.parse::<i64>().ok(),
            "expires" => {
                let moment = httpdate::parse_http_date(&value.replace('-', " ")).ok();
                cookie.expires = moment.and_then(|moment| Timestamp::try_from(moment).ok());
            }
            _ => {}
        }
    }
    if let Some(seconds) = max_age {
        let span = jiff::SignedDuration::from_secs(seconds.clamp(-1, 400 * 24 * 3600));
        cookie.expires = now.checked_add(span).ok();
    }
    (!cookie.name.is_empty()).then_some(cookie)
}
