//! Connects directly, or through the proxy that the environment names for https addresses.
//!
//! A proxy only opens a tunnel (`CONNECT`): it sees the host's name and no request. This machine itself is
//! never reached through one.

use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

/// Which address is reached through which proxy.
#[derive(Clone, Default)]
pub struct ProxyMatcher(Option<Arc<Matcher>>);

impl ProxyMatcher {
    /// As a matcher says; `None`: every address is reached directly.
    pub fn new(matcher: Option<Arc<Matcher>>) -> Self {
        Self(matcher)
    }

    fn proxy_of(&self, address: &Uri) -> Option<Intercept> {
        let host = address.host()?;
        let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
        if host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback()) {
            return None;
        }
        self.0.as_ref()?.intercept(address)
    }
}

/// A proxy's name and password are shown nowhere.
impl fmt::Debug for ProxyMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyMatcher")
    }
}

/// The connector below TLS.
#[derive(Clone, Debug)]
pub(super) struct Dialer {
    pub(super) direct: HttpConnector,
    pub(super) proxies: ProxyMatcher,
}

type Stream = TokioIo<TcpStream>;
type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Service<Uri> for Dialer {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.direct.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let mut direct = self.direct.clone();
        let Some(proxy) = self.proxies.proxy_of(&address) else {
            return Box::pin(async move { Ok(direct.call(address).await?) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), direct);
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        Box::pin(async move { Ok(tunnel.call(address).await?) })
    }
}
