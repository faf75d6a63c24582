//! The inputs and outputs of a pace: decisions, answers, and reasons to wait.

use std::time::Duration;

use tokio::time::Instant;

use super::header_control::Left;

/// Whether a request may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may start. Return the ticket together with the answer's signal.
    Now(Ticket),
    /// It may not start before this moment.
    At(Instant, Why),
    /// It may not start before an open request has ended.
    Full,
}

/// A request that was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub(super) number: u64,
    pub(super) sent: Instant,
}

/// Why requests wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The site named the wait: `Retry-After`.
    RetryAfter,
    /// The site refused without naming a wait; headcount chose it.
    Backoff,
    /// The site fails or cannot be reached; headcount chose the wait.
    Failing,
    /// The rate that the site accepts.
    Learnt,
    /// The user's own limit (`--rate`).
    Own,
}

impl Why {
    /// The reason in words, to follow “waiting: ”.
    pub fn words(self) -> &'static str {
        match self {
            Self::RetryAfter => "the site asked headcount to wait (Retry-After)",
            Self::Backoff => "the site's rate limit refused a request, without saying for how long",
            Self::Failing => {
                "the site fails or cannot be reached; headcount tries again a little later"
            }
            Self::Learnt => "keeping to the rate that the site allows",
            Self::Own => "keeping to the given rate",
        }
    }
}

/// A wait that has just begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Its length, from now.
    pub wait: Duration,
    /// Its reason.
    pub why: Why,
    /// `RateLimit-Reason`, such as `jira-burst-based`, if the site sends it.
    pub reason: Option<String>,
}

impl Hold {
    /// The reason in words, to follow "waiting: ".
    pub fn words(&self) -> String {
        match &self.reason {
            Some(reason) => format!("{}; reason: {reason}", self.why.words()),
            None => self.why.words().to_owned(),
        }
    }
}

/// An answer's signal for the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The request was served, whatever the status (a 404 is served as well).
    Served {
        /// The time from sending to the complete answer.
        latency: Duration,
        /// `X-RateLimit-NearLimit: true`: less than a fifth is left.
        near_limit: bool,
        /// How many requests are left, if the site says it.
        left: Option<Left>,
    },
    /// 429.
    Refused {
        /// A believable `Retry-After`, if there is one.
        retry_after: Option<Duration>,
    },
    /// A 5xx, a lost or late answer, or no connection.
    Failed {
        /// A believable `Retry-After`, if there is one (some 503 have it).
        retry_after: Option<Duration>,
    },
    /// The request was never sent.
    Unsent,
}
