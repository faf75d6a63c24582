//! Sends over the real network.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use headcount_model::lease::Lease;
use http::header::PROXY_AUTHORIZATION;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use rustls::crypto::ring;
use tokio::time::{Instant, timeout_at};

use crate::exchange::{Answer, Hop, NoAnswer, Sender};

use super::dialer::{Dialer, ProxyAway, ProxyMatcher};
use super::spelling::{MARK, Names, Spelling};
use super::trust::AnyCertificate;

/// The largest body of an answer, in bytes.
const LONGEST: usize = 64 * 1024 * 1024;

/// The options of the network.
#[derive(Clone, Debug, Default)]
pub struct ClientOptions {
    /// Whether any certificate is accepted.
    pub insecure: bool,
    /// The longest time of a request; `None` means no limit.
    pub timeout: Option<Duration>,
    /// The proxies.
    pub proxies: ProxyMatcher,
    /// The lease of the run that the requests are for: none leaves once it has ended.
    pub lease: Lease,
}

type Over = Client<Spelling<HttpsConnector<Dialer>>, Full<Bytes>>;

/// Sends over the real network. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct HttpClient {
    strict: Over,
    lenient: Over,
    options: ClientOptions,
}

impl HttpClient {
    /// A client.
    ///
    /// # Errors
    /// This computer has no certificates to check others with.
    pub fn new(options: ClientOptions) -> Result<Self, String> {
        let verified = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(ConfigBuilderVerified::verified)
            .map_err(|error| error.to_string())?;
        let provider = Arc::new(ring::default_provider());
        let any = Arc::new(AnyCertificate(Arc::clone(&provider)));
        let lenient = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(any)
            .with_no_client_auth();
        let (strict, lenient) = (over(verified, &options), over(lenient, &options));
        Ok(Self { strict, lenient, options })
    }

    async fn answered(&self, hop: &Hop, until: Instant) -> Result<Answer, NoAnswer> {
        let start = Instant::now();
        let strict = hop.strict_ssl.unwrap_or(!self.options.insecure);
        let client = if strict { &self.strict } else { &self.lenient };
        let request = request(hop, &self.options.proxies)?;
        let sent = timeout_at(until, client.request(request)).await;
        let response = match sent {
            Err(_) => return Err(late()),
            Ok(Err(error)) => return Err(failed(&error, error.is_connect(), &hop.target)),
            Ok(Ok(response)) => response,
        };
        let (parts, body) = response.into_parts();
        let reason = parts.extensions.get::<hyper::ext::ReasonPhrase>();
        let reason = reason.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        let known = || parts.status.canonical_reason().unwrap_or_default().to_owned();
        let names = parts.extensions.get::<Names>();
        let spelled = |name: &str| names.and_then(|names| names.spelled(name));
        let headers = parts.headers.iter().map(|(name, value)| {
            let name = name.as_str();
            (spelled(name).unwrap_or_else(|| name.to_owned()), read_latin1(value.as_bytes()))
        });
        let headers = headers.collect();
        let body = read(body, until).await?;
        Ok(Answer {
            status: parts.status.as_u16(),
            reason: reason.unwrap_or_else(known),
            headers,
            body,
            time: start.elapsed(),
        })
    }
}

impl Sender for HttpClient {
    async fn send(&self, hop: &Hop) -> Result<Answer, NoAnswer> {
        let wait = self.options.timeout.unwrap_or(Duration::from_secs(365 * 24 * 3600));
        self.answered(hop, Instant::now() + wait).await
    }
}

/// Adds the operating system's verifier in the chain above.
trait ConfigBuilderVerified {
    fn verified(self) -> Result<ClientConfig, rustls::Error>;
}

impl ConfigBuilderVerified for rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    fn verified(self) -> Result<ClientConfig, rustls::Error> {
        Ok(self.try_with_platform_verifier()?.with_no_client_auth())
    }
}

fn over(tls: ClientConfig, options: &ClientOptions) -> Over {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(Duration::from_secs(30)));
    let tls = Arc::new(tls);
    let (proxies, lease) = (options.proxies.clone(), options.lease.clone());
    let dialer = Dialer { direct: tcp, tls: Arc::clone(&tls), proxies, lease };
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(128)
        .build(Spelling(HttpsConnector::from((dialer, tls))))
}

