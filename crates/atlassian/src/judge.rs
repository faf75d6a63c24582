//! Decides what an answer is: data as described, a refusal, or neither.
//!
//! An answer means success only by the status that the description gives for its call, and by JSON if the
//! description gives a body. Sign-in, proxy and maintenance pages come with status 200 and HTML. After these, and
//! after any other 2xx, only a read shows what the site did.

use http::StatusCode;
use serde::de::DeserializeOwned;

use super::answer::{Answer, Ending};
use super::endpoint::{Body, Endpoint, Host};
use super::error::{CallError, CallErrorKind, Effect, Hint};
use super::json;
use super::limits::Limits;
use super::proxy_sign_in::unsupported;
use super::wire::refusal::{self, Refusal, Seats};
use headcount_model::clock::Clock;
use headcount_model::secret::Redactor;

/// How many characters of evidence are kept.
const KEPT: usize = 300;
/// How many characters of a site's message are kept. Its meaning is taken from its words, and it may name a group
/// twice, with 255 characters each.
pub(super) const WORDS_KEPT: usize = 1000;
/// How many bytes of a body are searched for a message.
const LOOKED_AT: usize = 16 * 1024;

/// Decides what an answer is. All texts pass the redactor.
#[derive(Debug)]
pub(super) struct Judge {
    pub limits: Limits,
    pub clock: Clock,
    pub redactor: Redactor,
}

impl Judge {
    /// Returns the answer if it means success, else the error. A read succeeds only if its body is complete, too.
    pub(super) fn judge(&self, endpoint: Endpoint, answer: Answer) -> Result<Answer, CallError> {
        let changes = endpoint.changes();
        if !answer.status.is_success() || (!changes && answer.says_signed_out()) {
            let refusal = self.refusal(endpoint, &answer);
            // The body says what a refusal means, so half a body is no answer. If the call is sent again, the site
            // repeats the refusal.
            return Err(match self.cut_off(endpoint, &answer) {
                Some(cut) if tells_by_its_body(&refusal.kind) => {
                    CallError { effect: refusal.effect, ..cut }
                }
                _ => refusal,
            });
        }
        if let (false, Some(error)) = (changes, self.cut_off(endpoint, &answer)) {
            return Err(error);
        }
        match self.unfitting(endpoint, &answer) {
            Some(error) => Err(error),
            None => Ok(answer),
        }
    }

    /// Why a 2xx is not the success that the description gives for the call.
    fn unfitting(&self, endpoint: Endpoint, answer: &Answer) -> Option<CallError> {
        let status = answer.status.as_u16();
        if is_page(answer) {
            let words = refusal::page_words(&self.text(answer));
            let error = self.unfit(endpoint, answer, CallErrorKind::Odd, &words);
            return Some(CallError { hint: Some(Hint::Page), ..error });
        }
        if !endpoint.success().contains(&status) {
            let described: Vec<_> = endpoint.success().iter().map(u16::to_string).collect();
            let words = format!("its answer is not the expected one ({})", described.join(", "));
            return Some(self.unfit(endpoint, answer, CallErrorKind::Odd, &words));
        }
        // A body that broke off, but had begun as described, came from the site.
        let start = answer.body.trim_ascii_start().first().copied();
        let fits = match (endpoint.body(), &answer.ending) {
            (Body::Nothing, Ending::Whole) => {
                start.is_none() || (start == Some(b'{') && is_json(&answer.body))
            }
            (Body::Nothing, _) => true,
            // Reads are parsed by their callers, which know the shape.
            (Body::Object, Ending::Whole) if endpoint.changes() => {
                start == Some(b'{') && is_json(&answer.body)
            }
            (Body::Object, _) => start == Some(b'{'),
            (Body::List, _) => start == Some(b'['),
        };
        if fits && endpoint.changes() && refusal::is_error(&answer.body) {
            let said = refusal::read(&self.text(answer)).words;
            let words = format!("its answer has a success status but reports an error: {said}");
            return Some(self.unfit(endpoint, answer, CallErrorKind::Odd, &words));
        }
        (!fits).then(|| {
            let words = match start {
                None => "its answer is empty but should have data",
                Some(_) => "its answer does not match Atlassian's documentation",
            };
            self.unfit(endpoint, answer, CallErrorKind::Odd, words)
        })
    }

