//! The port between the engine and the work. Each kind of work has an executor of its own. There is no mock:
//! tests run the real executors against the sandbox.

use std::fmt;
use std::future::Future;

use tokio::time::Instant;

use super::notes::Notes;
use headcount_model::clock::SiteTime;
use headcount_model::reason::Reason;
use headcount_model::step::{Named, Step, Unreadable, Verdict};

/// The number of a lane: steps that share one pace. The engine starts as many steps of a lane as its pace allows;
/// no lane holds back another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lane(pub &'static str);

/// Sends steps and observes them on the site. Only the executor knows what a step changes.
pub trait Executor: Send + Sync + 'static {
    /// The parsed payload of a step.
    type Payload: fmt::Debug + Clone + Send + Sync + 'static;
    /// A place in the pace. Dropping it gives the place back.
    type Permit: Send + 'static;

    /// Parses the payload of a step: once, when the step is taken from the journal.
    ///
    /// # Errors
    /// This executor does not write such a payload. The run stops.
    fn read(&self, step: Step) -> Result<Step<Self::Payload>, Unreadable>;

    /// The lane of a step.
    fn lane(&self, step: &Step<Self::Payload>) -> Lane;

    /// The method and path template of a lane's request, for the journal.
    fn call(&self, lane: Lane) -> String;

    /// The time by the site's own clock; `None` until an answer has shown it. The age of a request is
    /// measured by this clock, because the machine's clock may be set between two processes.
    fn site_time(&self) -> Option<SiteTime> {
        None
    }

    /// How many requests of this lane may be open now.
    fn window(&self, lane: Lane) -> usize;

    /// Until when no request of this lane is sent, and why.
    fn blocked(&self, lane: Lane) -> Option<Blocked>;

    /// How many steps of this lane may be started now: twice the open requests, so that a free place in the pace
    /// never waits for the disk.
    fn room(&self, lane: Lane) -> usize {
        2 * self.window(lane).max(1)
    }

    /// The notes of this executor, if its steps send several requests: what has to be in the journal before a step
    /// continues. Asked once, when the run begins.
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

    /// Reads on the site what one step changes, by the most reliable call.
    fn observe(
        &self,
        step: &Step<Self::Payload>,
    ) -> impl Future<Output = Result<Observation, NotSent>> + Send;

    /// Announces steps that will be observed, so that data that many of them need is read once.
    fn expect(&self, steps: &[Step<Self::Payload>]);

    /// Reads many steps on the site with as few calls as possible, and returns the observations in their order.
    /// They include this run's own changes since the reading.
    fn observe_many(
        &self,
        steps: &[Step<Self::Payload>],
    ) -> impl Future<Output = Result<Vec<Observation>, NotSent>> + Send;

    /// Why the guards of today refuse a step of an older plan, as far as the step alone shows it.
    fn guard(&self, step: &Step<Self::Payload>) -> Option<Refusal>;

    /// The rules by which the engine decides about a step without an answer.
    fn rules(&self, step: &Step<Self::Payload>) -> Rules;

    /// The step together with the ids that its answer has named, so that it can be observed.
    fn named(&self, step: &Step<Self::Payload>, verdict: &Verdict) -> Step<Self::Payload>;

    /// Describes the steps of a row in words.
    fn describe(&self, steps: &[&Step<Self::Payload>]) -> Description;
}

/// The refusal of a guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason's word.
    pub reason: Reason,
    /// A sentence.
    pub detail: String,
}

/// A row in words: its subject and the change it asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The user or group, for example.
    pub subject: String,
    /// The wanted state, as a sentence.
    pub wanted: String,
}

