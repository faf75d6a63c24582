//! Stopping a run from outside.

use std::sync::{Arc, OnceLock};

use tokio::sync::watch;

/// How a run is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Continue.
    Go,
    /// Start nothing new and wait for open requests (Ctrl-C once).
    Drain,
    /// Stop at once (Ctrl-C twice). `run resume` settles the open requests.
    Now,
}

/// The handle that halts a run. Clones halt the same run.
#[derive(Clone, Debug)]
pub struct Halt {
    level: watch::Sender<Level>,
    why: Arc<OnceLock<String>>,
}

impl Default for Halt {
    fn default() -> Self {
        Self { level: watch::Sender::new(Level::Go), why: Arc::default() }
    }
}

impl Halt {
    /// Halts at least this far; it never goes back.
    pub fn at_least(&self, level: Level) {
        self.level.send_if_modified(|now| {
            let further = level > *now;
            *now = level.max(*now);
            further
        });
    }

    /// Halts the run after its open requests, for a reason of its executor.
    pub fn because(&self, why: impl Into<String>) {
        self.why.get_or_init(|| why.into());
        self.at_least(Level::Drain);
    }

    /// The executor's reason, if it gave one.
    pub fn why(&self) -> Option<&str> {
        self.why.get().map(String::as_str)
    }

    /// The level now.
    pub fn level(&self) -> Level {
        *self.level.borrow()
    }

    /// Waits until the level is at least this one.
    pub async fn reached(&self, level: Level) {
        let mut watched = self.level.subscribe();
        // The sender lives in `self`, so waiting can't fail.
        let _ = watched.wait_for(|now| *now >= level).await;
    }
}
