//! Sends a prepared request, stores its cookies, and follows redirects as `postman-request` does.

use std::time::Duration;

use bytes::Bytes;

use crate::prepare::{Prepared, Target};
use crate::variables::Mode;

use super::cookies::{Cookie, Jar};
use super::decode::decoded;
use super::sender::{Answer, Hop, NoAnswer, Sender};

/// The data for sending a request.
#[derive(Debug)]
pub struct Exchanging<'e, S> {
    /// The network.
    pub sender: &'e S,
    /// The jar.
    pub jar: &'e Jar,
    /// Whether redirects are followed if the request does not say it.
    pub follow_redirects: bool,
    /// The mode.
    pub mode: Mode,
}

/// The last answer.
#[derive(Clone, Debug, Default)]
pub struct Exchanged {
    /// The status; 0 after too many redirects, for which Newman has none.
    pub status: u16,
    /// The text after the status.
    pub reason: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The decompressed body.
    pub body: Bytes,
    /// The time of the last hop.
    pub time: Duration,
    /// The size of the body on the wire, in bytes.
    pub size: usize,
    /// The jar's cookies for the last address.
    pub cookies: Vec<Cookie>,
    /// How many redirects were followed.
    pub redirects: usize,
}

/// Sends a request and follows its redirects.
///
/// # Errors
/// A hop has no answer, or there are too many.
pub async fn exchange<S: Sender>(
    prepared: &Prepared,
    with: &Exchanging<'_, S>,
) -> Result<Exchanged, NoAnswer> {
    let behavior = &prepared.behavior;
    let keeps_cookies = behavior.disable_cookies != Some(true);
    let follows = behavior.follow_redirects.unwrap_or(with.follow_redirects);
    let most = behavior.max_redirects.unwrap_or(10);
    let mut hop = Hop {
        method: prepared.method.clone(),
        target: prepared.target.clone(),
        headers: prepared.wire.clone(),
        body: prepared.body.clone(),
        strict_ssl: behavior.strict_ssl,
    };
    let mut redirects = 0;
    loop {
        let cookies = keeps_cookies.then(|| with_cookies(&hop, with.jar)).flatten();
        let answer = with.sender.send(cookies.as_ref().unwrap_or(&hop)).await?;
        if keeps_cookies {
            let set =
                answer.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case("set-cookie"));
            set.for_each(|(_, value)| with.jar.set(&hop.target, value));
        }
        let location = answer.header("location").filter(|_| follows && is_redirect(answer.status));
        let Some(location) = location else {
            let cookies = if keeps_cookies { with.jar.get(&hop.target) } else { Vec::new() };
            return Ok(exchanged(answer, cookies, redirects));
        };
        if redirects >= most {
            let message = format!(
                "Exceeded maxRedirects. Probably stuck in a redirect loop {}",
                hop.target.text()
            );
            return Err(NoAnswer { code: "", message, maybe_sent: true });
        }
        let Ok(target) = hop.target.joined(location) else {
            let message = format!("Invalid URI \"{location}\"");
            return Err(NoAnswer { code: "", message, maybe_sent: true });
        };
        redirects += 1;
        redirected(&mut hop, target, answer.status, prepared, with.mode);
    }
}

fn is_redirect(status: u16) -> bool {
    (300..400).contains(&status)
}

fn redirected(hop: &mut Hop, target: Target, status: u16, prepared: &Prepared, mode: Mode) {
    let behavior = &prepared.behavior;
    let from = std::mem::replace(&mut hop.target, target);
    let mut removed = Vec::new();
    let is_elsewhere = from.host != hop.target.host;
    if is_elsewhere && behavior.follow_authorization != Some(true) {
        removed.push("authorization");
    }
    if behavior.follow_original_method != Some(true) && !matches!(status, 307 | 308) {
        if hop.method != "HEAD" {
            "GET".clone_into(&mut hop.method);
        }
        hop.body = None;
        removed.extend(["content-type", "content-length"]);
    }
    if behavior.remove_referer != Some(true) {
        removed.push("referer");
    }
    let is_removed = |key: &str| removed.iter().any(|name| key.eq_ignore_ascii_case(name));
    hop.headers.retain(|(key, _)| !is_removed(key));
    if behavior.remove_referer != Some(true) {
        hop.headers.push(("Referer".to_owned(), from.text()));
    }
    // Newman keeps the old port in `Host` if only the port changes.
    if is_elsewhere || mode == Mode::Safe {
        let authority = hop.target.authority();
        let host = hop.headers.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case("host"));
        match host {
            Some((_, value)) => *value = authority,
            None => hop.headers.push(("Host".to_owned(), authority)),
        }
    }
}

/// The same with the cookies for its address; `None`: there are none.
fn with_cookies(hop: &Hop, jar: &Jar) -> Option<Hop> {
    if jar.is_empty() {
        return None;
    }
    let cookies = jar.get(&hop.target);
    if cookies.is_empty() {
        return None;
    }
    let mut hop = hop.clone();
    let pairs: Vec<_> = cookies.iter().map(|it| format!("{}={}", it.name, it.value)).collect();
    let pairs = pairs.join("; ");
    match hop.headers.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case("cookie")) {
        Some((_, value)) => *value = format!("{value}; {pairs}"),
        None => hop.headers.push(("Cookie".to_owned(), pairs)),
    }
    Some(hop)
}

fn exchanged(answer: Answer, cookies: Vec<Cookie>, redirects: usize) -> Exchanged {
    let encoding = answer.header("content-encoding").map(str::to_owned);
    let size = answer.body.len();
    Exchanged {
        status: answer.status,
        reason: answer.reason,
        body: decoded(answer.body, encoding.as_deref()),
        headers: answer.headers,
        time: answer.time,
        size,
        cookies,
        redirects,
    }
}