    fn refusal(&self, endpoint: Endpoint, answer: &Answer) -> CallError {
        let text = self.text(answer);
        let refusal = refusal::read(&text);
        let said = if is_page(answer) { refusal::page_words(&text) } else { refusal.words.clone() };
        let address = is_refused(answer.status) && says_address_not_allowed(&said);
        let kind = match address {
            true => CallErrorKind::Credential,
            false => kind_of(answer, &refusal),
        };
        let no_effect = answer.status.is_client_error()
            || matches!(kind, CallErrorKind::Credential | CallErrorKind::Redirected);
        let effect = if no_effect { Effect::None } else { effect_if_sent(endpoint) };
        let to = answer.header("location").unwrap_or("no address");
        let words = match &kind {
            CallErrorKind::Redirected => format!(
                "the site redirects to {to}, and did not process the request; correct \
                 the address"
            ),
            _ if answer.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                let asked = answer.headers.get_all("proxy-authenticate").into_iter();
                let why = unsupported(asked.filter_map(|value| value.to_str().ok()));
                format!("a proxy {}", why.as_deref().unwrap_or("wants a name and a password"))
            }
            CallErrorKind::Credential if refusal.words.is_empty() => {
                "the credential was not accepted".to_owned()
            }
            _ => refusal.words,
        };
        let hint = match kind {
            _ if address => Some(Hint::Address),
            CallErrorKind::Forbidden { .. } | CallErrorKind::NotFound if is_page(answer) => {
                Some(Hint::Page)
            }
            _ => credential_hint(answer, &kind, &words),
        };
        let words = match hint {
            Some(Hint::Page) => refusal::page_words(&text),
            Some(Hint::Address) => format!("{said}; {NOT_ALLOWED}"),
            Some(Hint::Scope) => format!("{words}; {}", lacks_scope(endpoint)),
            Some(Hint::Captcha) => format!("{CAPTCHA} ({words})"),
            _ => words,
        };
        CallError {
            endpoint,
            kind,
            effect,
            status: Some(answer.status.as_u16()),
            words: self.one_line(&words, WORDS_KEPT),
            evidence: self.one_line(&text, KEPT),
            retry_after: answer.retry_after(self.clock.now()),
            key: refusal.key,
            hint,
        }
    }

    /// Parses the body as JSON. The error shows an excerpt.
    pub(super) fn json<T: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        answer: &Answer,
    ) -> Result<T, CallError> {
        if let Some(error) = self.cut_off(endpoint, answer) {
            return Err(error);
        }
        json::read(&answer.body).map_err(|error| {
            let words = format!("its answer does not match Atlassian's documentation: {error}");
            self.unfit(endpoint, answer, CallErrorKind::Odd, &words)
        })
    }

    fn cut_off(&self, endpoint: Endpoint, answer: &Answer) -> Option<CallError> {
        let limits = &self.limits;
        let (kind, words) = match &answer.ending {
            Ending::Whole => return None,
            Ending::Lost(why) => {
                (CallErrorKind::Lost, format!("the answer broke off in the middle: {why}"))
            }
            Ending::Late => (
                CallErrorKind::Timeout,
                format!("the answer was not complete within {} s", limits.whole.as_secs_f32()),
            ),
            Ending::TooLarge => {
                (CallErrorKind::Odd, format!("its answer is larger than {} bytes", limits.body))
            }
        };
        Some(self.unfit(endpoint, answer, kind, &words))
    }

    /// The error for an answer with a good status that cannot be used.
    pub(super) fn unfit(
        &self,
        endpoint: Endpoint,
        answer: &Answer,
        kind: CallErrorKind,
        words: &str,
    ) -> CallError {
        CallError {
            endpoint,
            kind,
            effect: effect_if_sent(endpoint),
            status: Some(answer.status.as_u16()),
            words: self.one_line(words, WORDS_KEPT),
            evidence: self.one_line(&self.text(answer), KEPT),
            retry_after: None,
            key: None,
            hint: None,
        }
    }

    fn text(&self, answer: &Answer) -> String {
        let looked_at = &answer.body[..answer.body.len().min(LOOKED_AT)];
        self.redactor.clean(&String::from_utf8_lossy(looked_at))
    }

    /// A text from the site: redacted, on one line, shortened.
    pub(super) fn one_line(&self, text: &str, most: usize) -> String {
        refusal::one_line(&self.redactor.clean(text), most)
    }
}

