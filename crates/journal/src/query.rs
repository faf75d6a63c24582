//! The queries of a journal: one method for each kind, with these options.

use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::StepState;

use super::run::RunId;

/// Which runs.
#[derive(Clone, Copy, Debug)]
pub enum RunQuery<'q> {
    /// All of them, the newest first.
    All,
    /// The newest run that is not a draft.
    Newest,
    /// The run with this number.
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
    /// Rows with a warning that users check before they agree to the plan.
    pub twice: bool,
    /// Rows with this text in their cells, their detail or their steps' names; case and accents do not count
    /// ([`headcount_model::folding`]).
    pub text: String,
    /// The order of the rows.
    pub sort: Sort,
}

/// The order of rows. Rows that are equal in it stay in the input's order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// The key.
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
    /// The row's user or group: the address in its cells, or the first name of its step, or the first cell; case and
    /// accents do not count.
    About,
}

impl Filter {
    /// Whether every row matches.
    pub fn is_empty(&self) -> bool {
        *self == Self { sort: self.sort, ..Self::default() }
    }

    /// Rows that ended for this reason.
    pub fn of_reason(reason: Reason) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }
}

/// A page of rows: at most `limit` rows after row `after`, without the first `skip` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Leaves out rows up to this number.
    pub after: u64,
    /// Leaves out this many of the matching rows.
    pub skip: u64,
    /// The most rows of the page.
    pub limit: u64,
}

impl Page {
    /// The page after a row: to read all rows in pages.
    pub fn after(row: u64, limit: u64) -> Self {
        Self { after: row, skip: 0, limit }
    }

    /// The page after this many rows: for screens with page numbers.
    pub fn skip(rows: u64, limit: u64) -> Self {
        Self { after: 0, skip: rows, limit }
    }
}

/// Which steps of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepQuery {
    /// Those in this state.
    In(StepState),
    /// Pending steps that can be sent: the step that they need, if any, is done.
    Ready,
    /// Pending steps up to step `until` that need step `step`.
    WaitingFor {
        /// The step that they need.
        step: u64,
        /// The last of them.
        until: u64,
    },
    /// Steps that ended `unknown`, and those that were not sent because of one.
    AfterUnknown,
    /// Settled steps with this outcome.
    Ended(Outcome),
    /// Steps that changed something, or may have changed something.
    Effects,
    /// The same for the steps that need this one.
    EffectsAfter(u64),
}

/// Which doors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayQuery {
    /// Doors of steps that may still be sent or read: they are not settled, ended `unknown`, or were not sent because
    /// of one that did.
    Ahead,
    /// Doors of steps that changed something, or may have changed something.
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
    /// Steps that need another one, in any state.
    DependentSteps,
    /// Steps that were started and have no answer.
    StartedSteps,
    /// Steps that may still be sent: they are not settled, ended `unknown`, or were not sent because of one that did.
    SendableSteps,
    /// Rows with a step, without those whose outcome the plan decided.
    PlannedRows,
    /// Rows with steps that may still be sent and whose state before is unknown.
    UnseenRows,
    /// The number of the last row; the run has at most as many rows.
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
