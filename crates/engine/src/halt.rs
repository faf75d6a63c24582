//! How far a run is halted from outside.

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
pub struct Halt(watch::Sender<Level>);

impl Default for Halt {
    fn default() -> Self {
        Self(watch::Sender::new(Level::Go))
    }
}

impl Halt {
    /// Halts at least this far; it never goes back.
    pub fn at_least(&self, level: Level) {
        self.0.send_if_modified(|now| {
            let further = level > *now;
            *now = level.max(*now);
            further
        });
    }

    /// How far it is halted now.
    pub fn level(&self) -> Level {
        *self.0.borrow()
    }

    /// Waits until it is halted at least this far.
    pub async fn reached(&self, level: Level) {
        let mut watched = self.0.subscribe();
        // The sender lives in `self`, so waiting can't fail.
        let _ = watched.wait_for(|now| *now >= level).await;
    }
}
