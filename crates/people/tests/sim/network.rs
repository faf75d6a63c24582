//! The network of a simulation: every connection, request and answer passes through it, is recorded, and may have
//! a fault.
//!
//! Faults are drawn from the seed's random numbers in the order in which requests arrive. The site completes a
//! request even if the client is gone, as a real site does: a process that dies does not withdraw what it has
//! sent.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use headcount_atlassian::Limits;
use headcount_atlassian::transport::Transport;
use headcount_model::door::Credential;
use headcount_sandbox::Sandbox;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, RETRY_AFTER};
use http::{HeaderMap, Request, Response, StatusCode, request::Parts};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};
use tower_service::Service as _;

use super::hold::endpoint;
use super::pages::Wrong;
use super::points::{Place, Points};
use super::weather::{Fate, Trouble, Turn, Weather};

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// More requests than any simulated run needs. Then the run loops without time passing.
const TOO_MANY: usize = 100_000;

/// One request as it was sent. Times are in milliseconds since the simulation began.
#[derive(Clone, Debug)]
pub struct Line {
    /// The process that sent it.
    pub process: u64,
    /// When it was sent.
    pub sent: u64,
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// The body of a change.
    pub body: Value,
    /// When the head of the answer reached the client, if it did.
    pub answered: Option<u64>,
    pub status: Option<u16>,
    /// A credible `Retry-After` in seconds, a day at most.
    pub announced: Option<u64>,
    pub fate: Fate,
}

impl Line {
    pub fn changes(&self) -> bool {
        let only_reads = ["/count", "/workspaces"].iter().any(|end| self.path.ends_with(end));
        !(self.method == "GET" || self.path.contains("/search") || only_reads)
    }

    /// Whether it used Jira's token.
    pub fn is_jira(&self) -> bool {
        self.credential() == Credential::ApiToken
    }

    /// The credential that it used.
    pub fn credential(&self) -> Credential {
        match self.path.split('/').nth(1) {
            Some("rest") => Credential::ApiToken,
            Some("scim") => Credential::ScimApiKey,
            _ => Credential::OrgApiKey,
        }
    }
}

/// One requested connection.
#[derive(Clone, Debug)]
pub struct Dial {
    pub process: u64,
    pub asked: u64,
    /// When it was open or failed.
    pub done: Option<u64>,
}

pub struct Network {
    sandbox: Sandbox,
    start: Instant,
    inner: Mutex<Inner>,
    /// By how many milliseconds the computer's clock is wrong. (Static, because clocks are copied.)
    pub wrong_by: &'static AtomicI64,
    /// Notified after the requested number of requests.
    pub enough: Notify,
    /// The points at which processes die, in crash tests.
    pub points: OnceLock<Arc<Points>>,
}

struct Inner {
    rng: fastrand::Rng,
    weather: Weather,
    lines: Vec<Line>,
    dials: Vec<Dial>,
    /// When each process ended or was killed.
    ends: BTreeMap<u64, u64>,
    /// The newest process.
    process: u64,
    /// The number of requests of each process.
    of_process: BTreeMap<u64, u64>,
    /// The process to stop, and the number of its requests at which it is stopped.
    enough_at: Option<(u64, u64)>,
    /// The journal and the start of each process.
    begun: BTreeMap<u64, (u64, u64)>,
    /// The mistake of one list, and how many lists are delivered before it.
    wrong: Option<(u64, Wrong)>,
    /// When the computer's clock was set, and by how many milliseconds.
    jumps: Vec<(u64, i64)>,
    /// The site's answers have no `Date`.
    undated: bool,
    /// How many changes are still to come before the one with this trouble.
    strike: Option<(usize, Strike)>,
    /// The request that had it.
    struck: Option<usize>,
}

/// The trouble of one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// The site refuses it.
    Refused,
    /// The site applies it, answers with a 503, and does not show for some seconds what it has changed. So the change
    /// is sent again.
    Hidden,
}

/// For how many milliseconds the site hides a change. It is sent again after three seconds.
const HIDDEN: u64 = 8_000;

impl Network {
    pub fn new(sandbox: Sandbox, rng: fastrand::Rng) -> Arc<Self> {
        let inner = Inner {
            rng,
            weather: Weather::calm(),
            lines: Vec::new(),
            dials: Vec::new(),
            ends: BTreeMap::new(),
            process: 0,
            of_process: BTreeMap::new(),
            enough_at: None,
            begun: BTreeMap::new(),
            wrong: None,
            jumps: Vec::new(),
            undated: false,
            strike: None,
            struck: None,
        };
        Arc::new(Self {
            sandbox,
            start: Instant::now(),
            inner: Mutex::new(inner),
            wrong_by: Box::leak(Box::new(AtomicI64::new(0))),
            enough: Notify::new(),
            points: OnceLock::new(),
        })
    }

