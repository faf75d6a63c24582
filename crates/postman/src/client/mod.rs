//! The network: HTTP/1.1 with keep-alive, TLS, and the proxies that the environment names.

mod http_client;
mod spelling;
mod trust;

pub use http_client::{ClientOptions, HttpClient};
