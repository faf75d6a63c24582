//! A small HTTP client for the tests, and its sandbox.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use headcount_sandbox::{Config, PLAIN_API_TOKEN, PLAIN_EMAIL, SCOPED_API_TOKEN, Sandbox};
use headcount_testkit::sandbox::basic;

/// A complete answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("no JSON ({error}): {} {:?}", self.status, self.body),
        }
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{body}");
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A client for one address, with the sandbox's default credentials.
#[derive(Clone)]
pub struct Keyring {
    url: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// A sandbox and a client for it.
pub struct Site {
    pub sandbox: Sandbox,
    keyring: Keyring,
}

/// The credential of a request.
#[derive(Clone, Copy)]
pub enum As {
    Admin,
    Plain,
    Scoped,
    Org,
    Scim,
    Nobody,
    Header(&'static str),
}

impl Keyring {
    /// Sends a request. An error means a broken connection.
    pub async fn try_send(
        &self,
        who: As,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, String> {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).expect("a method"))
            .uri(format!("{}{path}", self.url));
        let key = match who {
            As::Admin => Some(format!("Basic {}", basic("admin@banc.ly", "sandbox-api-token"))),
            As::Plain => Some(format!("Basic {}", basic(PLAIN_EMAIL, PLAIN_API_TOKEN))),
            As::Scoped => Some(format!("Basic {}", basic("admin@banc.ly", SCOPED_API_TOKEN))),
            As::Org => Some("Bearer sandbox-org-api-key".to_owned()),
            As::Scim => Some("Bearer sandbox-scim-api-key".to_owned()),
            As::Nobody => None,
            As::Header(header) => Some(header.to_owned()),
        };
        if let Some(key) = key {
            request = request.header("authorization", key);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        let request = request.body(Full::new(body)).expect("a request");
        let answer = self.client.request(request).await.map_err(|error| format!("{error:?}"))?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.into_body().collect().await.map_err(|error| error.to_string())?;
        Ok(Answer { status, headers, body: body.to_bytes() })
    }
}

/// A request as it is, byte for byte.
pub struct Raw<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a str,
}

impl Keyring {
    /// Sends a request with only these headers (and those that HTTP requires).
    pub async fn send_raw(&self, raw: &Raw<'_>) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(raw.method.as_bytes()).expect("a method"))
            .uri(format!("{}{}", self.url, raw.path));
        for (name, value) in raw.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(raw.body.to_owned()))).expect("a request");
        let answer = self.client.request(request).await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        Answer { status, headers, body }
    }
}

impl Site {
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    pub async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        Self::of(headcount_testkit::sandbox::start(config).await)
    }

    pub fn of(sandbox: Sandbox) -> Self {
        let keyring = Self::client_of(&sandbox.card().url);
        Self { sandbox, keyring }
    }

    pub fn client_of(url: &str) -> Keyring {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Keyring { url: url.to_owned(), client }
    }

    /// Sends a request. An error means a broken connection.
    pub async fn try_send(
        &self,
        who: As,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, String> {
        self.keyring.try_send(who, method, path, body).await
    }

    pub async fn send(&self, who: As, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.try_send(who, method, path, body).await.expect("an answer")
    }

    pub async fn get(&self, who: As, path: &str) -> Answer {
        self.send(who, "GET", path, None).await
    }

    pub async fn post(&self, who: As, path: &str, body: Value) -> Answer {
        self.send(who, "POST", path, Some(&body)).await
    }

    pub async fn delete(&self, who: As, path: &str) -> Answer {
        self.send(who, "DELETE", path, None).await
    }

    /// Calls a control route, which must succeed.
    pub async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let path = format!("/_sandbox/{path}");
        let answer = self.send(As::Nobody, method, &path, body.as_ref()).await;
        assert!(answer.status < 300, "{} {:?}", answer.status, answer.body);
        match answer.body.is_empty() {
            true => Value::Null,
            false => answer.json(),
        }
    }

    /// The account with this email address.
    pub async fn account(&self, email: &str) -> String {
        let state = self.control("GET", &format!("state?only=people&email={email}"), None).await;
        state["people"][0]["account_id"].as_str().expect("somebody of this mail").to_owned()
    }

    /// The id of a group. The name is put into the address without encoding.
    pub async fn group(&self, name: &str) -> String {
        let state = self.control("GET", &format!("state?only=groups&group={name}"), None).await;
        state["groups"][0]["id"].as_str().expect("a group of this name").to_owned()
    }

    pub async fn summary(&self) -> Value {
        self.control("GET", "log/summary", None).await
    }
}
