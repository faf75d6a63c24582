//! Sends calls: a change once and at once, a read in its turn and again where that helps.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Request, StatusCode};
use http_body_util::Full;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use super::answer::{Answer, NoAnswer};
use super::doubt::Doubt;
use super::endpoint::Endpoint;
use super::error::{CallError, CallErrorKind, Effect, Hint};
use super::judge::{Judge, WORDS_KEPT, effect_if_sent};
use super::limits::Limits;
use super::pace::{Pacer, Permit, Said, Why, backoff};
use super::proof::{Ask, Proofs};
use super::site_clock::SiteClock;
use super::transport::Transport;
use crate::access::Address;

/// What all calls of a run share.
#[derive(Debug)]
pub(super) struct Shared {
    pub transport: Transport,
    pub pacer: Pacer,
    pub judge: Judge,
    pub site_clock: SiteClock,
}

/// Sends calls to one address with one credential. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    base: Address,
    /// Marked sensitive: it does not show in `Debug`.
    credential: HeaderValue,
    /// The site has refused the credential: nothing further goes out with it.
    refused: Arc<AtomicBool>,
    doubt: Arc<Doubt>,
    /// The address has sent on to another: nothing further goes out to it.
    moved: Arc<OnceLock<String>>,
    pub(super) proofs: Arc<Proofs>,
    pub(super) shared: Arc<Shared>,
}

/// A call, ready to be sent.
#[derive(Clone, Debug)]
pub struct Call {
    /// Which.
    pub endpoint: Endpoint,
    /// Path and query, percent-encoded.
    pub path: String,
    /// A JSON body.
    pub body: Option<Bytes>,
}

/// What a read is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Data,
    /// Whether the credential is still accepted: this alone is sent while that is in doubt.
    Proof,
}

/// A read that failed (5xx, no answer) is sent again after this time, doubled for each further failure. The
/// waits of an endpoint are in [`pace`](super::pace).
const FIRST_WAIT_BEFORE_REREAD: Duration = Duration::from_millis(500);
const LONGEST_WAIT_BEFORE_REREAD: Duration = Duration::from_secs(10);
/// A site that cannot be reached at all is tried no more often than this.
const UNREACHABLE_ATTEMPTS: u32 = 3;
/// Characters of a reason that are kept; the known ones have some 25.
const REASON_KEPT: usize = 60;
impl Client {
    pub(super) fn new(base: Address, credential: HeaderValue, shared: Arc<Shared>) -> Self {
        Self {
            base,
            credential,
            refused: Arc::default(),
            doubt: Arc::default(),
            moved: Arc::default(),
            proofs: Arc::default(),
            shared,
        }
    }

    /// Once the site has refused the credential, or its address sends on, nothing more is sent, no matter who
    /// has a place in the pace already.
    fn may_send(&self, endpoint: Endpoint) -> Result<(), CallError> {
        let (kind, words) = match (self.is_refused(), self.moved.get()) {
            (true, _) => (
                CallErrorKind::Credential,
                "not sent: the site has refused the credential".to_owned(),
            ),
            (false, Some(to)) => {
                let words = format!("not sent: the site redirects{to}; correct the address");
                (CallErrorKind::Redirected, words)
            }
            (false, None) => return Ok(()),
        };
        Err(not_sent(endpoint, kind, &self.one_line(&words, WORDS_KEPT)))
    }

    /// The pace that every call keeps to.
    pub fn pacer(&self) -> &Pacer {
        &self.shared.pacer
    }

