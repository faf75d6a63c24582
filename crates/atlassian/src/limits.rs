//! How long, how large and how often: every bound of the client in one value.

use std::time::Duration;

/// Bounds on requests and answers.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Time to open a connection: name, TCP, and TLS together.
    pub connect: Duration,
    /// For a request as a whole, from its start to the last byte of its answer.
    pub whole: Duration,
    /// Bytes of an answer's body.
    pub body: usize,
    /// Bytes of an answer's head; larger ones are refused while reading.
    pub head: usize,
    /// Number of an answer's headers.
    pub headers: usize,
    /// How often a read is sent when it fails for another reason than the rate (5xx, lost, late).
    pub read_attempts: u32,
    /// The longest wait of a read, the site's or our own, and how long it may be refused for its rate
    /// altogether before it fails.
    pub patience: Duration,
}

impl Limits {
    /// Whether a read may wait so long. What the site asks for is waited for a little longer, so that not
    /// all clients come back in the same moment; that does not count.
    pub(super) fn bears(&self, wait: Duration) -> bool {
        wait <= self.patience + self.patience / 20
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(60),
            body: 8 * 1024 * 1024,
            head: 64 * 1024,
            headers: 128,
            read_attempts: 5,
            patience: Duration::from_secs(2 * 60 * 60),
        }
    }
}
