//! Connects directly, or through the proxy that the environment names.
//!
//! For https, a proxy only opens a tunnel (`CONNECT`): it sees the host's name and no request. For http, it gets
//! the whole request and forwards it. This computer itself is never reached through a proxy.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use headcount_model::lease::Lease;
use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

/// The proxy for each address.
#[derive(Clone, Default)]
pub struct ProxyMatcher {
    https: Option<Arc<Matcher>>,
    http: Option<Arc<Matcher>>,
}

impl ProxyMatcher {
    /// A matcher for https and one for http addresses; `None` means a direct connection.
    pub fn new(https: Option<Arc<Matcher>>, http: Option<Arc<Matcher>>) -> Self {
        Self { https, http }
    }

    fn proxy_of(&self, address: &Uri) -> Option<Intercept> {
        let host = address.host()?;
        let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
        if host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback()) {
            return None;
        }
        let matcher = if is_http(address) { &self.http } else { &self.https };
        matcher.as_ref()?.intercept(address)
    }

    /// The user name and password for a proxy that forwards requests. A tunnel has its own.
    pub(super) fn authorization(&self, address: &Uri) -> Option<HeaderValue> {
        let proxy = is_http(address).then(|| self.proxy_of(address)).flatten()?;
        proxy.basic_auth().cloned()
    }
}

/// A proxy's user name and password are never shown.
impl fmt::Debug for ProxyMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyMatcher")
    }
}

fn is_http(address: &Uri) -> bool {
    address.scheme() == Some(&Scheme::HTTP)
}

/// A proxy can't be reached, so nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("the proxy {proxy} cannot be reached")]
pub(super) struct ProxyAway {
    proxy: String,
    source: BoxError,
}

/// The connector below TLS.
#[derive(Clone, Debug)]
pub(super) struct Dialer {
    pub(super) direct: HttpConnector,
    /// TLS for a proxy with an https address.
    pub(super) tls: Arc<ClientConfig>,
    pub(super) proxies: ProxyMatcher,
    /// Each write asks it.
    pub(super) lease: Lease,
}

/// Said if a request is not sent because the lease of its run has ended.
pub const LEASE_ENDED: &str = "the lease of the run has ended, so nothing is sent";

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Dialing = Pin<Box<dyn Future<Output = Result<Dialed, BoxError>> + Send>>;

impl Service<Uri> for Dialer {
    type Response = Dialed;
    type Error = BoxError;
    type Future = Dialing;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.direct.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, address: Uri) -> Dialing {
        let (mut direct, lease) = (self.direct.clone(), self.lease.clone());
        let Some(proxy) = self.proxies.proxy_of(&address) else {
            return Box::pin(async move {
                let stream = MaybeHttpsStream::Http(direct.call(address).await?);
                Ok(Dialed { stream, lease, is_forwarded: false })
            });
        };
        let mut to_proxy = HttpsConnector::from((direct, Arc::clone(&self.tls)));
        if is_http(&address) {
            let shown = proxy.uri().authority().map(ToString::to_string).unwrap_or_default();
            return Box::pin(async move {
                let stream = to_proxy.call(proxy.uri().clone()).await;
                let stream = stream.map_err(|source| ProxyAway { proxy: shown, source })?;
                Ok(Dialed { stream, lease, is_forwarded: true })
            });
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), to_proxy);
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        Box::pin(async move {
            let stream = tunnel.call(address).await?;
            Ok(Dialed { stream, lease, is_forwarded: false })
        })
    }
}

/// A connection to the host, or to a proxy that forwards requests. It is below TLS, so that no byte of a request leaves
/// once the lease of its run has ended.
#[derive(Debug)]
pub(super) struct Dialed {
    stream: MaybeHttpsStream<TokioIo<TcpStream>>,
    lease: Lease,
    is_forwarded: bool,
}

impl Dialed {
    fn check(&self) -> io::Result<()> {
        if self.lease.counts() { Ok(()) } else { Err(io::Error::other(LEASE_ENDED)) }
    }
}

impl Connection for Dialed {
    fn connected(&self) -> Connected {
        // Such a request contains the whole address: `GET http://host/path`.
        self.stream.connected().proxy(self.is_forwarded)
    }
}

impl Read for Dialed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl Write for Dialed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
