//! Sites to call, and servers that misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use headcount_atlassian::access::{Access, Address, JiraKey, OrgKey, Setting};
use headcount_atlassian::pace::{Grant, PaceSettings, Pacer, Permit};
use headcount_atlassian::proxy::Proxies;
use headcount_atlassian::transport::Transport;
use headcount_atlassian::{Endpoint, Limits, Site};
use headcount_model::clock::Clock;
use headcount_sandbox::{Config, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub const TOKEN: &str = "jira-token-0123456789";

/// Limits with which reads are sent once, for tests in which the site always fails.
pub fn impatient() -> Limits {
    Limits { read_attempts: 1, ..Limits::default() }
}

/// The credentials of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    Both,
    Jira,
    Org,
}

/// A sandbox, and the site that uses it.
pub struct Playground {
    pub sandbox: Sandbox,
    pub site: Site,
    access: Access,
    transport: Transport,
}

impl Playground {
    pub async fn new(keys: Keys) -> Self {
        Self::with(keys, Config::default()).await
    }

    pub async fn with(keys: Keys, config: Config) -> Self {
        let sandbox = headcount_testkit::sandbox::start(config).await;
        let card = sandbox.card().clone();
        let mut access = Access::none();
        access.admin_url = Address::parse(Setting::AdminUrl, &card.url).unwrap();
        if keys != Keys::Org {
            access.cloud_url = Some(Address::parse(Setting::CloudUrl, &card.url).unwrap());
            access.jira = Some(JiraKey { email: card.email, token: card.api_token.into() });
        }
        if keys != Keys::Jira {
            access.org =
                Some(OrgKey { key: card.org_api_key.into(), org_id: None, directory_id: None });
        }
        let limits = Limits::default();
        let transport = Transport::network(&limits, &Proxies::none());
        let site = open(&access, transport.clone(), limits);
        Self { sandbox, site, access, transport }
    }

    /// Opens the site again as another process would, with nothing learned and no credential refused yet.
    pub fn reopen(&mut self) {
        self.reopen_with(Limits::default());
    }

    /// The same with other limits.
    pub fn reopen_with(&mut self, limits: Limits) {
        if let Some(org) = &mut self.access.org {
            // That process has read it before, or reads it before the site fails.
            org.org_id = Some(self.sandbox.card().org_id.clone());
            org.directory_id = Some(self.sandbox.card().directory_id.clone());
        }
        self.site = open(&self.access, self.transport.clone(), limits);
    }

    /// Calls a control route of the sandbox.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        headcount_testkit::sandbox::control(&self.sandbox, method, path, body).await
    }

    pub async fn fault(&self, fault: Value) {
        self.control("POST", "faults", json!({ "faults": [fault] })).await;
    }

    /// How many requests so far had this text in their paths.
    pub async fn asked(&self, text: &str) -> usize {
        let log = self.control("GET", "log?limit=100000", Value::Null).await;
        log["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["path"].as_str().unwrap().contains(text))
            .count()
    }
}

pub fn open(access: &Access, transport: Transport, limits: Limits) -> Site {
    // Two requests may be open from the start.
    let pacer = Pacer::new(PaceSettings { concurrency: Some(8), ..PaceSettings::default() });
    Site::open(access, transport, limits, pacer, Clock::System).unwrap()
}

/// Access to an address with all credentials.
pub fn access(url: &str) -> Access {
    let mut access = Access::none();
    access.cloud_url = Some(Address::parse(Setting::CloudUrl, url).unwrap());
    access.admin_url = Address::parse(Setting::AdminUrl, url).unwrap();
    access.jira = Some(JiraKey { email: "me@example.com".into(), token: TOKEN.to_owned().into() });
    access.org = Some(OrgKey {
        key: "org-key-0123456789".to_owned().into(),
        org_id: Some("o-1".into()),
        directory_id: None,
    });
    access
}

/// A permit; a new pacer always has one.
pub fn permit(site: &Site, endpoint: Endpoint) -> Permit {
    match site.pacer.try_start(endpoint) {
        Grant::Now(permit) => permit,
        other => panic!("{other:?}"),
    }
}

pub fn quiet(_: u64) {}

/// A server that reads a request and then passes the connection to a function.
pub struct Rogue {
    pub url: String,
    pub requests: Arc<AtomicU32>,
}

impl Rogue {
    /// Answers every connection's first request with these bytes and closes it.
    pub async fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        Self::doing(move |mut stream| {
            let bytes = bytes.clone();
            async move {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }

    pub async fn doing<F, Fut>(act: F) -> Self
    where
        F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicU32::new(0));
        let counted = requests.clone();
        let act = Arc::new(act);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (counted, act) = (counted.clone(), act.clone());
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    if stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                        counted.fetch_add(1, Ordering::SeqCst);
                        act(stream).await;
                    }
                });
            }
        });
        Self { url, requests }
    }

    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::SeqCst)
    }

    pub fn site(&self) -> Site {
        self.site_with(Limits { read_attempts: 2, ..Limits::default() })
    }

    pub fn site_with(&self, limits: Limits) -> Site {
        open(&access(&self.url), Transport::network(&limits, &Proxies::none()), limits)
    }
}

pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
