//! How the outcomes of steps decide their rows: rules for every store.

use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

use super::row::SettledRow;

/// A settled step of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The step.
    pub step: u64,
    /// The change in words, if the detail does not say it ([`crate::NewStep::label`]).
    pub label: String,
    /// Its outcome.
    pub outcome: Outcome,
    /// The reason.
    pub reason: Reason,
    /// A sentence.
    pub detail: String,
}

impl Part {
    /// The step's part of a row's detail. The detail of a change says by itself what it changes.
    fn words(&self) -> String {
        match self.outcome {
            Outcome::Changed => self.detail.clone(),
            outcome => format!("{} {outcome}: {}", self.label, self.detail),
        }
    }
}

/// The outcome of a row whose steps are all settled: that of its worst step ([`Outcome::rank`]; the first of several),
/// with a detail that reports each step. Also returns the step that decided.
pub fn end_of_row(row: u64, parts: &[Part]) -> Option<(SettledRow, u64)> {
    let worst = parts.iter().reduce(|worst, part| {
        if part.outcome.rank() > worst.outcome.rank() { part } else { worst }
    })?;
    let detail = match parts {
        [only] => only.detail.clone(),
        parts => parts.iter().map(Part::words).collect::<Vec<_>>().join("; "),
    };
    let (outcome, reason) = (worst.outcome, worst.reason);
    Some((SettledRow { row, outcome, reason, detail }, worst.step))
}

/// The outcome of a step that can't be sent because of how the step that it needs ended.
pub fn end_of_waiting(first: Outcome) -> Verdict {
    let why = match first {
        Outcome::Changed | Outcome::Unchanged => "the site did not name what it created",
        Outcome::Unknown => {
            "it is not known yet whether the step that it needs was done; resume the run to \
             read the site again"
        }
        Outcome::Skipped => "the step that it needs was skipped",
        Outcome::Failed => "the step that it needs failed",
    };
    Verdict::new(Outcome::Skipped, Reason::EarlierStepNotDone, format!("not sent: {why}"))
}
