//! Sends calls: a change once and without waiting; a read when the pace allows, and again if that helps.

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
use super::endpoint::{Endpoint, Host};
use super::error::{CallError, CallErrorKind, Effect, Hint};
use super::judge::{Judge, WORDS_KEPT, effect_if_sent};
use super::limits::Limits;
use super::pace::{Pacer, Permit, Said, Why, backoff};
use super::proof::{Ask, Proofs};
use super::site_clock::SiteClock;
use super::transport::Transport;
use crate::access::Address;

/// The parts that all clients of a run share.
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
    /// Marked as sensitive, so that `Debug` does not show it.
    credential: HeaderValue,
    /// Whether the site has refused the credential. Then nothing more is sent with it.
    refused: Arc<AtomicBool>,
    doubt: Arc<Doubt>,
    /// The address that the site redirected to, if it did. Then nothing more is sent to this site.
    moved: Arc<OnceLock<String>>,
    pub(super) proofs: Arc<Proofs>,
    pub(super) shared: Arc<Shared>,
}

/// A call that is ready to be sent.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its endpoint.
    pub endpoint: Endpoint,
    /// Its path and query, percent-encoded.
    pub path: String,
    /// Its JSON body.
    pub body: Option<Bytes>,
}

/// The purpose of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Data,
    /// To find out whether the credential is still accepted. While that is in doubt, only such reads are sent.
    Proof,
}

