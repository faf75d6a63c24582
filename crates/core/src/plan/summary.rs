//! What a plan comes to, from the journal alone: shown before anybody agrees to it, and again by
//! `run show`.

use std::collections::BTreeMap;

use super::error::PlanError;
use crate::journal::{Journal, ReasonCount, RunId};
use crate::values::outcome::Counts;
use crate::values::step::{Before, StepKind, StepState};

/// What a plan comes to.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Counts of rows.
    pub counts: Counts,
    /// Rows that ended for a reason, the most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// Steps that are not settled.
    pub steps: u64,
    /// Of those, how many of each kind.
    pub kinds: BTreeMap<&'static str, u64>,
    /// Seats that will be taken, by product.
    pub seats: BTreeMap<&'static str, u64>,
    /// Invitation mails that will be sent: one to each new person.
    pub mails: u64,
    /// Steps of which nobody could see whether they are so already.
    pub unseen: u64,
}

/// Reads a plan's summary.
pub fn summary(journal: &Journal, run: &RunId) -> Result<Summary, PlanError> {
    let mut summary = Summary {
        counts: journal.counts(run)?,
        reasons: journal.reasons(run)?,
        ..Summary::default()
    };
    for state in [StepState::Pending, StepState::Started] {
        let mut after = 0;
        loop {
            let page = journal.steps(run, state, after, 2_000)?;
            let Some(last) = page.last() else { break };
            after = last.number;
            for step in &page {
                summary.steps += 1;
                *summary.kinds.entry(step.kind.word()).or_default() += 1;
                summary.unseen += u64::from(step.before == Before::Unseen);
                if step.kind == StepKind::CreateUser {
                    summary.mails += u64::from(step.before != Before::Present);
                    for product in &step.wanted.products {
                        *summary.seats.entry(product.key()).or_default() += 1;
                    }
                }
            }
        }
    }
    Ok(summary)
}