fn request(hop: &Hop, proxies: &ProxyMatcher) -> Result<Request<Full<Bytes>>, NoAnswer> {
    let wrong = |message: String| NoAnswer { code: "", message, maybe_sent: false };
    let uri: Uri = hop
        .target
        .text()
        .parse()
        .map_err(|error| wrong(format!("Invalid URI \"{}\": {error}", hop.target.text())))?;
    let method = Method::from_bytes(hop.method.as_bytes())
        .map_err(|_| wrong(format!("Invalid method \"{}\"", hop.method)))?;
    let needs_length = hop.body.is_none() && counts_body(&method);
    let to_proxy = proxies.authorization(&uri);
    let mut request = Request::new(Full::new(hop.body.clone().unwrap_or_default()));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    let mut names = String::new();
    for (key, value) in &hop.headers {
        // The length is that of the body that is really sent.
        if ["content-length", "transfer-encoding"].iter().any(|it| key.eq_ignore_ascii_case(it)) {
            continue;
        }
        let name = HeaderName::from_bytes(key.as_bytes());
        let value = latin1(value).and_then(|value| HeaderValue::from_bytes(&value).ok());
        let (Ok(name), Some(value)) = (name, value) else {
            return Err(wrong(format!("Invalid character in header content [\"{key}\"]")));
        };
        request.headers_mut().append(name, value);
        if !names.is_empty() {
            names.push(',');
        }
        names += key;
    }
    if let Some(name_and_password) = to_proxy {
        request.headers_mut().insert(PROXY_AUTHORIZATION, name_and_password);
    }
    if needs_length {
        request.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Ok(names) = HeaderValue::try_from(names) {
        request.headers_mut().insert(MARK, names);
    }
    Ok(request)
}

/// The methods for which Node sends `Content-Length: 0` without a body.
fn counts_body(method: &Method) -> bool {
    !["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"].contains(&method.as_str())
}

/// Node writes a header in Latin-1 and refuses other characters.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
}

fn read_latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

async fn read(mut body: Incoming, until: Instant) -> Result<Bytes, NoAnswer> {
    let mut read = BytesMut::new();
    loop {
        let frame = match timeout_at(until, body.frame()).await {
            Err(_) => return Err(late()),
            Ok(None) => return Ok(read.freeze()),
            Ok(Some(Err(_))) => return Err(reset("aborted")),
            Ok(Some(Ok(frame))) => frame,
        };
        if let Ok(data) = frame.into_data() {
            if read.len() + data.len() > LONGEST {
                let message = format!("the response is larger than {} MB", LONGEST / 1024 / 1024);
                return Err(NoAnswer { code: "", message, maybe_sent: true });
            }
            read.extend_from_slice(&data);
        }
    }
}

fn late() -> NoAnswer {
    let message = "ESOCKETTIMEDOUT".to_owned();
    NoAnswer { code: "ESOCKETTIMEDOUT", message, maybe_sent: true }
}

fn reset(message: &str) -> NoAnswer {
    NoAnswer { code: "ECONNRESET", message: message.to_owned(), maybe_sent: true }
}

/// Node's error code and message for a missing answer.
fn failed(
    error: &(dyn StdError + 'static),
    is_connect: bool,
    target: &crate::prepare::Target,
) -> NoAnswer {
    let mut cause = Some(error);
    let mut words = error.to_string();
    let port = target.port.unwrap_or(if target.scheme == "https" { 443 } else { 80 });
    while let Some(error) = cause {
        words = error.to_string();
        if error.is::<ProxyAway>() {
            return NoAnswer { code: "", message: words, maybe_sent: false };
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            let code = match error.kind() {
                io::ErrorKind::ConnectionRefused => "ECONNREFUSED",
                io::ErrorKind::ConnectionReset => "ECONNRESET",
                io::ErrorKind::TimedOut => "ETIMEDOUT",
                io::ErrorKind::HostUnreachable => "EHOSTUNREACH",
                io::ErrorKind::NetworkUnreachable => "ENETUNREACH",
                _ => "",
            };
            if !code.is_empty() && is_connect {
                let message = format!("connect {code} {}:{port}", target.host);
                return NoAnswer { code, message, maybe_sent: false };
            }
        }
        if words.contains("failed to lookup address") || words == "dns error" {
            let message = format!("getaddrinfo ENOTFOUND {}", target.host);
            return NoAnswer { code: "ENOTFOUND", message, maybe_sent: false };
        }
        cause = error.source();
    }
    if is_connect {
        return NoAnswer { code: "", message: words, maybe_sent: false };
    }
    reset(if words.contains("parse") || words.contains("invalid HTTP") {
        &words
    } else {
        "socket hang up"
    })
}
