//! A step: one wanted change of one thing.
//!
//! The journal keeps a step and the engine sends it, and neither knows what it is about: that is its
//! payload, which the executor that planned it writes and alone reads.

use std::sync::Arc;

use jiff::Timestamp;

use super::door::{Api, Door};
use super::outcome::Outcome;
use super::reason::Reason;

/// What a step does, in the words of the executor that planned it. The journal carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// What this step alone is about.
    pub own: Box<str>,
    /// What it may have in common with others: steps are counted together by it.
    pub common: Box<str>,
}

/// A payload that is not what its executor writes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} cannot be read")]
pub struct Unreadable {
    /// What was found.
    pub what: String,
}

/// What a site has named in its answer, such as the id of what it created. Its executor reads it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Named(Box<str>);

impl Named {
    /// Takes the text as it is.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The state of a step; [`Move::ALL`] lists the legal changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Not sent.
    Pending,
    /// About to be sent, or sent.
    Started,
    /// Has its outcome.
    Settled,
}

/// A legal change of a step's state. The journal refuses any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The state before.
    pub from: StepState,
    /// Only for a step with this outcome.
    pub ended: Option<Outcome>,
    /// The state after.
    pub to: StepState,
    /// When, for people; docs/reliability.md has the table.
    pub when: &'static str,
}

impl Move {
    /// The table of legal moves.
    pub const ALL: [Self; 6] = {
        use StepState::{Pending, Settled, Started};
        let (unknown, skipped) = (Some(Outcome::Unknown), Some(Outcome::Skipped));
        [
            Self::new(Pending, None, Started, "committed before the request is sent"),
            Self::new(
                Started,
                None,
                Pending,
                "certainly no effect: refused for rate, never sent, or reading shows that it was not applied",
            ),
            Self::new(Started, None, Settled, "it has its outcome"),
            Self::new(
                Pending,
                None,
                Settled,
                "read again before sending: already in the wanted state, or changed since the \
                 plan; or a step that it needs was not done",
            ),
            Self::new(Settled, unknown, Started, "`run resume` reads the site again"),
            Self::new(
                Settled,
                skipped,
                Pending,
                "an earlier step was `unknown` and is now read again",
            ),
        ]
    };

    const fn new(
        from: StepState,
        ended: Option<Outcome>,
        to: StepState,
        when: &'static str,
    ) -> Self {
        Self { from, ended, to, when }
    }

    /// Whether the table has this move; `ended` is the outcome of a step that has one.
    pub fn is_legal(from: StepState, ended: Option<Outcome>, to: StepState) -> bool {
        let fits = |legal: &Self| {
            legal.from == from && legal.to == to && (legal.ended.is_none() || legal.ended == ended)
        };
        Self::ALL.iter().any(fits)
    }
}

/// How a step ended, with the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// The stable reason.
    pub reason: Reason,
    /// A sentence for people, with credentials masked and without control characters.
    pub detail: String,
    /// Status of the last answer, where there was one.
    pub http_status: Option<u16>,
    /// What the site named in its answer, or reading found: the id of what was created.
    pub named: Option<Named>,
    /// What the executor keeps of the step: the journal carries it, and the executor alone reads it.
    pub record: Option<Box<str>>,
}

impl Verdict {
    /// An outcome without an answer of the site.
    pub fn new(outcome: Outcome, reason: Reason, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { outcome, reason, detail, http_status: None, named: None, record: None }
    }

    /// The same with the status of the answer.
    pub fn with_status(mut self, status: Option<u16>) -> Self {
        self.http_status = status;
        self
    }
}

/// A step, with its content as the journal keeps it or, once its executor has read it, as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<P = Payload> {
    /// Its number in the run, from 1, in the order of the plan.
    pub number: u64,
    /// The first row it serves.
    pub row: u64,
    /// What it does: a word of its executor.
    pub kind: Box<str>,
    /// The door that it goes through, and no other. `None`: a version of headcount planned it that
    /// recorded none, and the journal does not show it for sure; such a step is never sent.
    pub door: Option<Arc<Door>>,
    /// What it is about and what is wanted.
    pub payload: P,
    /// How it was before is not known: nothing showed it when the plan was made, or the step that it
    /// needs ended differently than planned.
    pub unseen: bool,
    /// What the step that it needs has named.
    pub given: Option<Named>,
    /// What its own answer has named.
    pub named: Option<Named>,
    /// Requests sent for it so far.
    pub attempts: u32,
    /// Sendings that lost their answer while reading showed nothing: if the site later says
    /// "already so", one of them did it after all.
    pub unclear: u32,
    /// By when what was last sent for it had been sent, by the site's clock, before what is under way now.
    /// `None`: nothing has shown it.
    pub sent_by: Option<Timestamp>,
    /// The step that has to be done before this one may be sent.
    pub needs: Option<u64>,
    /// Where it is.
    pub state: StepState,
}

impl<P> Step<P> {
    /// The same step with this content.
    pub fn with<Q>(self, payload: Q) -> Step<Q> {
        let Self { number, row, kind, door, unseen, given, named, .. } = self;
        let Self { attempts, unclear, sent_by, needs, state, .. } = self;
        Step {
            number,
            row,
            kind,
            door,
            payload,
            unseen,
            given,
            named,
            attempts,
            unclear,
            sent_by,
            needs,
            state,
        }
    }

    /// The API that it goes through, where that is recorded.
    pub fn api(&self) -> Option<Api> {
        self.door.as_deref().map(Door::api)
    }

    /// Whether it was sent and has no outcome, or none that is sure: it is looked at before anything
    /// is sent for it.
    pub fn is_looked_at_first(&self) -> bool {
        match self.state {
            StepState::Pending => false,
            StepState::Started => true,
            StepState::Settled => self.attempts > 0,
        }
    }
}
