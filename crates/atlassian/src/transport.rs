//! The seam to the network: opening connections, and sending one request with a time limit.
//!
//! All code above uses a [`Transport`]. The real one connects by TCP and TLS, through a proxy if one is configured
//! (`network`). A simulation passes in its own way to connect ([`Transport::through`]). Time limits use
//! `tokio::time`, so a simulation's virtual clock controls them. There is no other mock: a test's server is a real
//! server.
//!
//! HTTP/1.1 with keep-alive. If a request finds its idle connection closed before a single byte was written, it is
//! sent on a new one. That still is sending once: hyper returns such a request as unsent, and only such a request.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use headcount_model::lease::Lease;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout_at};
use tower_service::Service;

use super::answer::{Answer, Ending, NoAnswer};
use super::connect_error::no_connection;
use super::connection::{BoxError, Plain, Stream, innermost, within};
use super::gate::{Gate, Gated};
use super::limits::Limits;
use super::network::Network;
use super::proxy::Proxies;
use super::recording::Recording;

/// Sends requests. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Transport {
    way: Way,
    whole: Duration,
    body: usize,
    gate: Gate,
}

/// The destination of requests.
#[derive(Clone)]
enum Way {
    /// The network.
    Connected(Client<Dialer, Full<Bytes>>),
    /// A recording: nothing is sent.
    Recorded(Recording),
}

impl Transport {
    /// Connects to the real network, through the proxy of the address if there is one.
    pub fn network(limits: &Limits, proxies: &Proxies) -> Self {
        let network = Network::new(limits.connect, proxies.clone());
        Self::dialling(limits, move |uri| network.clone().dial(uri))
    }

    /// Connects through `dial`, which gets the address (scheme, host, port), for simulations. TLS is never used,
    /// whatever the scheme.
    pub fn through<F, Fut, S>(limits: &Limits, dial: F) -> Self
    where
        F: Fn(Uri) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = io::Result<S>> + Send + 'static,
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let limit = limits.connect;
        Self::dialling(limits, move |uri| {
            let stream = dial(uri);
            within(limit, async move { Ok(Stream(Box::new(Plain(TokioIo::new(stream.await?))))) })
        })
    }

    /// Sends nothing: writes requests into `recording` and refuses all of them.
    pub fn recording(limits: &Limits, recording: Recording) -> Self {
        let (whole, body) = (limits.whole, limits.body);
        Self { way: Way::Recorded(recording), whole, body, gate: Gate::default() }
    }

    fn dialling<F, Fut>(limits: &Limits, dial: F) -> Self
    where
        F: Fn(Uri) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Stream, BoxError>> + Send + 'static,
    {
        let gate = Gate::default();
        let at_the_gate = gate.clone();
        let dialer = Dialer(Arc::new(move |uri| {
            let (stream, gate) = (dial(uri), at_the_gate.clone());
            Box::pin(async move { Ok(Stream(Box::new(Gated { stream: stream.await?, gate }))) })
        }));
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            // Shorter than the servers' timeout, so that few requests meet a closing connection.
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(128)
            .http1_max_buf_size(limits.head.max(8192))
            .http1_max_headers(limits.headers)
            .build(dialer);
        Self { way: Way::Connected(client), whole: limits.whole, body: limits.body, gate }
    }

    /// From now on, requests are sent only while this lease counts. Until then it has no end.
    pub fn obey(&self, lease: Lease) {
        self.gate.obey(lease);
    }

    /// Whether requests may be sent now.
    pub fn is_open(&self) -> bool {
        self.gate.is_open()
    }

    /// Sends one request once, and reads its answer within the limits.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, NoAnswer> {
        self.send_and(request, |_| {}).await
    }

    /// The same. `head` gets the answer before its body is read, which may take as long as the whole request.
    pub async fn send_and(
        &self,
        request: Request<Full<Bytes>>,
        head: impl FnOnce(&Answer),
    ) -> Result<Answer, NoAnswer> {
        let client = match &self.way {
            Way::Connected(client) => client,
            Way::Recorded(recording) => return recording.note(request).await,
        };
        let start = Instant::now();
        let deadline = start + self.whole;
        let response = match timeout_at(deadline, client.request(request)).await {
            Err(_) => return Err(NoAnswer::Late),
            Ok(Err(error)) if error.is_connect() => {
                return Err(no_connection(&error));
            }
            Ok(Err(error)) => return Err(broken(&error)),
            Ok(Ok(response)) => response,
        };
        let (parts, body) = response.into_parts();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: Bytes::new(),
            ending: Ending::Whole,
            latency: start.elapsed(),
        };
        head(&answer);
        let (body, ending) = read_body(body, self.body, deadline).await;
        Ok(Answer { body, ending, latency: start.elapsed(), ..answer })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

async fn read_body(mut body: Incoming, most: usize, deadline: Instant) -> (Bytes, Ending) {
    let mut read = BytesMut::new();
    loop {
        let frame = match timeout_at(deadline, body.frame()).await {
            Err(_) => return (read.freeze(), Ending::Late),
            Ok(None) => return (read.freeze(), Ending::Whole),
            Ok(Some(Err(error))) => return (read.freeze(), Ending::Lost(innermost(&error))),
            Ok(Some(Ok(frame))) => frame,
        };
        if let Ok(data) = frame.into_data() {
            let room = most - read.len();
            if data.len() > room {
                read.extend_from_slice(&data[..room]);
                return (read.freeze(), Ending::TooLarge);
            }
            read.extend_from_slice(&data);
        }
    }
}

fn broken(error: &(dyn StdError + 'static)) -> NoAnswer {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(hyper) = error.downcast_ref::<hyper::Error>()
            && hyper.is_parse()
        {
            return NoAnswer::Malformed(innermost(error));
        }
        cause = error.source();
    }
    NoAnswer::Lost(innermost(error))
}

type Dialling = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

/// A function that connects.
#[derive(Clone)]
struct Dialer(Arc<dyn Fn(Uri) -> Dialling + Send + Sync>);

impl Service<Uri> for Dialer {
    type Response = Stream;
    type Error = BoxError;
    type Future = Dialling;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Dialling {
        (self.0)(uri)
    }
}
