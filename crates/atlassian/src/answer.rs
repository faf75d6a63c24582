//! What came back from the site: status, headers, and a body that may be cut off.

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
    /// The time was over.
    Late,
    /// It is larger than the bound; the rest was not read.
    TooLarge,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, as far as it was read.
    pub body: Bytes,
    /// Whether that is all of it.
    pub ending: Ending,
    /// From sending to the end.
    pub latency: Duration,
}

impl Answer {
    /// A header as text; what is not ASCII text counts as absent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Every line of a header.
    fn header_lines(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }

    /// How long the site asks to wait, if it can be believed: `Retry-After` (its beta name too),
    /// and on a 429 or 503 without one the headers that announce a reset.
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let date = self.header("date");
        let given: Vec<&str> = ["retry-after", "beta-retry-after"]
            .iter()
            .map(|name| self.header_lines(name).collect::<Vec<_>>())
            .find(|lines| !lines.is_empty())
            .unwrap_or_default();
        // A proxy may add one of its own: the longest wait is kept.
        let asked = given.iter().filter_map(|value| retry_after::parse(value, date, now)).max();
        let refuses =
            [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&self.status);
        asked.or_else(|| self.reset(now).filter(|_| given.is_empty() && refuses))
    }

    /// When the limit is whole again: an own header (`X-RateLimit-Reset`, its beta name, the
    /// `RateLimit-Reset` of draft-ietf-httpapi-ratelimit-headers before its tenth version), or a
    /// list of limits (`Beta-RateLimit`, `RateLimit`, as in its tenth).
    fn reset(&self, now: Timestamp) -> Option<Duration> {
        let date = self.header("date");
        let own = ["x-ratelimit-reset", "ratelimit-reset", "x-beta-ratelimit-reset"];
        let own = own.iter().find_map(|name| retry_after::reset(self.header(name)?, date, now));
        own.or_else(|| {
            let lists = ["beta-ratelimit", "ratelimit"];
            lists.iter().find_map(|name| retry_after::reset_of_limits(self.header(name)?))
        })
    }

    /// Which limit refused, such as `jira-burst-based`.
    pub fn reason(&self) -> Option<&str> {
        ["ratelimit-reason", "x-ratelimit-reason", "x-beta-ratelimit-reason"]
            .iter()
            .find_map(|name| self.header(name))
            .filter(|reason| !reason.trim().is_empty())
    }

    /// What it says of the pace.
    pub fn said(&self, now: Timestamp) -> Said {
        let retry_after = self.retry_after(now);
        if self.status == StatusCode::TOO_MANY_REQUESTS {
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

    /// Whether the site asks the account for a CAPTCHA before it lets it in again, as Jira does after
    /// failed sign-ins (the headers are described in Jira's and Confluence's own REST documents; they
    /// come with a 401 or a 403).
    pub fn asks_for_captcha(&self) -> bool {
        self.header("x-authentication-denied-reason")
            .is_some_and(|reason| reason.to_ascii_uppercase().contains("CAPTCHA"))
            || self
                .header("x-seraph-loginreason")
                .is_some_and(|reason| reason.contains("AUTHENTICATION_DENIED"))
    }

    /// Jira may treat a refused credential as an anonymous user and answer 200 or 404; this header shows it
    /// (seen in the wild, not in the description).
    pub fn says_signed_out(&self) -> bool {
        self.header("x-seraph-loginreason").is_some_and(|reason| {
            reason.contains("AUTHENTICATED_FAILED") || reason.contains("AUTHENTICATION_DENIED")
        })
    }
}

/// Why there is no answer at all.
#[derive(Debug)]
pub enum NoAnswer {
    /// No connection: not a byte of the request was sent.
    Unreachable(String),
    /// Connected, but not safely: no TLS, or not with the host that was asked for. Not a byte was sent.
    Untrusted(String),
    /// Sent, perhaps; no head of an answer came.
    Lost(String),
    /// The time was over before the head of an answer came.
    Late,
    /// What came back is not HTTP, or its head is too large.
    Malformed(String),
}