/// Whether the meaning of this kind of error depends on the body, too.
fn tells_by_its_body(kind: &CallErrorKind) -> bool {
    matches!(
        kind,
        CallErrorKind::BadRequest
            | CallErrorKind::Forbidden { .. }
            | CallErrorKind::NotFound
            | CallErrorKind::Conflict
    )
}

fn kind_of(answer: &Answer, refusal: &Refusal) -> CallErrorKind {
    if (answer.says_signed_out() || answer.asks_for_captcha()) && !answer.status.is_server_error() {
        return CallErrorKind::Credential;
    }
    let is_error = answer.status.is_client_error() || answer.status.is_server_error();
    let is_other = answer.asks_to_slow_down() || answer.status == StatusCode::UNAUTHORIZED;
    if refusal.seats == Seats::Full && is_error && !is_other {
        return CallErrorKind::Licence;
    }
    match answer.status {
        StatusCode::UNAUTHORIZED => CallErrorKind::Credential,
        status if status.is_redirection() => CallErrorKind::Redirected,
        StatusCode::PAYMENT_REQUIRED => CallErrorKind::Licence,
        StatusCode::FORBIDDEN => CallErrorKind::Forbidden { key: refusal.key.clone() },
        StatusCode::NOT_FOUND => CallErrorKind::NotFound,
        _ if answer.asks_to_slow_down() => CallErrorKind::RateLimited,
        StatusCode::CONFLICT if refusal.seats == Seats::Mentioned => CallErrorKind::Licence,
        StatusCode::CONFLICT => CallErrorKind::Conflict,
        StatusCode::BAD_REQUEST if refusal.seats == Seats::Mentioned => CallErrorKind::Licence,
        status if status.is_client_error() => CallErrorKind::BadRequest,
        status if status.is_server_error() => CallErrorKind::Server,
        _ => CallErrorKind::Odd,
    }
}

/// The message for an account that has to solve a CAPTCHA.
pub const CAPTCHA: &str = "the site asks this account for a CAPTCHA after failed sign-ins: sign in once \
    in a browser with the same account, then try again";

/// The message for a computer that an IP allowlist refuses.
pub const NOT_ALLOWED: &str =
    "the organization has an IP allowlist, and this computer's address is not on it";

/// Whether a message says that the site refuses the computer's IP address. The description does not give the
/// words; Atlassian's own pages use "IP address" and "allowlist".
pub fn says_address_not_allowed(words: &str) -> bool {
    let words = words.to_lowercase().replace(['-', '\u{a0}'], " ");
    ["allowlist", "allow list", "whitelist", "white list", "ip address", "ip restrict"]
        .iter()
        .any(|says| words.contains(says))
}

