//! What the engine needs of whoever does the work. The people of a site have one set of hands;
//! the requests of a Postman collection will have another. There is no pretended set for tests:
//! those run against the sandbox.

use std::future::Future;

use tokio::time::Instant;

use headcount_model::step::{Step, StepKind, Verdict};
use headcount_model::user::AccountId;

/// Performs steps and looks at them.
pub trait Hands: Send + Sync + 'static {
    /// A place in the pace; given back when it is dropped.
    type Permit: Send + 'static;

    /// The request's method and path template, for the journal.
    fn call(&self, kind: StepKind) -> String;

    /// How many steps of this kind may be under way at once now.
    fn window(&self, kind: StepKind) -> usize;

    /// Until when nothing of this kind is sent, and why.
    fn blocked(&self, kind: StepKind) -> Option<Blocked>;

    /// Waits until a step of this kind may be sent.
    fn ready(&self, kind: StepKind) -> impl Future<Output = Self::Permit> + Send;

    /// Sends the step once.
    fn perform(&self, step: &Step, permit: Self::Permit) -> impl Future<Output = Performed> + Send;

    /// Looks at one step closely: what the site shows of it now.
    fn read_back(&self, step: &Step) -> impl Future<Output = Result<Sight, NotSent>> + Send;

    /// These steps will be looked at: so that what many of them need is read once, by the way that is
    /// the cheapest for all.
    fn expect(&self, steps: &[Step]);

    /// Looks at many steps of one kind as cheaply as the site allows, in their order. What this run has
    /// done meanwhile counts.
    fn look(&self, steps: &[Step]) -> impl Future<Output = Result<Vec<Sight>, NotSent>> + Send;
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

/// What became of a sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Performed {
    /// The site has answered, and this follows from it.
    Settled(Verdict),
    /// The site says that it was so already. Whether this run did it (an earlier sending whose
    /// answer was lost) the engine knows.
    AlreadySo(Verdict),
    /// Surely no effect; the step can be sent again.
    NotSent(NotSent),
    /// It may have had an effect: a lost answer, a server error. Only reading can tell.
    Unclear {
        /// Status of the answer, where there was one.
        status: Option<u16>,
        /// What was seen, for people.
        evidence: String,
    },
}

/// Why nothing can have happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The site asks to slow down (429).
    Refused {
        /// What it said.
        words: String,
        /// The answer's status; `None` where nothing was sent, for it had asked for quiet before.
        status: Option<u16>,
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
            Self::Halted => "the run was halted before it was sent",
        }
    }
}

/// What reading the site shows of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// As wanted.
    AsWanted {
        /// What was found, for people.
        found: String,
        /// The account that was found (of a created user).
        account: Option<AccountId>,
    },
    /// As it was before the plan.
    AsBefore {
        /// What was found, for people.
        found: String,
    },
    /// Neither: somebody changed it meanwhile.
    Otherwise {
        /// What was found, for people.
        found: String,
    },
    /// Reading can't tell.
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

impl Sight {
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
