//! The port between the engine and the work. Each kind of work has an executor of its own. There is no mock:
//! tests run the real executors against the sandbox.

use std::fmt;
use std::future::Future;

use tokio::time::Instant;

use super::notes::Notes;
use headcount_model::reason::Reason;
use headcount_model::step::{Named, Step, Unreadable, Verdict};

/// Steps that share one pace: the engine starts as many steps of a lane as the pace allows, and no lane
/// holds back another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lane(pub &'static str);

/// Performs steps and observes them. Only the executor knows what a step is about.
pub trait Executor: Send + Sync + 'static {
    /// What a step is about, once it is read.
    type Payload: fmt::Debug + Clone + Send + Sync + 'static;
    /// A place in the pace; given back when it is dropped.
    type Permit: Send + 'static;

    /// Reads what a step is about: once, when it is taken from the journal.
    ///
    /// # Errors
    /// Its payload is not one that this executor writes: the run stops.
    fn read(&self, step: Step) -> Result<Step<Self::Payload>, Unreadable>;

    /// The lane of a step.
    fn lane(&self, step: &Step<Self::Payload>) -> Lane;

    /// The request's method and path template, for the journal.
    fn call(&self, lane: Lane) -> String;

    /// How many steps of this lane may be under way at once now.
    fn window(&self, lane: Lane) -> usize;

    /// Until when nothing of this lane is sent, and why.
    fn blocked(&self, lane: Lane) -> Option<Blocked>;

    /// How many steps of this lane may be started at once now: twice the window, so that a place in the
    /// pace never waits for the disk.
    fn room(&self, lane: Lane) -> usize {
        2 * self.window(lane).max(1)
    }

    /// What has to be in the journal before a step goes on, where a step of this executor sends several
    /// requests. Asked once, when the run begins.
    fn notes(&self) -> Option<Notes> {
        None
    }

    /// Waits until a step of this lane may be sent.
    fn ready(&self, lane: Lane) -> impl Future<Output = Self::Permit> + Send;

    /// Sends the step once.
    fn perform(
        &self,
        step: &Step<Self::Payload>,
        permit: Self::Permit,
    ) -> impl Future<Output = Performed> + Send;

    /// Observes one step closely: what the site shows of it now.
    fn observe(
        &self,
        step: &Step<Self::Payload>,
    ) -> impl Future<Output = Result<Observation, NotSent>> + Send;

    /// Announces steps that will be observed, so that what many of them need is read once, in the way that is
    /// cheapest for all.
    fn expect(&self, steps: &[Step<Self::Payload>]);

    /// Observes many steps as cheaply as the site allows, in their order. What this run has done
    /// meanwhile counts.
    fn observe_many(
        &self,
        steps: &[Step<Self::Payload>],
    ) -> impl Future<Output = Result<Vec<Observation>, NotSent>> + Send;

    /// Why a step of an older plan may not be sent any more: by today's guards, as far as the step alone
    /// shows it.
    fn guard(&self, step: &Step<Self::Payload>) -> Option<Refusal>;

    /// The rules by which the engine decides about a step without an answer.
    fn rules(&self, step: &Step<Self::Payload>) -> Rules;

    /// The step with what its answer has named, to be observed.
    fn named(&self, step: &Step<Self::Payload>, verdict: &Verdict) -> Step<Self::Payload>;

    /// The steps of a row in words.
    fn describe(&self, steps: &[&Step<Self::Payload>]) -> Description;
}

/// A guard's no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The machine word.
    pub reason: Reason,
    /// A sentence.
    pub detail: String,
}

/// What a row is about and what it wants, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// What it is about.
    pub subject: String,
    /// What it wants, as a sentence.
    pub wanted: String,
}