/// A read that failed (5xx, no answer) is sent again after this time, doubled for each further failure. The waits
/// of an endpoint are in [`pace`](super::pace).
const FIRST_WAIT_BEFORE_REREAD: Duration = Duration::from_millis(500);
const LONGEST_WAIT_BEFORE_REREAD: Duration = Duration::from_secs(10);
/// How often a read is sent at most if the site cannot be reached at all.
const UNREACHABLE_ATTEMPTS: u32 = 3;
/// How many characters of a reason are kept; the known reasons have about 25.
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

    /// Refuses to send if the site has refused the credential or redirects, or the lease of the run has ended, even if
    /// the pace has given a permit already.
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
            (false, None) if !self.shared.transport.is_open() => {
                (CallErrorKind::Unreachable, "not sent: the lease of the run has ended".to_owned())
            }
            (false, None) => return Ok(()),
        };
        Err(not_sent(endpoint, kind, &self.one_line(&words, WORDS_KEPT)))
    }

    /// The pacer of this client's calls.
    pub fn pacer(&self) -> &Pacer {
        &self.shared.pacer
    }

    /// Sends a changing call exactly once, without waiting.
    ///
    /// After the site has refused the credential, nothing more is sent with it, whatever permits are given
    /// already: only requests that were under way reach the site after the first 401.
    ///
    /// If the site has asked for a wait since the permit was given, or the credential is in doubt, nothing is
    /// sent, and the error is [`CallErrorKind::RateLimited`] without a status.
    pub async fn change(&self, permit: Permit, call: &Call) -> Result<Answer, CallError> {
        debug_assert_eq!(permit.endpoint(), call.endpoint, "a permit is for one endpoint");
        self.may_send(call.endpoint)?;
        if self.doubt.is_on() {
            // The question about the credential needs a permit of its own, and this one may be the last.
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

    /// Takes the site's time from an answer that is as described. The answer to a question about the credential
    /// counts too, because a process that only checks whether a user exists may get no other (the date of a 404
    /// does not count).
    fn heed_date(&self, answer: &Answer) {
        self.shared.site_clock.heed(answer.header("date"), answer.latency);
    }

    /// Sends a read when the pace allows. Sends it again after a refusal for rate, a 5xx or a lost connection, as
    /// often as the limits allow, and then returns the last error. After the site has refused the credential, no
    /// read is sent either.
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

    /// After a 401, asks about the credential before anything else is sent: a single 401 may be an accident.
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

    /// A 401 that is confirmed, either by a question about the credential, or by a second 401 to the same call.
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

    /// Sends a read without questioning a 404 or a 403. Also returns when it was sent. A read that waits for a
    /// permit while the credential comes into doubt waits for the answer to that question, too.
    async fn read_undoubted(&self, call: &Call) -> (Instant, Result<Answer, CallError>) {
        loop {
            self.confirm(call.endpoint).await;
            let since = Instant::now();
            if let Some(done) = self.read_unproven(call, Asks::Data).await.transpose() {
                return (since, done);
            }
        }
    }

    /// Returns `None` if the read was not sent, or not sent again, because the credential came into doubt.
    async fn read_unproven(&self, call: &Call, asks: Asks) -> Result<Option<Answer>, CallError> {
        let limits = &self.shared.judge.limits;
        let mut failures = 0;
        let mut refused_since: Option<Instant> = None;
        loop {
            // An earlier command may have left such a wait.
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
                // The pace holds the endpoint back, and `ready` waits for it.
                continue;
            }
            refused_since = None;
            failures += 1;
            let budget = match error.kind {
                CallErrorKind::Unreachable => UNREACHABLE_ATTEMPTS.min(limits.read_attempts),
                // A certificate does not change within a second.
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

    /// Sends a read and parses its answer as JSON.
    pub async fn read_json<T: DeserializeOwned>(&self, call: &Call) -> Result<T, CallError> {
        let answer = self.read(call).await?;
        self.json(call.endpoint, &answer)
    }

    /// Parses the body as JSON. The error shows an excerpt.
    pub(super) fn json<T: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        answer: &Answer,
    ) -> Result<T, CallError> {
        self.shared.judge.json(endpoint, answer)
    }

    /// The error for an answer with a good status that cannot be used.
    pub(super) fn unfit(
        &self,
        endpoint: Endpoint,
        answer: &Answer,
        kind: CallErrorKind,
        words: &str,
    ) -> CallError {
        self.shared.judge.unfit(endpoint, answer, kind, words)
    }

    /// A text from the site: redacted, on one line, shortened.
    pub(super) fn one_line(&self, text: &str, most: usize) -> String {
        self.shared.judge.one_line(text, most)
    }

    /// Sends one request and reads one answer. Returns the permit to the pace with the answer's signal.
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

    /// Acts on the answer's head at once, because its body may take a minute to arrive.
    fn heed(&self, endpoint: Endpoint, asks: Asks, head: &Answer) {
        if head.status == StatusCode::UNAUTHORIZED {
            // Before the permit is returned and another request starts. A single 401 may also be an accident when
            // the credential is checked.
            match asks {
                Asks::Proof => self.refuse(),
                Asks::Data => self.doubt.begin(),
            }
        }
        if head.status.is_redirection() {
            let to = head.header("location").map_or_else(String::new, |to| format!(" to {to}"));
            // Only the first redirect is kept; nothing is sent after it.
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
        // The user provisioning description takes both; RFC 7644, 3.1 asks for this one.
        let media = match call.endpoint.host() {
            Host::Scim => HeaderValue::from_static("application/scim+json"),
            Host::Jira | Host::Admin => HeaderValue::from_static("application/json"),
        };
        let mut request = Request::builder()
            .method(call.endpoint.method())
            .uri(self.base.join(&call.path)?)
            .header(AUTHORIZATION, self.credential.clone())
            .header(ACCEPT, media.clone())
            .header(
                USER_AGENT,
                HeaderValue::from_static(concat!("headcount/", env!("CARGO_PKG_VERSION"))),
            );
        if call.body.is_some() {
            request = request.header(CONTENT_TYPE, media);
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

/// Whether an error is a 401 without further information.
fn is_plain_401(error: &CallError) -> bool {
    error.kind == CallErrorKind::Credential && error.status == Some(401) && error.hint.is_none()
}

impl Ask for Client {
    async fn ask(&self, endpoint: Endpoint, path: String) -> Result<Value, CallError> {
        let call = Call { endpoint, path, body: None };
        let answer = self.read_unproven(&call, Asks::Proof).await?;
        // A question about the credential always has an answer.
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

/// Waits for a permit of the pace, as long as the limits allow.
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