fn is_refused(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// Whether a message says that the credential lacks a scope. Atlassian's gateway answers 401 `Unauthorized; scope
/// does not match` (raycast/extensions#11212, smlx/jiratime#188).
pub fn says_scope(words: &str) -> bool {
    let words = words.to_lowercase();
    ["scope does not match", "insufficient scope", "insufficient_scope", "missing scope"]
        .iter()
        .any(|says| words.contains(says))
}

fn credential_hint(answer: &Answer, kind: &CallErrorKind, words: &str) -> Option<Hint> {
    match kind {
        CallErrorKind::Credential if answer.asks_for_captcha() => Some(Hint::Captcha),
        CallErrorKind::Credential | CallErrorKind::Forbidden { .. } if says_scope(words) => {
            Some(Hint::Scope)
        }
        _ => None,
    }
}

/// The message for a credential that lacks a scope, with what to create instead.
fn lacks_scope(endpoint: Endpoint) -> String {
    const READ: &str = "read:jira-user";
    match (endpoint.host(), endpoint.scope()) {
        (Host::Jira, scope) => {
            let scopes =
                if scope == READ { READ.to_owned() } else { format!("{scope} and {READ}") };
            format!(
                "the API token lacks a scope for this call; create one without scopes, or with {scopes}"
            )
        }
        (Host::Scim, _) => "the SCIM API key does not allow this call; create a new one".to_owned(),
        (Host::Admin, _) => {
            "the organization API key lacks a scope for this call; create one without scopes"
                .to_owned()
        }
    }
}

/// Whether the answer is a web page, by its content type or by its beginning.
fn is_page(answer: &Answer) -> bool {
    let says = answer.header("content-type").is_some_and(|kind| {
        let kind = kind.to_ascii_lowercase();
        kind.starts_with("text/html") || kind.starts_with("application/xhtml")
    });
    let start = answer.body.trim_ascii_start();
    start.starts_with(b"<") || (says && !start.is_empty() && !is_json(&answer.body))
}

fn is_json(body: &[u8]) -> bool {
    json::read::<serde::de::IgnoredAny>(body).is_ok()
}

/// The possible effect of a call that was sent.
pub(super) fn effect_if_sent(endpoint: Endpoint) -> Effect {
    if endpoint.changes() { Effect::Unknown } else { Effect::None }
}

#[cfg(test)]
mod tests {
    use super::super::pace::Said;
    use super::*;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};
    use std::time::Duration;

    fn judge(endpoint: Endpoint, status: u16, kind: &str, body: &str) -> Result<Answer, CallError> {
        let clock = Clock::System;
        let judge = Judge { limits: Limits::default(), clock, redactor: Redactor::default() };
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_str(kind).unwrap());
        let body = Bytes::copy_from_slice(body.as_bytes());
        let (status, ending) = (StatusCode::from_u16(status).unwrap(), Ending::Whole);
        judge.judge(endpoint, Answer { status, headers, body, ending, latency: Duration::ZERO })
    }

    /// A 200 instead of the described 204, or the other way round, does not mean success, whatever the body is:
    /// the site is read.
    #[test]
    fn a_status_that_is_not_described_is_no_yes() {
        for endpoint in Endpoint::ALL.iter().filter(|endpoint| endpoint.changes()) {
            for status in [200, 201, 202, 204, 206] {
                if endpoint.success().contains(&status) {
                    continue;
                }
                for body in ["", "{}", "[]", "null", "{\"message\":\"Success\"}"] {
                    let error = judge(*endpoint, status, "application/json", body).unwrap_err();
                    let seen = (error.kind, error.effect);
                    let wanted = (CallErrorKind::Odd, Effect::Unknown);
                    assert_eq!(seen, wanted, "{endpoint} {status} {body}");
                }
            }
        }
    }

    /// An error that means *sent too fast* also slows the pace, so no step is sent again without a pause.
    #[test]
    fn an_answer_that_is_rate_limited_is_never_a_served_one() {
        for status in (100..600).filter_map(|code| StatusCode::from_u16(code).ok()) {
            let answer = Answer {
                status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
                ending: Ending::Whole,
                latency: Duration::ZERO,
            };
            let is_limited = kind_of(&answer, &refusal::read("")) == CallErrorKind::RateLimited;
            let slows = matches!(answer.said(Clock::System.now()), Said::Refused { .. });
            assert_eq!(is_limited, slows, "{status}");
        }
    }

    /// An IP allowlist is recognized by its words. Of a web page, only the title counts.
    #[test]
    fn an_ip_allowlist_is_known_by_its_words() {
        let json = |words: &str| serde_json::json!({ "errorMessages": [words] }).to_string();
        for (status, body, is_one) in [
            (403, json("Your IP address is not on the allowlist."), true),
            (403, json("IP allowlisting is on"), true),
            (401, json("The IP address has been rejected"), true),
            (403, json("not in the allow-list"), true),
            (403, "<html><title>IP address not allowed</title></html>".into(), true),
            (403, json("You may not do this"), false),
            (404, json("No IP address"), false),
            (500, json("allowlist"), false),
            (403, "<html><title>Blocked</title><script>whitelist</script></html>".into(), false),
        ] {
            let error = judge(Endpoint::JiraMyself, status, "application/json", &body).unwrap_err();
            assert_eq!(error.says_address_not_allowed(), is_one, "{status} {body}: {error}");
        }
    }
}