/// What the engine must know of a step to decide about it without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The reason if it was already in the wanted state.
    pub already: Reason,
    /// The reason if the answer is missing and reading shows the wanted state.
    pub applied: Reason,
    /// Another way in which the state may have come about, for the detail; often empty.
    pub or_otherwise: &'static str,
    /// The plan could not see the state before: that it is as wanted now proves nothing.
    pub before_unseen: bool,
    /// Sending it again does no harm and shows the state where no read can: the site answers that it is
    /// already so, or accepts it again.
    pub tells_when_repeated: bool,
    /// It may be sent although the state cannot be read: no guard depends on it.
    pub sent_unread: bool,
    /// The step that it needs ended differently than planned, so this one is observed before it is sent.
    pub observed_when_released: bool,
    /// The reason of the failure if the site says that it is already so and reading shows that it is not;
    /// `None`: only a later read can decide.
    pub denied: Option<Reason>,
}

/// Until when nothing is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Until then.
    pub until: Instant,
    /// Why, for people.
    pub why: &'static str,
    /// The site itself named the time: such a wait does not count against patience.
    pub announced: bool,
}

/// The result of sending a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Performed {
    /// The site has answered, and this follows from it.
    Settled(Verdict),
    /// The site says that it was already in the wanted state. Whether this run did it (an earlier sending whose
    /// answer was lost) the engine knows.
    AlreadySo(Verdict),
    /// It certainly had no effect; the step can be sent again.
    NotSent(NotSent),
    /// It may have had an effect: a lost answer, a server error. Only reading can decide.
    Unclear {
        /// Status of the answer, where there was one.
        status: Option<u16>,
        /// What was seen, for people.
        evidence: String,
    },
}

/// Why a step certainly had no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The site asks to slow down (429).
    Refused {
        /// What it said.
        words: String,
        /// The answer's status; `None` where nothing was sent, for it had asked for quiet before.
        status: Option<u16>,
        /// Whether it refused a reading, which waits by itself for as long as is allowed. Whatever comes
        /// next meets the same: the run stops.
        reading: bool,
    },
    /// The site can't be reached.
    OutOfReach {
        /// What was seen.
        words: String,
    },
    /// The key is refused (401): the run stops.
    Credential {
        /// What the site said.
        words: String,
    },
    /// The site's address sends on to another (3xx), which is not processed: the run stops.
    Elsewhere {
        /// Where to.
        words: String,
    },
    /// What answers is not the site: a web page, or an answer that fits no description, to a reading or
    /// for the second time to the same step. Nothing was done; the run stops.
    Odd {
        /// What came.
        words: String,
    },
    /// The run halts, and this one had not been sent yet.
    Halted,
}

impl NotSent {
    /// What was seen, for the journal and for people.
    pub fn words(&self) -> &str {
        match self {
            Self::Credential { words }
            | Self::Elsewhere { words }
            | Self::Odd { words }
            | Self::Refused { words, .. }
            | Self::OutOfReach { words } => words,
            Self::Halted => "the run stopped before this was sent",
        }
    }
}

/// What reading the site shows of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation {
    /// As wanted.
    AsWanted {
        /// What was found, for people.
        found: String,
        /// What of it has a name of its own: the id of what was created.
        named: Option<Named>,
    },
    /// As it was before the plan.
    AsBefore {
        /// What was found, for people.
        found: String,
    },
    /// Neither of the two: another person changed it meanwhile.
    Otherwise {
        /// What was found, for people.
        found: String,
    },
    /// Reading cannot decide.
    CannotTell {
        /// Why.
        evidence: String,
    },
    /// What this one step is about can't be read, while the site answers everything else. Looking
    /// again would not help.
    Unreadable {
        /// What came instead.
        evidence: String,
    },
}

impl Observation {
    /// What was found, or why nothing was.
    pub fn words(&self) -> &str {
        match self {
            Self::AsWanted { found, .. } | Self::AsBefore { found } | Self::Otherwise { found } => {
                found
            }
            Self::CannotTell { evidence } | Self::Unreadable { evidence } => evidence,
        }
    }
}