    /// Sends a changing call exactly once, right now.
    ///
    /// Once the site has refused the credential nothing more is sent with it, no matter who holds a
    /// permit already: at most what was under way reaches the site after the first 401.
    ///
    /// If the site has asked for quiet since the permit was given, or the credential has come in doubt,
    /// nothing is sent and the error is [`CallErrorKind::RateLimited`] without a status.
    pub async fn change(&self, permit: Permit, call: &Call) -> Result<Answer, CallError> {
        debug_assert_eq!(permit.endpoint(), call.endpoint, "a permit is for one endpoint");
        self.may_send(call.endpoint)?;
        if self.doubt.is_on() {
            // The question needs a place of its own, and this may be the last one.
            drop(permit);
            self.confirm(call.endpoint).await;
            self.may_send(call.endpoint)?;
            let words = "not sent: headcount first checks whether the credential is still accepted";
            return Err(not_sent(call.endpoint, CallErrorKind::RateLimited, words));
        }
        if let Some((until, why)) = permit.held() {
            return Err(held_back(call.endpoint, until, why));
        }
        let sent = Instant::now();
        let answer = self.exchange(permit, call, Asks::Data).await?;
        match self.shared.judge.judge(call.endpoint, answer) {
            Err(error) => {
                let error = self.confirmed(error, sent).await;
                Err(self.proofs.proven(self, error).await)
            }
            Ok(answer) => {
                self.doubt.end(call.endpoint);
                self.heed_date(&answer);
                Ok(answer)
            }
        }
    }

    /// The date of an answer as described is the site's. The answer to a question about the credential counts, too:
    /// a process that only reads whether a user is there may get no other (a 404 has no date that counts).
    fn heed_date(&self, answer: &Answer) {
        self.shared.site_clock.heed(answer.header("date"), answer.latency);
    }

    /// Sends a reading call when the pace allows, again after a refusal for rate, a 5xx or a lost
    /// connection, with a budget. The last error is given back when it is used up. Once the site
    /// has refused the credential, nothing more is asked with it either.
    pub async fn read(&self, call: &Call) -> Result<Answer, CallError> {
        let (sent, mut result) = self.read_undoubted(call).await;
        if let Err(error) = result {
            let error = self.confirmed(error, sent).await;
            result = match error.hint {
                Some(Hint::Excused) => self.read_undoubted(call).await.1,
                _ => Err(error),
            };
        }
        match result {
            Ok(answer) => {
                self.doubt.end(call.endpoint);
                Ok(answer)
            }
            Err(error) => {
                if is_plain_401(&error) {
                    self.refuse();
                }
                Err(self.proofs.proven(self, error).await)
            }
        }
    }

    /// A 401 stops everything else until the credential was asked about: one alone may be a chance.
    async fn confirm(&self, endpoint: Endpoint) {
        if !self.doubt.is_on() {
            return;
        }
        let _one = self.doubt.asking.lock().await;
        if self.doubt.is_on() && !self.is_refused() {
            if !self.proofs.holds(self, endpoint).await {
                self.refuse();
            }
            self.doubt.over();
        }
    }

    /// A 401, confirmed: by what the credential must see, or by a second one to the same call.
    async fn confirmed(&self, error: CallError, sent: Instant) -> CallError {
        if !is_plain_401(&error) {
            return error;
        }
        self.confirm(error.endpoint).await;
        if self.is_refused() || self.doubt.is_second(error.endpoint, sent) {
            self.refuse();
            return error;
        }
        let words = format!(
            "{}; other calls accept the credential, so headcount sends it again",
            error.words
        );
        CallError { kind: CallErrorKind::Lost, words, hint: Some(Hint::Excused), ..error }
    }

    /// The same, with a 404 or a 403 taken as it comes; and since when it was sent. Who was waiting for
    /// a place when the credential came in doubt waits for the answer to that, too.
    async fn read_undoubted(&self, call: &Call) -> (Instant, Result<Answer, CallError>) {
        loop {
            self.confirm(call.endpoint).await;
            let since = Instant::now();
            if let Some(done) = self.read_unproven(call, Asks::Data).await.transpose() {
                return (since, done);
            }
        }
    }

