//! The steps whose requests are exported, in the plan's order: pending steps, and steps that changed something.

use headcount_journal::{Count, Journal, JournalError, Run, StepQuery};
use headcount_model::outcome::Outcome;
use headcount_model::step::StepState;
use headcount_people::steps::{Step, read_all};

use crate::failure::{Failure, USAGE};

/// How many steps are read at a time.
const AT_ONCE: u64 = 1000;

/// The source of the steps.
pub(super) enum Steps<'a> {
    /// A sealed plan, applied or not.
    Plan(&'a Journal, &'a Run),
    /// A job's sample.
    Sample(Vec<Step>),
}

/// Rows that are left out, with outcome and reason; and how many have no recorded response.
type LeftOut = (Vec<(Outcome, &'static str, u64)>, u64);

impl Steps<'_> {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> Result<bool, Failure> {
        Ok(self.page(0)?.is_none())
    }

    /// The next steps after `after`, and the number of the last one; `None` if there are no more.
    pub(super) fn page(&self, after: u64) -> Result<Option<(Vec<Step>, u64)>, Failure> {
        let steps = match self {
            Self::Sample(steps) if after == 0 => steps.clone(),
            Self::Sample(_) => Vec::new(),
            Self::Plan(journal, run) => {
                let of = |query: StepQuery| journal.steps(&run.id, query, after, AT_ONCE);
                let mut steps = of(StepQuery::In(StepState::Pending))?;
                steps.extend(of(StepQuery::Ended(Outcome::Changed))?);
                steps.sort_by_key(|step| step.number);
                steps.truncate(AT_ONCE as usize);
                read_all(steps).map_err(|error| Failure::new(USAGE, error.to_string()))?
            }
        };
        Ok(steps.last().map(|last| last.number).map(|last| (steps, last)))
    }

    /// What is left out.
    pub(super) fn left_out(&self) -> Result<LeftOut, JournalError> {
        let Self::Plan(journal, run) = self else { return Ok(LeftOut::default()) };
        let reasons = journal.reasons(&run.id)?.into_iter();
        let others = reasons.filter(|reason| reason.outcome != Outcome::Changed);
        let others = others.map(|one| (one.outcome, one.reason.word(), one.rows)).collect();
        Ok((others, journal.count(&run.id, Count::StartedSteps)?))
    }
}
