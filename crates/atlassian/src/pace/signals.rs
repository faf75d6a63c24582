//! The inputs and outputs of a pace: decisions, answers, reasons to wait.

use std::time::Duration;

use tokio::time::Instant;

use super::header_control::Left;

/// May a request start?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes; hand the ticket back with what the answer said.
    Now(Ticket),
    /// Not before then.
    At(Instant, Why),
    /// Not before one in flight has come back.
    Full,
}

/// A request that was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub(super) number: u64,
    pub(super) sent: Instant,
}

/// Why something waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The site said so: `Retry-After`.
    RetryAfter,
    /// The site refused without saying how long; our own wait.
    Backoff,
    /// The site fails, or is out of reach; our own wait.
    Failing,
    /// The rate that the site has shown to take.
    Learnt,
    /// The user's own ceiling (`--rate`).
    Own,
}

impl Why {
    /// For people, to stand after “waiting: ”.
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
    /// How long, from now.
    pub wait: Duration,
    /// Why.
    pub why: Why,
    /// `RateLimit-Reason`, such as `jira-burst-based`, where the site gives one.
    pub reason: Option<String>,
}

impl Hold {
    /// For people, to stand after "waiting: ".
    pub fn words(&self) -> String {
        match &self.reason {
            Some(reason) => format!("{}; reason: {reason}", self.why.words()),
            None => self.why.words().to_owned(),
        }
    }
}

/// What an answer said of the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Served, whatever the status (a 404 is served as well).
    Served {
        /// From sending to the whole answer.
        latency: Duration,
        /// `X-RateLimit-NearLimit: true`: less than a fifth is left.
        near_limit: bool,
        /// What the site says is left, if it does.
        left: Option<Left>,
    },
    /// 429.
    Refused {
        /// A believable `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// 5xx, lost, too late, or no connection.
    Failed {
        /// A believable `Retry-After` (some 503 have one).
        retry_after: Option<Duration>,
    },
    /// It was never sent.
    Unsent,
}
