//! Steps, as a plan adds them and as they are read again.

use std::sync::Arc;

use jiff::Timestamp;

use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Payload, Step};

/// A step to be.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// What it does: a word of its executor.
    pub kind: &'static str,
    /// The door that it goes through; `None`: its executor knows no doors.
    pub door: Option<Arc<Door>>,
    /// What makes two steps of a kind the same.
    pub subject: String,
    /// What its executor writes of it.
    pub payload: Payload,
    /// What it changes in a row of several steps, for people.
    pub label: String,
    /// A line for each name of what it is about: all of them are searched, and rows are sorted by the
    /// first.
    pub about: String,
    /// How it was before could not be seen.
    pub unseen: bool,
    /// There is something to check before the plan is agreed to.
    pub warned: bool,
    /// A step to be done first.
    pub needs: Option<u64>,
    /// It cannot be sent before that one has named what it created.
    pub needs_name: bool,
}

/// Whether a step was new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is this step now.
    New(u64),
    /// One about the same is there already. Where it wants the same, it may
    /// [serve](crate::Batch::serve) this row, too.
    SameAs {
        /// The step.
        step: u64,
        /// The first row it serves.
        row: u64,
        /// What it has in common with others: [`Payload::common`].
        common: String,
    },
}

/// How a started step came back without an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// It was sent, and the site surely did nothing.
    Refused,
    /// It was sent, its response was lost, and reading shows no effect yet.
    Unclear,
    /// It never left this process: it is no attempt, and no request.
    NeverLeft,
}

/// A step, and how it ended if it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// The step.
    pub step: Step,
    /// Its outcome; `None`: not settled.
    pub outcome: Option<Outcome>,
    /// Why.
    pub reason: Option<Reason>,
    /// When it settled.
    pub at: Option<Timestamp>,
}

/// A step that changed something, or may have.
#[derive(Clone, Debug)]
pub struct Effect<P = Payload> {
    /// The step, with what the site named, if anything.
    pub step: Step<P>,
    /// `changed` or `unknown`.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// When it settled.
    pub at: Option<Timestamp>,
}

/// Pending steps that differ only in what each alone is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepGroup {
    /// What they do: a word of their executor.
    pub kind: Box<str>,
    /// What they have in common: [`Payload::common`].
    pub common: Box<str>,
    /// How it was before is not known.
    pub unseen: bool,
    /// How many they are.
    pub steps: u64,
}

/// Steps of one kind that share a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What they do: a word of their executor.
    pub kind: Box<str>,
    /// Their door; `None`: it is not recorded.
    pub door: Option<Arc<Door>>,
}

/// A settled step in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledStep {
    /// When it settled.
    pub at: Timestamp,
    /// How.
    pub outcome: Outcome,
    /// Whether it was ever sent.
    pub sent: bool,
}

/// A changing request, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Method and path, with names in braces.
    pub call: String,
    /// When it was started. It is sent when the pace allows, which may be later.
    pub started: Timestamp,
    /// When its answer was noted; `None` where none was.
    pub ended: Option<Timestamp>,
    /// The answer's status.
    pub status: Option<u16>,
}