    /// Starts a new process with this journal and these faults. Returns its number.
    pub fn begin(
        self: &Arc<Self>,
        weather: Weather,
        limits: &Limits,
        journal: u64,
    ) -> (u64, Transport) {
        let now = self.now();
        let mut inner = self.lock();
        inner.process += 1;
        let process = inner.process;
        inner.begun.insert(process, (journal, now));
        inner.enough_at = None;
        inner.weather = weather;
        inner.wrong = None;
        drop(inner);
        if let Some(points) = self.points.get() {
            points.begin(process);
        }
        let net = Arc::clone(self);
        (process, Transport::through(limits, move |_| dial(Arc::clone(&net), process)))
    }

    /// Notifies after this many more requests of this process.
    pub fn enough_after(&self, process: u64, requests: u64) {
        let mut inner = self.lock();
        let by_now = inner.of_process.get(&process).copied().unwrap_or_default();
        inner.enough_at = Some((process, by_now + requests));
    }

    /// Gives one list this mistake, after this many others in which it could be detected.
    pub fn page_is_wrong(&self, after: u64, wrong: Wrong) {
        self.lock().wrong = Some((after, wrong));
    }

    /// Gives one change this trouble, after this many others.
    pub fn strike(&self, after: usize, strike: Strike) {
        self.lock().strike = Some((after, strike));
    }

    /// The number of the request that had the trouble.
    pub fn struck(&self) -> Option<usize> {
        self.lock().struck
    }

    /// The trouble of a request, if it is its turn.
    async fn strikes(&self, number: usize) -> Option<Strike> {
        let strike = {
            let mut guard = self.lock();
            let inner = &mut *guard;
            let (after, strike) = inner.strike.filter(|_| inner.lines[number].changes())?;
            inner.strike = after.checked_sub(1).map(|after| (after, strike));
            if after > 0 {
                return None;
            }
            inner.struck = Some(number);
            strike
        };
        if strike == Strike::Hidden {
            let lag = json!({ "lag_ms": HIDDEN, "by_id": true });
            self.control("POST", "lag", lag).await;
        }
        Some(strike)
    }

    /// From now on the site's own answers have no `Date`.
    pub fn without_dates(&self) {
        self.lock().undated = true;
    }

    /// What becomes of a list on its way.
    fn paged(&self, number: usize, answer: Response<Bytes>) -> Response<Bytes> {
        let mut inner = self.lock();
        let Some((after, wrong)) = inner.wrong else { return answer };
        let line = &inner.lines[number];
        let fits = answer.status().is_success() && line.process == inner.process;
        let found_out = endpoint(line).is_some_and(|endpoint| wrong.can_be_found_out(endpoint));
        let Some(body) = wrong.on(answer.body()).filter(|_| fits && found_out) else {
            return answer;
        };
        if after > 0 {
            inner.wrong = Some((after - 1, wrong));
            return answer;
        }
        inner.wrong = None;
        let (mut head, _) = answer.into_parts();
        head.headers.insert(CONTENT_LENGTH, body.len().into());
        Response::from_parts(head, body)
    }

    pub fn now(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }

    pub fn lines(&self) -> Vec<Line> {
        self.lock().lines.clone()
    }

    pub fn dials(&self) -> Vec<Dial> {
        self.lock().dials.clone()
    }

    /// Records the end of a process.
    pub fn ended(&self, process: u64) {
        let now = self.now();
        self.lock().ends.insert(process, now);
    }

    /// The journal and the start of each process.
    pub fn begun(&self) -> BTreeMap<u64, (u64, u64)> {
        self.lock().begun.clone()
    }

    /// When the computer's clock was set, and by how many milliseconds.
    pub fn jumps(&self) -> Vec<(u64, i64)> {
        self.lock().jumps.clone()
    }

    pub fn ends(&self) -> BTreeMap<u64, u64> {
        self.lock().ends.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Calls a control route of the sandbox without the network.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        headcount_testkit::sandbox::control(&self.sandbox, method, path, body).await
    }

    /// A place where the process may be stopped. Then this never returns.
    async fn at(&self, process: u64, place: Place) {
        if self.points.get().is_some_and(|points| !points.passes(process, place)) {
            std::future::pending().await
        }
    }