/// What the engine must know about a step to decide on it without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The reason if it was already in the wanted state.
    pub already: Reason,
    /// The reason if the answer was lost and the site shows the wanted state.
    pub applied: Reason,
    /// Another possible cause of the wanted state, for the detail; often empty.
    pub or_otherwise: &'static str,
    /// The plan could not read the state before, so the wanted state now proves nothing.
    pub before_unseen: bool,
    /// Sending the step again does no harm and shows the state where no read can: the site answers "already so", or
    /// accepts it again.
    pub tells_when_repeated: bool,
    /// The step may be sent although its state cannot be read, because no guard depends on the state.
    pub sent_unread: bool,
    /// The step that this one needs ended differently than planned, so this one is observed before it is sent.
    pub observed_when_released: bool,
    /// The reason of the failure if the site answers "already so" and a read shows the opposite. `None` means that
    /// only a later read can decide.
    pub denied: Option<Reason>,
    /// No undo brings back what it takes away, so each one is read back, unless nothing is verified.
    pub read_back: bool,
    /// The reason of a change that another run of the journal sent, too: either may have made it. `None`: the
    /// answer itself shows which one did.
    pub contested: Option<Reason>,
}

/// A wait before the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// When it ends.
    pub until: Instant,
    /// The cause, for people.
    pub why: &'static str,
    /// The site itself announced the wait; such a wait does not count as a time without progress.
    pub announced: bool,
}

/// The result of sending a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Performed {
    /// The site has answered, and this verdict follows from the answer.
    Settled(Verdict),
    /// The site says that it was already in the wanted state. The engine knows whether an earlier request of this
    /// run, whose answer was lost, made the change.
    AlreadySo(Verdict),
    /// The answer may mean that it was already in the wanted state, and does not say so: "not found" may also mean
    /// "you may not". Only a read counts that no index's lag explains.
    SeemsSo(Verdict),
    /// The request certainly had no effect; the step can be sent again.
    NotSent(NotSent),
    /// The request may have had an effect, for example after a lost answer or a server error. Only a read can decide.
    Unclear {
        /// The status of the answer, if there was one.
        status: Option<u16>,
        /// What was seen, for people.
        evidence: String,
    },
}

/// Why a request certainly had no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The site asks to slow down (429).
    Refused {
        /// The site's words.
        words: String,
        /// The answer's status. `None` if nothing was sent, because an earlier answer asked for a wait.
        status: Option<u16>,
        /// Whether the refused request was a read. Reads wait by themselves for as long as is allowed, and the next
        /// request would be refused too, so the run stops.
        reading: bool,
    },
    /// The site can't be reached.
    OutOfReach {
        /// What was seen.
        words: String,
    },
    /// The credential is refused (401): the run stops.
    Credential {
        /// The site's words.
        words: String,
    },
    /// The site refuses the network that the request came from. The run stops.
    Blocked {
        /// What the site answered.
        words: String,
    },
    /// The site redirects to another address (3xx). headcount does not follow it: the run stops.
    Elsewhere {
        /// The other address, in a sentence.
        words: String,
    },
    /// The answer is not the site's: a web page, or an answer that fits no description, to a read or for the second
    /// time to the same step. The request had no effect; the run stops.
    Odd {
        /// The answer, in a sentence.
        words: String,
    },
    /// The run halted before the request was sent.
    Halted,
}

impl NotSent {
    /// The cause in words, for the journal and for people.
    pub fn words(&self) -> &str {
        match self {
            Self::Credential { words }
            | Self::Blocked { words }
            | Self::Elsewhere { words }
            | Self::Odd { words }
            | Self::Refused { words, .. }
            | Self::OutOfReach { words } => words,
            Self::Halted => "the run stopped before this was sent",
        }
    }
}

/// What a read of the site shows about a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation {
    /// The wanted state.
    AsWanted {
        /// What was found, for people.
        found: String,
        /// The id of what was created, if the step creates something.
        named: Option<Named>,
    },
    /// The state before the plan.
    AsBefore {
        /// What was found, for people.
        found: String,
    },
    /// Another state: another person changed it meanwhile.
    Otherwise {
        /// What was found, for people.
        found: String,
    },
    /// The read cannot decide.
    CannotTell {
        /// Why.
        evidence: String,
    },
    /// The subject of this one step can't be read, while the site answers all other reads. Reading again would not
    /// help.
    Unreadable {
        /// The answer, in a sentence.
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
