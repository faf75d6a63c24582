//! Steps: as a plan adds them, and as they are read from the journal.

use super::run::RunId;
use std::sync::Arc;

use jiff::Timestamp;

use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Payload, Step};

/// A new step.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// What it does: a word of its executor.
    pub kind: &'static str,
    /// The door that it goes through; `None`: its executor knows no doors.
    pub door: Option<Arc<Door>>,
    /// The key by which two steps of a kind are the same.
    pub subject: String,
    /// The executor's payload.
    pub payload: Payload,
    /// The change in words, for a row with several steps.
    pub label: String,
    /// The names of the users and groups of the step, one on each line. Searches use all of them, sorting uses the first.
    pub about: String,
    /// Whether the plan could not read the state before.
    pub unseen: bool,
    /// Whether there is a warning that users check before they agree to the plan.
    pub warned: bool,
    /// The step that must be done first.
    pub needs: Option<u64>,
    /// Whether it can't be sent before that step has named the id that it created.
    pub needs_name: bool,
}

/// The result of adding a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// The step is new and has this number.
    New(u64),
    /// The run already has a step for the same change. If both want the same state, it can
    /// [serve](crate::Batch::serve) this row too.
    SameAs {
        /// The step.
        step: u64,
        /// The first row it serves.
        row: u64,
        /// Its data that other steps share: [`Payload::common`].
        common: String,
    },
}

/// How a started step ended without an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// The request was sent and certainly had no effect.
    Refused,
    /// The request was sent, its answer was lost, and the site shows no effect yet.
    Unclear,
    /// The request was never sent, so it does not count as an attempt.
    NeverLeft,
}

/// A step, with its outcome if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// The step.
    pub step: Step,
    /// Its outcome; `None`: not settled.
    pub outcome: Option<Outcome>,
    /// The reason.
    pub reason: Option<Reason>,
    /// When it settled.
    pub at: Option<Timestamp>,
}

/// A step that changed something, or may have changed something.
#[derive(Clone, Debug)]
pub struct Effect<P = Payload> {
    /// The step, with the id that the site named, if any.
    pub step: Step<P>,
    /// `changed` or `unknown`.
    pub outcome: Outcome,
    /// The reason.
    pub reason: Reason,
    /// When it settled.
    pub at: Option<Timestamp>,
}

/// A group of pending steps that differ only in their own data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepGroup {
    /// What they do: a word of their executor.
    pub kind: Box<str>,
    /// The data that they share: [`Payload::common`].
    pub common: Box<str>,
    /// Whether the state before is unknown.
    pub unseen: bool,
    /// How many steps.
    pub steps: u64,
}

/// Steps of one kind that share a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What they do: a word of their executor.
    pub kind: Box<str>,
    /// Their door; `None` if it was not recorded.
    pub door: Option<Arc<Door>>,
}

/// A settled step in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledStep {
    /// When it settled.
    pub at: Timestamp,
    /// Its outcome.
    pub outcome: Outcome,
    /// Whether it was ever sent.
    pub sent: bool,
}

/// A changing request that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Method and path, with names in braces.
    pub call: String,
    /// When it was started. It is sent when the pace allows it, which can be later.
    pub started: Timestamp,
    /// When its answer was recorded, if there was one.
    pub ended: Option<Timestamp>,
    /// The answer's status.
    pub status: Option<u16>,
}

/// The same step in another run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlsoSent {
    /// The other run.
    pub run: RunId,
    /// The step ended `changed` there; otherwise it has no answer yet, or an unclear one.
    pub changed: bool,
}