    /// Records a request and draws what happens to it.
    fn arrived(&self, process: u64, sent: u64, asked: (&str, &str, &[u8])) -> usize {
        let (method, path, body) = asked;
        let mut guard = self.lock();
        let inner = &mut *guard;
        let many = inner.of_process.entry(process).or_default();
        *many += 1;
        let many = *many;
        let mut line = Line {
            process,
            sent,
            method: method.to_owned(),
            path: path.to_owned(),
            body: Value::Null,
            answered: None,
            status: None,
            announced: None,
            fate: Fate::default(),
        };
        if line.changes() {
            line.body = serde_json::from_slice(body).unwrap_or(Value::Null);
        }
        let facts = (many, self.now(), line.changes(), line.is_jira());
        if let Some((_, by)) = inner.weather.jump().filter(|(at, _)| *at == many) {
            self.wrong_by.fetch_add(by, Ordering::Relaxed);
            inner.jumps.push((facts.1, by));
        }
        line.fate = inner.weather.draw(&mut inner.rng, facts);
        inner.lines.push(line);
        assert!(inner.lines.len() < TOO_MANY, "it goes in circles: {TOO_MANY} requests");
        if inner.enough_at == Some((process, many)) {
            self.enough.notify_one();
        }
        inner.lines.len() - 1
    }

    fn answered(&self, number: usize, status: StatusCode, headers: &HeaderMap) {
        let now = self.now();
        let line = &mut self.lock().lines[number];
        line.answered = Some(now);
        line.status = Some(status.as_u16());
        let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let seconds = seconds.or(line.fate.announced());
        // After a wait of more than a day, the site may be asked again after one day.
        let seconds = seconds.filter(|seconds| *seconds > 0);
        line.announced = seconds.map(|seconds| seconds.min(24 * 60 * 60));
    }
}

async fn dial(net: Arc<Network>, process: u64) -> io::Result<DuplexStream> {
    net.at(process, Place::Dial).await;
    let asked = net.now();
    let (number, (wait, refused, garbage)) = {
        let mut guard = net.lock();
        let inner = &mut *guard;
        inner.dials.push(Dial { process, asked, done: None });
        (inner.dials.len() - 1, inner.weather.dial(&mut inner.rng))
    };
    sleep(wait).await;
    net.lock().dials[number].done = Some(net.now());
    if refused {
        return Err(io::ErrorKind::ConnectionRefused.into());
    }
    let (here, there) = tokio::io::duplex(64 * 1024);
    if garbage {
        tokio::spawn(not_http(net, process, there));
    } else {
        tokio::spawn(serve(net, process, there));
    }
    Ok(here)
}

/// Reads a request and answers with something that is not HTTP.
async fn not_http(net: Arc<Network>, process: u64, mut stream: DuplexStream) {
    let mut read = vec![0; 8 * 1024];
    let Ok(many @ 1..) = stream.read(&mut read).await else { return };
    let text = String::from_utf8_lossy(&read[..many]).into_owned();
    let mut words = text.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    net.arrived(process, net.now(), (method, path, b""));
    let _ = stream.write_all(b"SSH-2.0-\x1b[31m\xff\r\n\r\n").await;
}

async fn serve(net: Arc<Network>, process: u64, stream: DuplexStream) {
    let service = service_fn(move |request| exchange(Arc::clone(&net), process, request));
    // No `Date` with the real time: the sandbox dates its answers by its own clock.
    let mut server = hyper::server::conn::http1::Builder::new();
    // Connections that end with an error are expected.
    let _ = server.auto_date_header(false).serve_connection(TokioIo::new(stream), service).await;
}

async fn exchange(
    net: Arc<Network>,
    process: u64,
    request: Request<Incoming>,
) -> io::Result<Response<Body>> {
    let sent = net.now();
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let path = head.uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
    let number = net.arrived(process, sent, (head.method.as_str(), &path, &body));
    let (fate, changes) = {
        let line = &net.lock().lines[number];
        (line.fate.clone(), line.changes())
    };
    net.at(process, Place::Sent { changes }).await;
    let strike = net.strikes(number).await;
    if strike == Some(Strike::Refused) {
        net.answered(number, StatusCode::FORBIDDEN, &HeaderMap::new());
        return Ok(struck(StatusCode::FORBIDDEN));
    }
    // In a task of its own, so that it continues when the connection is gone.
    let answer = tokio::spawn(reach(Arc::clone(&net), head, body, fate.clone()));
    let answer = answer.await.map_err(io::Error::other)?;
    if strike == Some(Strike::Hidden) {
        net.answered(number, StatusCode::SERVICE_UNAVAILABLE, &HeaderMap::new());
        return Ok(struck(StatusCode::SERVICE_UNAVAILABLE));
    }
    let mut answer = net.paged(number, answer);
    if net.lock().undated && fate.status().is_none() {
        answer.headers_mut().remove(http::header::DATE);
    }
    net.at(process, Place::Done { changes }).await;
    let answer = spoil(answer, &fate)?;
    net.answered(number, answer.status(), answer.headers());
    if let Some(points) = net.points.get() {
        // The answer arrives at the computer; a dead process does nothing with it.
        points.passes(process, Place::Answered { changes });
    }
    Ok(answer)
}

