//! The seam to the network: how a connection is made, and one request with its time limit.
//!
//! Everything above speaks to a [`Transport`]. The real one connects by TCP and TLS, through a proxy
//! where one is named (`network`). A simulation hands in its own way to
//! connect ([`Transport::through`]); time limits go through `tokio::time`, so its virtual clock
//! drives them. There is no other mock: a test server is a real server.
//!
//! HTTP/1.1 with keep-alive. A request that finds its idle connection closed before a single byte
//! was written is sent on a fresh one; that is still sending once (hyper hands such a request back
//! unsent, and only then).

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout, timeout_at};
use tower_service::Service;

use super::answer::{Answer, Ending};
use super::barrier::no_connection;
use super::limits::Limits;
use super::network::Network;
use super::proxy::Proxies;

/// Sends requests. Cheap to clone; all clones share their connections.
#[derive(Clone)]
pub struct Transport {
    client: Client<Dialer, Full<Bytes>>,
    whole: Duration,
    body: usize,
}

/// Why there is no answer at all.
#[derive(Debug)]
pub enum NoAnswer {
    /// No connection: not a byte of the request was sent.
    Unreachable(String),
    /// Connected, but not safely: no TLS, or not with whom we want to talk. Not a byte was sent.
    Untrusted(String),
    /// Sent, perhaps; no head of an answer came.
    Lost(String),
    /// The time was over before the head of an answer came.
    Late,
    /// What came back is not HTTP, or its head is too large.
    Malformed(String),
}

impl Transport {
    /// Connects to the real network, by a proxy where there is one for the address.
    pub fn network(limits: &Limits, proxies: &Proxies) -> Self {
        let network = Network::new(limits.connect, proxies.clone());
        Self::dialling(limits, move |uri| network.clone().dial(uri))
    }

    /// Connects through `dial`, which is given the address (scheme, host, port): for simulations.
    /// No TLS is spoken, whatever the scheme.
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

    fn dialling<F, Fut>(limits: &Limits, dial: F) -> Self
    where
        F: Fn(Uri) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Stream, BoxError>> + Send + 'static,
    {
        let dialer = Dialer(Arc::new(move |uri| Box::pin(dial(uri))));
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            // Shorter than the servers' own, so that few requests meet a closing connection.
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(128)
            .http1_max_buf_size(limits.head.max(8192))
            .http1_max_headers(limits.headers)
            .build(dialer);
        Self { client, whole: limits.whole, body: limits.body }
    }

    /// Sends one request, once, and reads its answer up to the bounds.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, NoAnswer> {
        self.send_and(request, |_| {}).await
    }

    /// The same; `head` is told the answer while its body is still to be read, which may take as
    /// long as the whole request may.
    pub async fn send_and(
        &self,
        request: Request<Full<Bytes>>,
        head: impl FnOnce(&Answer),
    ) -> Result<Answer, NoAnswer> {
        let start = Instant::now();
        let deadline = start + self.whole;
        let response = match timeout_at(deadline, self.client.request(request)).await {
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

/// A connection, if it comes in time.
pub(super) async fn within(
    limit: Duration,
    stream: impl Future<Output = Result<Stream, BoxError>>,
) -> Result<Stream, BoxError> {
    match timeout(limit, stream).await {
        Ok(stream) => stream,
        Err(_) => Err(format!("no connection within {} s", limit.as_secs_f32()).into()),
    }
}

/// The last cause says most: “connection refused” rather than “client error (Connect)”.
pub(super) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

pub(super) type BoxError = Box<dyn StdError + Send + Sync>;
type Dialling = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

/// A way to connect, with its type forgotten.
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

pub(super) trait Wire: Read + Write + Connection + Unpin + Send {}
impl<T: Read + Write + Connection + Unpin + Send> Wire for T {}

/// A connection, with its type forgotten.
pub(super) struct Stream(pub(super) Box<dyn Wire>);

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.0.connected()
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_read(cx, buf)
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0).poll_write_vectored(cx, bufs)
    }
}

/// A simulation's stream, which has nothing to tell about itself.
struct Plain<T>(TokioIo<T>);

impl<T> Connection for Plain<T> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl<T: AsyncRead + Unpin> Read for Plain<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> Write for Plain<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
