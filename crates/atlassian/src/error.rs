//! Errors of calls. The most important fact about each is whether the call may have had an effect.
//!
//! | what happened | kind | effect of a changing call |
//! | --- | --- | --- |
//! | no connection (name, TCP) | [`Unreachable`](CallErrorKind::Unreachable) | none: no byte of the request was sent |
//! | no TLS, or a certificate that cannot be trusted | [`Untrusted`](CallErrorKind::Untrusted) | none: not even the credential was sent |
//! | refused or held back for the rate | [`RateLimited`](CallErrorKind::RateLimited) | none: a 429 was not processed |
//! | any other 4xx | by status | none |
//! | a 4xx whose body is cut off | [`Lost`](CallErrorKind::Lost), [`Timeout`](CallErrorKind::Timeout) | none; the reason is not known, so the call is sent again |
//! | 5xx | [`Server`](CallErrorKind::Server) | unknown: the change may have been made before the failure |
//! | the connection broke after sending | [`Lost`](CallErrorKind::Lost) | unknown |
//! | no answer in time | [`Timeout`](CallErrorKind::Timeout) | unknown |
//! | 3xx | [`Redirected`](CallErrorKind::Redirected) | none: the site does not process a redirected request |
//! | a 2xx that is not the described answer | [`Odd`](CallErrorKind::Odd) | unknown |
//!
//! The client returns a 404 or a 403 only after the same credential has read something that must exist
//! ([`proof`](super::proof)). If the credential cannot read it, the error is `Credential`.
//!
//! Reads never have an effect.

use std::fmt;
use std::time::Duration;

use super::endpoint::Endpoint;
use headcount_model::retry_after::LONGEST;

/// Whether the site may have changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The site certainly changed nothing: the call may be sent again.
    None,
    /// Only a read can show whether the site changed something.
    Unknown,
}

/// The kind of failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallErrorKind {
    /// A 401, an answer that says that the credential was not accepted, or a 404 or 403 to everything. The whole
    /// run stops.
    Credential,
    /// A 403, with the reason's key if the admin APIs give one: `externalDirectory.scim`, `administrative`, or
    /// `forbidden.targetUnverified`.
    Forbidden {
        /// The reason's key.
        key: Option<String>,
    },
    /// A 404. Jira returns it too if the permission to see something is missing.
    NotFound,
    /// A 400, and every other 4xx without a kind of its own.
    BadRequest,
    /// A 409.
    Conflict,
    /// A 429. Without a status: nothing was sent, because the site has announced a `Retry-After` since the permit
    /// was given.
    RateLimited,
    /// No seat is left, judged by the site's words or code: 402, `ADMIN-409-3`, or a 400 of Jira that mentions
    /// licenses.
    Licence,
    /// A 5xx.
    Server,
    /// There is no connection: name or TCP failed before any byte of the request was sent.
    Unreachable,
    /// There is no secure connection: the certificate is not the site's, or the server does not use TLS. Nothing
    /// was sent, not even the credential.
    Untrusted,
    /// The request was sent, and the connection broke before the answer was complete.
    Lost,
    /// There was no complete answer within the time limit.
    Timeout,
    /// The answer fits no description: malformed, too large, a web page, another 2xx.
    Odd,
    /// A 3xx: the site redirects. The request was not processed. headcount does not follow, because the credential
    /// would go along.
    Redirected,
    /// Not sent: the key shows no organization, or several, and none is configured.
    OrgUnclear,
    /// Not sent: the request could not be built from these values.
    Unsendable,
}

/// A call that failed. All texts are redacted, on one line, and without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// The call.
    pub endpoint: Endpoint,
    /// The kind of failure.
    pub kind: CallErrorKind,
    /// Whether the site may have changed something.
    pub effect: Effect,
    /// The answer's status, if there was an answer.
    pub status: Option<u16>,
    /// The site's own message, else a description of what happened; at most 300 characters.
    pub words: String,
    /// An excerpt of the answer's body; at most 300 characters, often empty.
    pub evidence: String,
    /// How long the site asks to wait, from the answer's arrival.
    pub retry_after: Option<Duration>,
    /// The key of the site's reason, if the answer gives one.
    pub key: Option<String>,
    /// More about the cause, if more is known than the kind.
    pub hint: Option<Hint>,
}

/// More about the cause of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The answer is a web page instead of data: a sign-in page, a proxy's page, or a maintenance page.
    Page,
    /// The credential was accepted before, and now gets a 404 or a 403 for something that must exist.
    Ended,
    /// The credential is good, but cannot use this family of calls.
    Closed,
    /// The credential is good, but lacks the scope that the call needs.
    Scope,
    /// A single 401, while other calls accept the credential. The call is sent again.
    Excused,
    /// The site asks the account for a CAPTCHA after failed sign-ins.
    Captcha,
    /// The site refuses the computer's IP address: an IP allowlist.
    Address,
    /// After a 404 or 403, headcount could not check whether the credential is still accepted.
    Unproven,
}

