//! The network: HTTP/1.1 with keep-alive, TLS, and the proxies that the environment names.

mod dialer;
mod http_client;
mod spelling;
mod trust;

pub use dialer::{LEASE_ENDED, ProxyMatcher};
pub use http_client::{ClientOptions, HttpClient};