    /// `None`: not sent, or not once more, for the credential has come in doubt.
    async fn read_unproven(&self, call: &Call, asks: Asks) -> Result<Option<Answer>, CallError> {
        let limits = &self.shared.judge.limits;
        let mut failures = 0;
        let mut refused_since: Option<Instant> = None;
        loop {
            // Such a wait may be of an earlier command.
            let permit = place(self.pacer(), limits, call.endpoint).await?;
            self.may_send(call.endpoint)?;
            if asks == Asks::Data && self.doubt.is_on() {
                return Ok(None);
            }
            let result = match self.exchange(permit, call, asks).await {
                Ok(answer) => self.shared.judge.judge(call.endpoint, answer),
                Err(error) => Err(error),
            };
            let error = match result {
                Ok(answer) => {
                    self.heed_date(&answer);
                    return Ok(Some(answer));
                }
                Err(error) => error,
            };
            if error.kind == CallErrorKind::RateLimited {
                let since = *refused_since.get_or_insert_with(Instant::now);
                let next = error.retry_after.unwrap_or_default();
                if since.elapsed() + next > limits.patience {
                    return Err(error);
                }
                // The pace holds the endpoint back; `ready` waits for it.
                continue;
            }
            refused_since = None;
            failures += 1;
            let budget = match error.kind {
                CallErrorKind::Unreachable => UNREACHABLE_ATTEMPTS.min(limits.read_attempts),
                // A certificate is the same a second later.
                CallErrorKind::Untrusted => 1,
                _ => limits.read_attempts,
            };
            if !error.passes_by_itself() || failures >= budget {
                return Err(error);
            }
            let own = self.pacer().stretch(
                backoff(failures, FIRST_WAIT_BEFORE_REREAD, LONGEST_WAIT_BEFORE_REREAD),
                0.3,
            );
            let wait = own.max(error.retry_after.unwrap_or_default());
            if !limits.bears(wait) {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// A read whose answer is JSON of a known shape.
    pub async fn read_json<T: DeserializeOwned>(&self, call: &Call) -> Result<T, CallError> {
        let answer = self.read(call).await?;
        self.json(call.endpoint, &answer)
    }

    /// The body as JSON of a known shape, else an error that shows an excerpt.
    pub(super) fn json<T: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        answer: &Answer,
    ) -> Result<T, CallError> {
        self.shared.judge.json(endpoint, answer)
    }

    /// An answer with a good status that cannot be used.
    pub(super) fn unfit(
        &self,
        endpoint: Endpoint,
        answer: &Answer,
        kind: CallErrorKind,
        words: &str,
    ) -> CallError {
        self.shared.judge.unfit(endpoint, answer, kind, words)
    }

    /// A site's words: redacted, on one line, cut to a length.
    pub(super) fn one_line(&self, text: &str, most: usize) -> String {
        self.shared.judge.one_line(text, most)
    }

    /// One request, one answer; the permit is given back with what the answer said.
    async fn exchange(&self, permit: Permit, call: &Call, asks: Asks) -> Result<Answer, CallError> {
        let request = match self.request(call) {
            Ok(request) => request,
            Err(error) => return Err(CallError::unsendable(call.endpoint, &error)),
        };
        match self
            .shared
            .transport
            .send_and(request, |head| self.heed(call.endpoint, asks, head))
            .await
        {
            Ok(answer) => {
                permit.finish(answer.said(self.shared.judge.clock.now()));
                Ok(answer)
            }
            Err(none) => {
                permit.finish(Said::Failed { retry_after: None });
                Err(self.no_answer(call.endpoint, none))
            }
        }
    }

    /// What an answer's head forbids counts at once: its body may trickle for a minute.
    fn heed(&self, endpoint: Endpoint, asks: Asks, head: &Answer) {
        if head.status == StatusCode::UNAUTHORIZED {
            // Before the permit is given back and another takes its place. At sign-in, too, one 401 may
            // be a chance.
            match asks {
                Asks::Proof => self.refuse(),
                Asks::Data => self.doubt.begin(),
            }
        }
        if head.status.is_redirection() {
            let to = head.header("location").map_or_else(String::new, |to| format!(" to {to}"));
            // The first one counts: what follows it is not sent.
            let _ = self.moved.set(to);
        }
        if let Said::Refused { retry_after: Some(wait) }
        | Said::Failed { retry_after: Some(wait) } = head.said(self.shared.judge.clock.now())
        {
            let reason = head.reason().map(|reason| self.one_line(reason, REASON_KEPT));
            self.pacer().hold(endpoint, wait, reason);
        }
    }

    fn request(&self, call: &Call) -> Result<Request<Full<Bytes>>, http::Error> {
        let mut request = Request::builder()
            .method(call.endpoint.method())
            .uri(self.base.join(&call.path)?)
            .header(AUTHORIZATION, self.credential.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(
                USER_AGENT,
                HeaderValue::from_static(concat!("headcount/", env!("CARGO_PKG_VERSION"))),
            );
        if call.body.is_some() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        request.body(Full::new(call.body.clone().unwrap_or_default()))
    }

    fn no_answer(&self, endpoint: Endpoint, none: NoAnswer) -> CallError {
        let sent = effect_if_sent(endpoint);
        let whole = self.shared.judge.limits.whole.as_secs_f32();
        let (kind, effect, words) = match none {
            NoAnswer::Unreachable(why) => (
                CallErrorKind::Unreachable,
                Effect::None,
                format!("{} cannot be reached: {why}", self.base),
            ),
            NoAnswer::Untrusted(why) => (
                CallErrorKind::Untrusted,
                Effect::None,
                format!("no safe connection to {}: {why}", self.base),
            ),
            NoAnswer::Lost(why) => (
                CallErrorKind::Lost,
                sent,
                format!("the connection to {} broke before an answer: {why}", self.base),
            ),
            NoAnswer::Late => (
                CallErrorKind::Timeout,
                sent,
                format!("{} did not answer within {whole} s", self.base),
            ),
            NoAnswer::Malformed(why) => {
                (CallErrorKind::Odd, sent, format!("{} did not answer in HTTP: {why}", self.base))
            }
        };
        CallError {
            endpoint,
            kind,
            effect,
            status: None,
            words: self.one_line(&words, WORDS_KEPT),
            evidence: String::new(),
            retry_after: None,
            key: None,
            hint: None,
        }
    }
}

/// A 401 that says nothing more.
fn is_plain_401(error: &CallError) -> bool {
    error.kind == CallErrorKind::Credential && error.status == Some(401) && error.hint.is_none()
}

impl Ask for Client {
    async fn ask(&self, endpoint: Endpoint, path: String) -> Result<Value, CallError> {
        let call = Call { endpoint, path, body: None };
        let answer = self.read_unproven(&call, Asks::Proof).await?;
        // Of a proof there is always one.
        let answer = answer.ok_or_else(|| {
            not_sent(
                endpoint,
                CallErrorKind::Credential,
                "not sent: headcount does not know yet whether the credential is still accepted",
            )
        })?;
        self.json(endpoint, &answer)
    }

    fn is_refused(&self) -> bool {
        self.refused.load(Ordering::SeqCst)
    }

    fn refuse(&self) {
        self.refused.store(true, Ordering::SeqCst);
    }
}

/// Waits for a place in the pace, as long as is borne.
pub(super) async fn place(
    pacer: &Pacer,
    limits: &Limits,
    endpoint: Endpoint,
) -> Result<Permit, CallError> {
    let place = pacer.ready_unless(endpoint, |wait| !limits.bears(wait)).await;
    place.map_err(|(until, why)| held_back(endpoint, until, why))
}

fn held_back(endpoint: Endpoint, until: Instant, why: Why) -> CallError {
    let wait = until.saturating_duration_since(Instant::now());
    let words = format!("not sent: {}; wait {} s more", why.words(), wait.as_secs());
    CallError { retry_after: Some(wait), ..not_sent(endpoint, CallErrorKind::RateLimited, &words) }
}

fn not_sent(endpoint: Endpoint, kind: CallErrorKind, words: &str) -> CallError {
    CallError {
        endpoint,
        kind,
        effect: Effect::None,
        status: None,
        words: words.to_owned(),
        evidence: String::new(),
        retry_after: None,
        key: None,
        hint: None,
    }
}
