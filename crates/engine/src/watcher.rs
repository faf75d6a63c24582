//! The watcher of a run: it gets every event, and is asked once, after the canary.

use std::future::Future;

use headcount_model::event::Event;
use headcount_model::outcome::Outcome;

/// What the canary showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanaryReport {
    /// The row it serves.
    pub row: u64,
    /// What the row is about, for people to read.
    pub who: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What was wanted, for people.
    pub wanted: String,
    /// What the site shows now, for people.
    pub found: String,
    /// Whether that is as wanted.
    pub ok: bool,
}

/// Gets what happens and is asked whether to continue.
pub trait Watcher {
    /// Something happened, and is in the journal.
    fn event(&mut self, event: &Event);

    /// The canary is well; `left` steps follow. Go on?
    fn go_on(&mut self, canaries: &[CanaryReport], left: u64) -> impl Future<Output = bool>;
}
