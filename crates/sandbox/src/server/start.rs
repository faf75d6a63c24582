//! Starts and stops a sandbox.

use std::future::IntoFuture;
use std::net::Ipv4Addr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::answer;
use super::shared::Shared;
use crate::clock::{Clock, http_date};
use crate::config::{Card, Config};
use crate::error::SandboxError;
use crate::http::{Faults, Keys, Limits, Log, Recorder, parse_faults};
use crate::org::Lagging;
use crate::routes::{self, Matcher};
use crate::{seed, store};

/// How long connections may take to end when the sandbox stops.
const GRACE: Duration = Duration::from_secs(2);

/// A running sandbox. It stops when it is dropped, and cleanly with [`Sandbox::stop`].
pub struct Sandbox {
    shared: Arc<Shared>,
    router: Router,
    end: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    reloaded: bool,
}

/// Starts a sandbox on 127.0.0.1.
///
/// # Errors
/// The port is taken; a seed, state or fault file cannot be used.
pub async fn start(config: Config) -> Result<Sandbox, SandboxError> {
    let port = config.port;
    let listen = |source| SandboxError::Listen { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen)?;
    let card = Card::new(listener.local_addr().map_err(listen)?.port());
    let (shared, reloaded) = prepare(config, card)?;
    let shared = Arc::new(shared);
    let router = Router::new().fallback(enter).with_state(Arc::clone(&shared));
    let (end, ended) = oneshot::channel::<()>();
    let listener = listener.tap_io(|stream| {
        // Without it, an answer of two packets waits for an acknowledgement. If it fails, answers are slower.
        let _ = stream.set_nodelay(true);
    });
    let server = axum::serve(listener, router.clone())
        .with_graceful_shutdown(async move {
            // An error means that the sender is gone, which also means stop.
            let _ = ended.await;
        })
        .into_future();
    let server = tokio::spawn(async move {
        // axum's server never returns an error.
        let _ = server.await;
    });
    Ok(Sandbox { shared, router, end: Some(end), server, reloaded })
}

fn prepare(config: Config, card: Card) -> Result<(Shared, bool), SandboxError> {
    let clock = Clock::new();
    let mut faults = Faults::default();
    if let Some(path) = &config.faults {
        let text = std::fs::read(path)
            .map_err(|source| SandboxError::Read { path: path.clone(), source })?;
        let set =
            parse_faults(&text).map_err(|why| SandboxError::Faults { path: path.clone(), why })?;
        faults.add(set);
    }
    let load = || seed::load(&config, clock.now_ms());
    let (store, org, reloaded) = match &config.state {
        Some(path) => {
            let (store, org, reloaded) = store::open(path, config.reset, load)?;
            (Some(store), org, reloaded)
        }
        None => (None, load()?, false),
    };
    let mut index = Lagging::default();
    index.set(millis(config.index_lag), false, &org);
    let recorder = config.record.as_ref().map(|folder| {
        let failed = |source| SandboxError::Record { path: folder.clone(), source };
        Recorder::open(folder).map_err(failed)
    });
    let shared = Shared {
        recorder: recorder.transpose()?,
        keys: Keys::new(&card),
        card,
        clock,
        matcher: Matcher::new(),
        number: AtomicU64::new(0),
        index: Mutex::new(index),
        org: RwLock::new(org),
        log: Mutex::new(Log::default()),
        limits: Mutex::new(Limits::new(routes::published_limits(), config.rate)),
        faults: Mutex::new(faults),
        store,
        config,
    };
    Ok((shared, reloaded))
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}

async fn enter(State(shared): State<Arc<Shared>>, request: Request) -> axum::response::Response {
    let mut answer = answer::answer(&shared, request).await;
    // The date of the sandbox's own clock, which a test may stop and step; the server would use the computer's.
    if let Some(date) = http_date(shared.clock.now_ms()) {
        answer.headers_mut().entry(header::DATE).or_insert(date);
    }
    answer
}

impl Sandbox {
    /// Address and credentials.
    #[must_use]
    pub fn card(&self) -> &Card {
        &self.shared.card
    }

    /// The service itself, to be used with another transport than TCP. It shares its state with the running
    /// server.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Whether the state file had content, so that `seed` and `people` were not used.
    #[must_use]
    pub fn reloaded(&self) -> bool {
        self.reloaded
    }

    /// Stops cleanly: accepts no new connections, sends the answers under way, closes the state file. Connections
    /// that are still busy after two seconds are closed.
    pub async fn stop(mut self) {
        if let Some(end) = self.end.take() {
            // If there is no receiver, the server has already ended.
            let _ = end.send(());
        }
        if tokio::time::timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
        if let Some(store) = self.shared.store() {
            store.close();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}
