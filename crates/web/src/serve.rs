//! Serves the page on loopback, and ends it.

use std::future::IntoFuture;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use headcount_app::context::Context;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::access::Door;
use crate::routes;
use crate::state::app::App;

/// A page that is served until this is dropped or stopped.
pub struct Served {
    app: Arc<App>,
    address: String,
    server: JoinHandle<()>,
    /// Ends the server: answers under way are finished, and no new ones begin.
    end: Arc<Notify>,
}

/// Within this time, a browser has requested the last page's style sheet.
const LAST_STYLE: Duration = Duration::from_millis(500);

/// How long the end waits for connections that follow a run.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// Serves the page on 127.0.0.1 only.
pub async fn serve(context: Context, port: u16) -> std::io::Result<Served> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = listener.local_addr()?.port();
    let (door, token) = Door::new(port)?;
    let address = format!("{}/enter?token={token}", door.origin());
    let app = Arc::new(App::new(context, door));
    let listener = listener.tap_io(|stream| {
        // Without it, an answer of two packets waits for an acknowledgement. If it fails, answers are slower.
        let _ = stream.set_nodelay(true);
    });
    let end = Arc::new(Notify::new());
    let ended = Arc::clone(&end);
    let server = axum::serve(listener, routes::router(Arc::clone(&app)))
        .with_graceful_shutdown(async move { ended.notified().await })
        .into_future();
    let server = tokio::spawn(async move {
        // axum's server never returns an error.
        let _ = server.await;
    });
    Ok(Served { app, address, server, end })
}

impl Served {
    /// The address with its one-time token.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether a run is under way.
    pub fn is_busy(&self) -> bool {
        self.app.is_busy()
    }

    /// Waits until the user ends the program on the page.
    pub async fn asked_to_quit(&self) {
        self.app.quit.notified().await;
    }

    /// A handle that removes the uploads if the program does not end cleanly.
    pub fn uploads(&self) -> Uploads {
        Uploads(Arc::clone(&self.app))
    }

    /// Stops cleanly: active runs finish the requests under way and stop, then the server ends. With `shown`, a
    /// last page is being sent, and the browser will request its style sheet.
    pub async fn stop(mut self, shown: bool) {
        let style = if shown { LAST_STYLE } else { Duration::ZERO };
        tokio::join!(self.app.stop(), tokio::time::sleep(style));
        self.end.notify_one();
        // Browsers that are still connected show a page that no longer changes.
        let _ = tokio::time::timeout(LAST_ANSWERS, &mut self.server).await;
    }
}

/// The uploads of a page.
pub struct Uploads(Arc<App>);

impl Uploads {
    /// Removes the uploads.
    pub fn remove(&self) {
        self.0.desk.clear();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}
