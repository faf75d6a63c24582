//! Connects to the real network: TCP, TLS for https addresses, and tunnels through a proxy.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Intercept;
use rustls::ClientConfig;
use tokio::time::timeout;
use tower_service::Service;

use super::connect_error::{ByProxy, NoVerifier, wants_sign_in};
use super::connection::{BoxError, Stream, Wire, innermost, within};
use super::proxy::{self, Proxies};
use super::proxy_sign_in;

/// Opens connections. Cheap to clone.
#[derive(Clone)]
pub(super) struct Network {
    tcp: HttpConnector,
    /// Checks certificates with the operating system's own verifier. If there is none, only loopback addresses can
    /// be reached.
    tls: Result<Arc<ClientConfig>, NoVerifier>,
    proxies: Proxies,
    limit: Duration,
}

impl Network {
    pub(super) fn new(connect: Duration, proxies: Proxies) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(connect));
        Self { tcp, tls: verifying(), proxies, limit: connect }
    }

    pub(super) async fn dial(self, uri: Uri) -> Result<Stream, BoxError> {
        match (self.proxies.to(&uri), &self.tls) {
            (Some(proxy), Ok(tls)) => {
                let tunnel = self.tunnel(&proxy, tls, uri.clone());
                let source = match within(self.limit, tunnel).await {
                    Ok(stream) => return Ok(stream),
                    Err(source) => source,
                };
                let refuses = wants_sign_in(source.as_ref());
                let sign_in =
                    if refuses { self.sign_in(&proxy, tls, &uri).await } else { Vec::new() };
                Err(ByProxy { proxy: proxy::shown(&proxy), sign_in, source }.into())
            }
            (None, Ok(tls)) => {
                let direct = connect(HttpsConnector::from((self.tcp.clone(), tls.clone())), uri);
                within(self.limit, direct).await
            }
            (_, Err(why)) if uri.scheme_str() == Some("https") => Err(why.clone().into()),
            (_, Err(_)) => within(self.limit, connect(self.tcp.clone(), uri)).await,
        }
    }

    /// The kinds of sign-in that a proxy accepts, if it says so.
    async fn sign_in(&self, proxy: &Intercept, tls: &Arc<ClientConfig>, uri: &Uri) -> Vec<String> {
        let Some(host) = uri.host() else { return Vec::new() };
        let port = uri.port_u16().unwrap_or(443);
        let to_proxy = HttpsConnector::from((self.tcp.clone(), tls.clone()));
        let asked = async {
            let stream = connect(to_proxy, proxy.uri().clone()).await?;
            proxy_sign_in::accepted(stream, host, port).await
        };
        timeout(self.limit, asked).await.ok().and_then(Result::ok).unwrap_or_default()
    }

    /// Connects to the proxy (with TLS if its address is https), opens a tunnel through it, and starts TLS with
    /// the site.
    async fn tunnel(
        &self,
        proxy: &Intercept,
        tls: &Arc<ClientConfig>,
        uri: Uri,
    ) -> Result<Stream, BoxError> {
        let to_proxy = HttpsConnector::from((self.tcp.clone(), tls.clone()));
        let mut tunnel = Tunnel::new(proxy.uri().clone(), to_proxy);
        if let Some(credential) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credential.clone());
        }
        connect(HttpsConnector::from((tunnel, tls.clone())), uri).await
    }
}

async fn connect<C>(mut connector: C, uri: Uri) -> Result<Stream, BoxError>
where
    C: Service<Uri>,
    C::Response: Wire + 'static,
    C::Error: Into<BoxError>,
{
    std::future::poll_fn(|cx| connector.poll_ready(cx)).await.map_err(Into::into)?;
    Ok(Stream(Box::new(connector.call(uri).await.map_err(Into::into)?)))
}

fn verifying() -> Result<Arc<ClientConfig>, NoVerifier> {
    match ClientConfig::builder().try_with_platform_verifier() {
        Ok(builder) => Ok(Arc::new(builder.with_no_client_auth())),
        Err(error) => {
            let why = innermost(&error);
            Err(NoVerifier(why.trim_start_matches("unexpected error: ").to_owned()))
        }
    }
}