impl CallError {
    /// Whether the site refuses the computer's IP address, because of an IP allowlist.
    pub fn says_address_not_allowed(&self) -> bool {
        self.hint == Some(Hint::Address)
    }

    /// Whether headcount could not check the credential after a 404 or 403. The check waits as long as is allowed.
    pub fn is_unproven(&self) -> bool {
        self.hint == Some(Hint::Unproven)
    }

    /// Whether the site says that the user is already a member of the group: status 400, `User is already a member
    /// of '…'` (AX-17; not in the description).
    pub fn says_already_member(&self) -> bool {
        self.kind == CallErrorKind::BadRequest && self.says("already a member")
    }

    /// Whether the site says that the user is not a member of the group. The description does not give the answer;
    /// the words are a guess, modeled on “already a member”.
    pub fn says_not_a_member(&self) -> bool {
        matches!(self.kind, CallErrorKind::BadRequest | CallErrorKind::NotFound)
            && (self.says("not a member") || self.says("isn't a member"))
    }

    /// Whether the site says that the user of the change does not exist: Jira's `Specified user does not exist …`, the
    /// organization's `User not found` (neither is in the descriptions; client trackers show the first).
    pub fn says_no_such_user(&self) -> bool {
        self.kind == CallErrorKind::NotFound
            && ["user does not exist", "user not found", "find the user", "account not found"]
                .iter()
                .any(|words| self.says(words))
    }

    /// Whether the site says that the group's name is in use: a 400 according to the Jira platform description,
    /// which does not give the words; they are a guess.
    pub fn says_in_use(&self) -> bool {
        matches!(self.kind, CallErrorKind::BadRequest | CallErrorKind::Conflict)
            && (self.says("already exists") || self.says("in use") || self.says("already taken"))
    }

    /// Whether the site says that the account is already in the wanted state. A-disable expects an error for an
    /// account that is deactivated; the description does not say which. 409 fits the user management description
    /// best; the words are a guess.
    pub fn says_already_so(&self) -> bool {
        matches!(self.kind, CallErrorKind::Conflict | CallErrorKind::BadRequest)
            && [
                "already deactivated",
                "already disabled",
                "already inactive",
                "already active",
                "already enabled",
                "already reactivated",
                "already scheduled for deletion",
            ]
            .iter()
            .any(|words| self.says(words))
    }

    /// Whether the site says that the account's state does not allow the change: the keys `conflict.…` of the user
    /// management description, and its words for them.
    pub fn says_not_eligible(&self) -> bool {
        self.key.as_deref().is_some_and(|key| key.starts_with("conflict"))
            || self.says("isn't eligible")
            || self.says("not eligible")
    }

    /// Whether the same call may succeed later although nothing else changes.
    pub fn passes_by_itself(&self) -> bool {
        matches!(
            self.kind,
            CallErrorKind::RateLimited
                | CallErrorKind::Server
                | CallErrorKind::Unreachable
                | CallErrorKind::Untrusted
                | CallErrorKind::Lost
                | CallErrorKind::Timeout
        )
    }

    pub(super) fn unsendable(endpoint: Endpoint, why: &dyn fmt::Display) -> Self {
        Self {
            endpoint,
            kind: CallErrorKind::Unsendable,
            effect: Effect::None,
            status: None,
            words: format!("not sent: {why}"),
            evidence: String::new(),
            retry_after: None,
            key: None,
            hint: None,
        }
    }

    /// Writes how long the site asks to wait, if the call was refused for its rate.
    fn write_wait(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(wait) = self.retry_after.filter(|_| self.kind == CallErrorKind::RateLimited)
        else {
            return Ok(());
        };
        write!(f, "; the site asks headcount to wait {} s", wait.as_secs())?;
        if wait > LONGEST { f.write_str(", longer than a day") } else { Ok(()) }
    }

    fn says(&self, words: &str) -> bool {
        self.words.to_lowercase().contains(words) || self.evidence.to_lowercase().contains(words)
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}: ", self.endpoint.verb())?;
        if let Some(status) = self.status {
            write!(f, "{} answered {status}", self.endpoint.host())?;
            if !self.words.is_empty() {
                write!(f, ": {}", self.words)?;
            }
            return self.write_wait(f);
        }
        f.write_str(&self.words)
    }
}

impl std::error::Error for CallError {}
