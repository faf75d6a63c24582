//! Answers every request with the same 201, on the sandbox's server library: the peer of
//! `bench/figures/sandbox.py`. The first line has the address, as the sandbox's.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

/// The size of an answer to a membership add.
const BODY: &str = r#"{"name":"team-0","groupId":"00000000-0000-4000-8000-00000000aaaa"}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", serde_json::json!({"url": format!("http://{}", listener.local_addr()?)}));
    let answer = (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], BODY);
    let router = Router::new().fallback(move || async move { answer });
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await?;
    Ok(())
}