/// The way to the site, the site's answer, and the way back.
async fn reach(net: Arc<Network>, head: Parts, body: Bytes, fate: Fate) -> Response<Bytes> {
    sleep(fate.there).await;
    let authorization = head.headers.get(AUTHORIZATION).cloned();
    let mut answer = Response::new(Bytes::new());
    if fate.reaches() {
        let request = Request::from_parts(head, Full::new(body));
        let done: Result<_, Infallible> = net.sandbox.router().call(request).await;
        let Ok(done) = done;
        let (parts, body) = done.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        answer = Response::from_parts(parts, body);
    }
    sleep(fate.back).await;
    if let Some(status) = fate.status() {
        let echoed = authorization.as_ref().and_then(|value| value.to_str().ok());
        answer = planned(status, &fate, echoed.unwrap_or_default());
    }
    answer
}

/// An answer that replaces the site's. A faulty proxy shows the whole request, including credentials.
fn planned(status: u16, fate: &Fate, echoed: &str) -> Response<Bytes> {
    let body = match fate.trouble {
        Some(Trouble::Echo) => {
            json!({"errorMessages": [format!("authorization: {echoed} sandbox-api-token")]})
                .to_string()
        }
        Some(Trouble::Vague(_)) => {
            json!({"errorMessages": ["Something went wrong."], "errors": {}}).to_string()
        }
        Some(Trouble::Turned(turn)) => turn.body().to_owned(),
        _ if status == 401 => json!({"errorMessages": ["no"], "key": "unauthorized"}).to_string(),
        _ => "<html>\x1b[2Jdown</html>".to_owned(),
    };
    let mut answer = Response::builder().status(status);
    for (name, value) in fate.headers() {
        answer = answer.header(name, value);
    }
    if let Some(Trouble::Turned(turn)) = fate.trouble {
        let json = turn.body().starts_with(['{', '[']);
        answer = answer.header("content-type", if json { "application/json" } else { "text/html" });
        if matches!(turn, Turn::Redirected(_)) {
            answer = answer.header("location", "https://id.atlassian.com/login?continue=/");
        }
    }
    answer.body(body.into()).unwrap()
}

/// Applies the fault to an answer.
fn spoil(answer: Response<Bytes>, fate: &Fate) -> io::Result<Response<Body>> {
    let (mut head, body) = answer.into_parts();
    if let Some((remaining, limit)) = fate.lie {
        head.headers.insert("x-ratelimit-remaining", remaining.into());
        head.headers.insert("x-ratelimit-limit", limit.into());
    }
    for (name, value) in fate.lies {
        head.headers.insert(*name, http::HeaderValue::from_static(value));
    }
    let length = body.len().max(2);
    let mut cut = |parts: Vec<io::Result<Bytes>>, gap: Duration| {
        head.headers.insert(CONTENT_LENGTH, length.into());
        let parts = futures_util::stream::unfold(parts.into_iter(), move |mut parts| async move {
            let part = parts.next()?;
            sleep(gap).await;
            Some((part.map(Frame::data), parts))
        });
        StreamBody::new(parts).boxed_unsync()
    };
    let lost = || Err(io::ErrorKind::ConnectionReset.into());
    let half = body.slice(..body.len() / 2);
    let body = match fate.trouble {
        Some(Trouble::DropBefore | Trouble::DropAfter) => {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Some(Trouble::HalfBody) => cut(vec![Ok(half), lost()], Duration::from_millis(1)),
        Some(Trouble::Trickle) => {
            let parts =
                (0..1000).map(|at| Ok(body.slice(at.min(body.len())..(at + 1).min(body.len()))));
            cut(parts.chain([lost()]).collect(), Duration::from_secs(7))
        }
        Some(Trouble::Garbage) => {
            head.headers.remove(CONTENT_LENGTH);
            whole(Bytes::from_static(b"{\"accountId\": \x1b[31m\xff\xfe <"))
        }
        Some(Trouble::Bodiless) => {
            head.headers.remove(CONTENT_LENGTH);
            whole(Bytes::from_static(b"{}"))
        }
        _ => whole(body),
    };
    Ok(Response::from_parts(head, body))
}

/// The answer to a change that has a trouble.
fn struck(status: StatusCode) -> Response<Body> {
    let body = json!({ "errorMessages": ["no"], "message": "no", "key": "forbidden" }).to_string();
    let answer = Response::builder().status(status).header("content-type", "application/json");
    answer.body(whole(body.into())).unwrap()
}

fn whole(body: Bytes) -> Body {
    Full::new(body).map_err(|never| match never {}).boxed_unsync()
}
