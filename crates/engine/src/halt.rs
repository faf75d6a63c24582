//! How far a run is halted from outside.

use std::sync::{Arc, OnceLock};

use tokio::sync::watch;

/// How far a run is to be halted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Go on.
    Go,
    /// Finish what is under way, start nothing (Ctrl-C once).
    Drain,
    /// Leave everything at once (Ctrl-C twice); what was under way is settled by `run resume`.
    Now,
}

/// The handle to halt a run with; clones halt the same run.
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

    /// Halts it as soon as what is under way is done, for a reason of its executor's own.
    pub fn because(&self, why: impl Into<String>) {
        self.why.get_or_init(|| why.into());
        self.at_least(Level::Drain);
    }

    /// The reason, where it was halted for one.
    pub fn why(&self) -> Option<&str> {
        self.why.get().map(String::as_str)
    }

    /// How far it is halted now.
    pub fn level(&self) -> Level {
        *self.level.borrow()
    }

    /// Waits until it is halted at least this far.
    pub async fn reached(&self, level: Level) {
        let mut watched = self.level.subscribe();
        // The sender lives in `self`, so waiting can't fail.
        let _ = watched.wait_for(|now| *now >= level).await;
    }
}
