//! Rows of the input in the journal.

use jiff::Timestamp;

use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Step;

/// A count of rows with the same outcome and reason, or of pending rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowGroup {
    /// Their outcome; `None`: pending.
    pub outcome: Option<Outcome>,
    /// Their reason; `None`: pending.
    pub reason: Option<Reason>,
    /// How many rows.
    pub rows: u64,
}

/// A count of rows with an outcome and a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonCount {
    /// The outcome.
    pub outcome: Outcome,
    /// The reason.
    pub reason: Reason,
    /// How many rows.
    pub rows: u64,
}

/// A row as reports and screens show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowView {
    /// Its number; 1 is the first below the headings.
    pub row: u64,
    /// Its line in the file.
    pub line: u64,
    /// The input's cells.
    pub cells: Vec<String>,
    /// Its outcome; `None`: pending.
    pub outcome: Option<Outcome>,
    /// The reason.
    pub reason: Option<Reason>,
    /// A sentence.
    pub detail: String,
    /// The step that decided it, or the first that will.
    pub step: Option<StepView>,
}

/// A step as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// The step.
    pub step: Step,
    /// Status of the last answer.
    pub http_status: Option<u16>,
    /// When it settled.
    pub at: Option<Timestamp>,
}

/// A row that got its outcome when a step settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledRow {
    /// The row.
    pub row: u64,
    /// Its outcome.
    pub outcome: Outcome,
    /// The reason.
    pub reason: Reason,
    /// A sentence.
    pub detail: String,
}
