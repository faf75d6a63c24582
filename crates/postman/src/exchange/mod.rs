//! Requests and answers: the seam to the network, cookies, redirects and compressed bodies.

mod cookies;
mod decode;
mod follow;
mod sender;

pub use cookies::{Cookie, Jar};
pub use follow::{Exchanged, Exchanging, exchange};
pub use sender::{Answer, Hop, NoAnswer, Sender};
