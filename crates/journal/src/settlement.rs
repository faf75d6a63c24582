//! How rows end by their steps: rules that hold for every store.

use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

use super::row::SettledRow;

/// A settled step of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The step.
    pub step: u64,
    /// What it changes, where its detail does not say so ([`crate::NewStep::label`]).
    pub label: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// A sentence.
    pub detail: String,
}

impl Part {
    /// Its part of a row of several steps; a change says itself what it is about.
    fn words(&self) -> String {
        match self.outcome {
            Outcome::Changed => self.detail.clone(),
            outcome => format!("{} {outcome}: {}", self.label, self.detail),
        }
    }
}

/// A row all of whose steps are settled ends as the worst of them did ([`Outcome::rank`]; the first
/// of several), with a detail that reports each step. Returns that and the step that decided it.
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

/// How a step ends that cannot be sent because the step that it needs ended so.
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
