//! The watcher of a run: it receives every event and answers the question after the canary.

use std::future::Future;

use headcount_model::event::Event;
use headcount_model::outcome::Outcome;

/// What the canary showed for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanaryReport {
    /// The row.
    pub row: u64,
    /// The row's subject, for people.
    pub who: String,
    /// Its outcome.
    pub outcome: Outcome,
    /// The wanted state, for people.
    pub wanted: String,
    /// What the site shows now, for people.
    pub found: String,
    /// Whether the site shows the wanted state.
    pub ok: bool,
}

/// Receives the events of a run and answers whether to continue.
pub trait Watcher {
    /// Receives an event. What it reports is in the journal already.
    fn event(&mut self, event: &Event);

    /// Whether to continue after a good canary; `left` steps follow.
    fn go_on(&mut self, canaries: &[CanaryReport], left: u64) -> impl Future<Output = bool>;
}
