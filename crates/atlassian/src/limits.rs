//! All limits of the client in one value.

use std::time::Duration;

/// Bounds on requests and answers.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Time to open a connection: name, TCP and TLS together.
    pub connect: Duration,
    /// Time for a whole request, from its start to the last byte of its answer.
    pub whole: Duration,
    /// The largest body of an answer, in bytes.
    pub body: usize,
    /// The largest head of an answer, in bytes.
    pub head: usize,
    /// The most headers of an answer.
    pub headers: usize,
    /// How often a read is sent if it fails for another reason than the rate (5xx, lost, late).
    pub read_attempts: u32,
    /// The longest single wait of a read, and the longest time that a read may be refused for its rate before it
    /// fails.
    pub patience: Duration,
}

impl Limits {
    /// Whether a read may wait this long. The pace waits a little longer than the site asks for, so that not all
    /// clients return at the same moment; that does not count.
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
