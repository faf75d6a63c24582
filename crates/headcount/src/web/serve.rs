//! The listener on loopback, and its end.

use std::future::IntoFuture;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::app::App;
use super::door::Door;
use super::routes;
use crate::context::Context;

/// A page that is served until this is dropped or stopped.
pub struct Served {
    app: Arc<App>,
    address: String,
    server: JoinHandle<()>,
}

/// Serves the page on 127.0.0.1, and nowhere else.
pub async fn serve(context: Context, port: u16) -> std::io::Result<Served> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = listener.local_addr()?.port();
    let (door, token) = Door::new(port)?;
    let address = format!("{}/enter?token={token}", door.origin());
    let app = Arc::new(App::new(context, door));
    let listener = listener.tap_io(|stream| {
        // Without it an answer of two packets waits for an acknowledgement; failing costs speed.
        let _ = stream.set_nodelay(true);
    });
    let server = axum::serve(listener, routes::router(Arc::clone(&app))).into_future();
    let server = tokio::spawn(async move {
        // axum's server never ends with an error.
        let _ = server.await;
    });
    Ok(Served { app, address, server })
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

    /// Ends in order: runs under way finish what they have begun and stop, then the page ends.
    pub async fn stop(self) {
        self.app.stop().await;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}
