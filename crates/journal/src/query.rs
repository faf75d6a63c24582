//! What can be asked of a journal: each kind of question is one method with these options.

use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::StepState;

use super::run::RunId;

/// Which runs.
#[derive(Clone, Copy, Debug)]
pub enum RunQuery<'q> {
    /// All of them, the newest first.
    All,
    /// The newest that is no draft.
    Newest,
    /// The one with this number.
    Number(i64),
    /// The undos of this run, the oldest first.
    UndosOf(&'q RunId),
}

/// A search for rows; the default matches every row, in the input's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Rows of this outcome (`Some(None)`: pending).
    pub outcome: Option<Option<Outcome>>,
    /// Rows that ended for this reason.
    pub reason: Option<Reason>,
    /// Rows of which something is to be checked before the plan is agreed to.
    pub twice: bool,
    /// Rows with this text in their cells, in their detail, or in what they are about; case and accents
    /// do not count ([`headcount_model::folding`]).
    pub text: String,
    /// In which order they come.
    pub sort: Sort,
}

/// The order of rows; where it leaves two alike, the one that is first in the input comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The last first.
    pub is_descending: bool,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Their place in the input.
    #[default]
    Row,
    /// The outcome's word; pending rows first.
    Outcome,
    /// The reason's word; rows without one first.
    Reason,
    /// What the row is about: the address in its cells, else the first line of what its step is about,
    /// else the first cell; case and accents do not count.
    About,
}

impl Filter {
    /// Whether every row fits.
    pub fn is_empty(&self) -> bool {
        *self == Self { sort: self.sort, ..Self::default() }
    }

    /// Rows that ended for this reason.
    pub fn of_reason(reason: Reason) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }
}

/// A page of rows: at most `limit` of those after row `after`, without the first `skip` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows up to this number are left out.
    pub after: u64,
    /// As many of those that fit are left out.
    pub skip: u64,
    /// The most rows of the page.
    pub limit: u64,
}

impl Page {
    /// The page that begins after a row: the way to read all of them, whatever their number.
    pub fn after(row: u64, limit: u64) -> Self {
        Self { after: row, skip: 0, limit }
    }

    /// The page that begins after as many rows: for screens with page numbers.
    pub fn skip(rows: u64, limit: u64) -> Self {
        Self { after: 0, skip: rows, limit }
    }
}

/// Which steps of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepQuery {
    /// Those in this state.
    In(StepState),
    /// Pending ones that wait for no other: what they need first is done.
    Ready,
    /// Pending ones up to step `until` that need this one done first.
    WaitingFor {
        /// The step that they need.
        step: u64,
        /// The last of them.
        until: u64,
    },
    /// Those that ended unknown, and those that were not sent because of one that did.
    AfterUnknown,
    /// Settled ones with this outcome.
    Ended(Outcome),
    /// Those that changed something, or may have.
    Effects,
    /// The same, of the steps that needed this one done first.
    EffectsAfter(u64),
}

/// Through which doors steps go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayQuery {
    /// Doors of what may be sent or read yet: of steps that are not settled, that ended unknown, or
    /// that were not sent because of one that did.
    Ahead,
    /// Doors through which something was changed, or may have been.
    Taken,
}

/// A number about a run.
#[derive(Clone, Copy, Debug)]
pub enum Count<'q> {
    /// Requests that were sent.
    Requests,
    /// All steps, settled or not.
    Steps,
    /// Steps that are not settled.
    OpenSteps,
    /// Steps that need another one done first, whatever became of them.
    DependentSteps,
    /// Steps that were started and have no answer.
    StartedSteps,
    /// Steps that may be sent yet: those that are not settled, those that ended unknown, and those
    /// that were not sent because of these.
    SendableSteps,
    /// Rows with a step, unless the row has an outcome that no step decided.
    PlannedRows,
    /// Rows with steps that may still be sent and whose state before is not known.
    UnseenRows,
    /// The number of the last row: there are no more rows than that.
    LastRow,
    /// Rows that fit.
    Rows(&'q Filter),
    /// 1 if this text is anywhere in the run, else 0: in a cell, in what happened to a row, in what a step
    /// is about or has named; case and accents do not count.
    Mentions(&'q str),
    /// Distinct names on a list.
    Names(Names),
    /// 1 if this name is on a list, else 0.
    Name(Names, &'q str),
}

/// A list of distinct names that belongs to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Names of a kind that the rows of a draft hold and that have to be looked up. Sealing drops it.
    ToLookUp(&'static str),
    /// What was certainly there before a run that creates: an answer that names one of these created
    /// nothing.
    KnownBefore,
}

/// A kind of names to look up.
impl From<&'static str> for Names {
    fn from(kind: &'static str) -> Self {
        Self::ToLookUp(kind)
    }
}

impl From<StepState> for StepQuery {
    fn from(state: StepState) -> Self {
        Self::In(state)
    }
}
