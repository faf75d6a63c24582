//! Why a call failed, and above all: whether it may have had an effect.
//!
//! | what happened | kind | effect of a changing call |
//! | --- | --- | --- |
//! | no connection (name, TCP) | [`Unreachable`](CallErrorKind::Unreachable) | none: no byte of the request was sent |
//! | no TLS, or a certificate that cannot be trusted | [`Untrusted`](CallErrorKind::Untrusted) | none: the key was not sent either |
//! | held back, rate | [`RateLimited`](CallErrorKind::RateLimited) | none: a 429 was not processed |
//! | any other 4xx | by status | none |
//! | a 4xx whose body broke off | [`Lost`](CallErrorKind::Lost), [`Timeout`](CallErrorKind::Timeout) | none; why is not known, so it is asked again |
//! | 5xx | [`Server`](CallErrorKind::Server) | unknown: a POST may have been done before it failed |
//! | connection broke after sending | [`Lost`](CallErrorKind::Lost) | unknown |
//! | too late | [`Timeout`](CallErrorKind::Timeout) | unknown |
//! | 3xx | [`Redirected`](CallErrorKind::Redirected) | none: a redirected request is not processed |
//! | a 2xx that is not the described answer | [`Odd`](CallErrorKind::Odd) | unknown |
//!
//! A 404 and a 403 are passed on only after the same credential has been answered about something that
//! must be there ([`proof`](super::proof)); one that is not ends as `Credential`.
//!
//! Reads never have an effect.

use std::fmt;
use std::time::Duration;

use super::endpoint::Endpoint;
use headcount_model::retry_after::LONGEST;

/// Whether the site may have changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Surely nothing: it may be sent again.
    None,
    /// Only reading the site can tell.
    Unknown,
}

/// What kind of failure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallErrorKind {
    /// 401, an answer that says that the key was not accepted, or a 404 or 403 to everything: the
    /// whole run stops.
    Credential,
    /// 403, with the key of the reason where the admin APIs give one: `externalDirectory.scim`,
    /// `administrative`, or `forbidden.targetUnverified`.
    Forbidden {
        /// The reason's key.
        key: Option<String>,
    },
    /// 404. Jira says the same where the right to see it is missing.
    NotFound,
    /// 400 and every other 4xx without a kind of its own.
    BadRequest,
    /// 409.
    Conflict,
    /// 429, or held back because the site has announced `Retry-After` since the permit was
    /// given (then without a status; nothing was sent).
    RateLimited,
    /// No seat is left, as far as the site's words or code tell: 402, `ADMIN-409-3`, or a 400 of
    /// Jira that mentions licenses.
    Licence,
    /// 5xx.
    Server,
    /// No connection: name or TCP failed, before any byte of the request was sent.
    Unreachable,
    /// No connection that could be trusted: the certificate is not the site's, or what answers does
    /// not speak TLS. Nothing was sent, the key neither.
    Untrusted,
    /// Sent, and the connection broke before the answer was whole.
    Lost,
    /// No whole answer within the time limit.
    Timeout,
    /// An answer that fits no description: malformed, too large, a web page, another 2xx.
    Odd,
    /// 3xx: the address sends on. The request was not processed, and is not sent on: the credential
    /// would go with it.
    Redirected,
    /// Not sent: the key shows no organization, or several and none is chosen.
    OrgUnclear,
    /// Not sent: the request could not be built from these values.
    Unsendable,
}

/// A call that failed. All texts are redacted, on one line, without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// Which call.
    pub endpoint: Endpoint,
    /// What kind of failure.
    pub kind: CallErrorKind,
    /// Whether the site may have changed something.
    pub effect: Effect,
    /// The answer's status, where one came.
    pub status: Option<u16>,
    /// The site's own message, else what happened; at most 300 characters.
    pub words: String,
    /// An excerpt of the answer's body; at most 300 characters, often empty.
    pub evidence: String,
    /// How long the site asks to wait, from when the answer came.
    pub retry_after: Option<Duration>,
    /// The key of the site's reason, where its answer gives one.
    pub key: Option<String>,
    /// What a person can do about it, where more is known than the kind says.
    pub hint: Option<Hint>,
}

/// What is known of a failure besides its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A web page came instead of data: a sign-in page, a proxy's, or a maintenance page.
    Page,
    /// The credential was accepted before, and now gets a 404 or a 403 for what must be there.
    Ended,
    /// The credential is good, and this family of calls is closed to it.
    Closed,
    /// The credential is good, and lacks the scope that the call needs.
    Scope,
    /// One 401 while other calls accept the credential: sent again.
    Excused,
    /// The site asks the account for a CAPTCHA after failed sign-ins.
    Captcha,
    /// The site refuses the address that the request came from: an IP allowlist.
    Address,
    /// After a 404 or 403, headcount could not check whether the credential is still accepted.
    Unproven,
}

impl CallError {
    /// Whether the site refuses the address that the request came from: an IP allowlist.
    pub fn says_address_not_allowed(&self) -> bool {
        self.hint == Some(Hint::Address)
    }

    /// Whether headcount could not check the credential after a 404 or 403. The check waits as long as is allowed.
    pub fn is_unproven(&self) -> bool {
        self.hint == Some(Hint::Unproven)
    }

    /// Whether the site says that the user is a member of the group already: status 400,
    /// `User is already a member of '…'` (AX-17; not in the description).
    pub fn says_already_member(&self) -> bool {
        self.kind == CallErrorKind::BadRequest && self.says("already a member")
    }

    /// Whether the site says that the user is no member of the group. What it answers is not
    /// described; the words are a guess, on the model of “already a member”.
    pub fn says_not_a_member(&self) -> bool {
        matches!(self.kind, CallErrorKind::BadRequest | CallErrorKind::NotFound)
            && (self.says("not a member") || self.says("isn't a member"))
    }

    /// Whether the site says that the group's name is in use: 400 by the Jira platform description,
    /// which does not give the words; they are a guess.
    pub fn says_in_use(&self) -> bool {
        matches!(self.kind, CallErrorKind::BadRequest | CallErrorKind::Conflict)
            && (self.says("already exists") || self.says("in use") || self.says("already taken"))
    }

    /// Whether the site says that the account is in the wanted state already. A-disable expects an
    /// error for an account that has been deactivated; which one is not described, 409 fits the
    /// user management description best; the words are a guess.
    pub fn says_already_so(&self) -> bool {
        matches!(self.kind, CallErrorKind::Conflict | CallErrorKind::BadRequest)
            && [
                "already deactivated",
                "already disabled",
                "already inactive",
                "already active",
                "already enabled",
                "already reactivated",
            ]
            .iter()
            .any(|words| self.says(words))
    }

    /// Whether the site says that the state of the account does not allow the change: the keys
    /// `conflict.…` of the user management description, and its words for them.
    pub fn says_not_eligible(&self) -> bool {
        self.key.as_deref().is_some_and(|key| key.starts_with("conflict"))
            || self.says("isn't eligible")
            || self.says("not eligible")
    }

    /// Whether another try later may succeed without anything else being changed.
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

    /// What the site asks for, where the call was refused for its rate.
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
