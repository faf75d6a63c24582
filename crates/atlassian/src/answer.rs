//! An answer of the site: status, headers, and a body that may be cut off.

use std::time::Duration;

use bytes::Bytes;
use headcount_model::retry_after;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;

use super::pace::{Left, Said};

/// How the body ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Complete.
    Whole,
    /// The connection broke in the middle.
    Lost(String),
    /// The time limit passed.
    Late,
    /// The body is larger than the limit; the rest was not read.
    TooLarge,
}

/// An answer of the site.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as far as it was read.
    pub body: Bytes,
    /// Whether the body is complete.
    pub ending: Ending,
    /// The time from sending the request to the end of the answer.
    pub latency: Duration,
}

impl Answer {
    /// The value of a header as text; `None` if it is not ASCII text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// All values of a header.
    fn header_lines(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }

    /// How long the site asks to wait, if the value is believable: `Retry-After` (or its beta name), and on a 429
    /// or 503 without it, the headers that announce a reset.
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let date = self.header("date");
        let given: Vec<&str> = ["retry-after", "beta-retry-after"]
            .iter()
            .map(|name| self.header_lines(name).collect::<Vec<_>>())
            .find(|lines| !lines.is_empty())
            .unwrap_or_default();
        // A proxy may add a value of its own: the longest wait counts.
        let asked = given.iter().filter_map(|value| retry_after::parse(value, date, now)).max();
        let refuses =
            [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&self.status);
        asked.or_else(|| self.reset(now).filter(|_| given.is_empty() && refuses))
    }

    /// When the limit is reset: by a header of its own (`X-RateLimit-Reset`, its beta name, the `RateLimit-Reset`
    /// of draft-ietf-httpapi-ratelimit-headers before version 10), or by a list of limits (`Beta-RateLimit`,
    /// `RateLimit`, as in version 10).
    fn reset(&self, now: Timestamp) -> Option<Duration> {
        let date = self.header("date");
        let own = ["x-ratelimit-reset", "ratelimit-reset", "x-beta-ratelimit-reset"];
        let own = own.iter().find_map(|name| retry_after::reset(self.header(name)?, date, now));
        own.or_else(|| {
            let lists = ["beta-ratelimit", "ratelimit"];
            lists.iter().find_map(|name| retry_after::reset_of_limits(self.header(name)?))
        })
    }

    /// The limit that refused the request, such as `jira-burst-based`.
    pub fn reason(&self) -> Option<&str> {
        ["ratelimit-reason", "x-ratelimit-reason", "x-beta-ratelimit-reason"]
            .iter()
            .find_map(|name| self.header(name))
            .filter(|reason| !reason.trim().is_empty())
    }

    /// Whether the site did not process the request because it came too fast. The step is sent again later, and the
    /// pace slows down.
    pub fn asks_to_slow_down(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
    }

    /// The answer's signal for the pace.
    pub fn said(&self, now: Timestamp) -> Said {
        let retry_after = self.retry_after(now);
        if self.asks_to_slow_down() {
            return Said::Refused { retry_after };
        }
        if self.status.is_server_error() || matches!(self.ending, Ending::Lost(_) | Ending::Late) {
            return Said::Failed { retry_after };
        }
        Said::Served {
            latency: self.latency,
            near_limit: self.says_near_limit(),
            left: self.left(),
        }
    }

    fn left(&self) -> Option<Left> {
        let number = |name| self.header(name)?.trim().parse().ok();
        let remaining = number("x-ratelimit-remaining")?;
        Some(Left { remaining, limit: number("x-ratelimit-limit")? })
    }

    fn says_near_limit(&self) -> bool {
        ["x-ratelimit-nearlimit", "x-beta-ratelimit-nearlimit"]
            .iter()
            .any(|name| self.header(name).is_some_and(|value| value.eq_ignore_ascii_case("true")))
    }

    /// Whether the site asks the account for a CAPTCHA before it accepts it again, as Jira does after failed
    /// sign-ins. (Jira's and Confluence's REST documents describe the headers; they come with a 401 or a 403.)
    pub fn asks_for_captcha(&self) -> bool {
        self.header("x-authentication-denied-reason")
            .is_some_and(|reason| reason.to_ascii_uppercase().contains("CAPTCHA"))
            || self
                .header("x-seraph-loginreason")
                .is_some_and(|reason| reason.contains("AUTHENTICATION_DENIED"))
    }

    /// Whether Jira treated the request as an anonymous user's and answered 200 or 404, as it may for a refused
    /// credential. This header shows it (seen in use, not in the description).
    pub fn says_signed_out(&self) -> bool {
        self.header("x-seraph-loginreason").is_some_and(|reason| {
            reason.contains("AUTHENTICATED_FAILED") || reason.contains("AUTHENTICATION_DENIED")
        })
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub enum NoAnswer {
    /// There is no connection: not one byte of the request was sent.
    Unreachable(String),
    /// The connection is not secure: no TLS, or another host than the requested one. Not one byte was sent.
    Untrusted(String),
    /// The request may have been sent; no head of an answer arrived.
    Lost(String),
    /// The time limit passed before the head of an answer arrived.
    Late,
    /// The answer is not HTTP, or its head is too large.
    Malformed(String),
}
