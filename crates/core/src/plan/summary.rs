//! What a plan comes to, from the journal alone: shown before anybody agrees to it, and again by
//! `run show`.

use std::collections::BTreeMap;

use super::error::PlanError;
use crate::journal::{Journal, ReasonCount, RunId};
use crate::values::outcome::Counts;
use crate::values::step::{Before, Note, Step, StepKind, StepState};

/// What a plan comes to.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Counts of rows.
    pub counts: Counts,
    /// Rows that ended for a reason, the most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// Steps that are not settled, those that ended unknown, and what waits for these: whatever may be
    /// sent.
    pub steps: u64,
    /// Rows of those that have been sent and are looked at first.
    pub looked_at: u64,
    /// Of those, how many of each kind.
    pub kinds: BTreeMap<&'static str, u64>,
    /// Seats that will be taken, by product; what comes with groups may take less, for who has the
    /// product already takes none.
    pub seats: BTreeMap<&'static str, u64>,
    /// Those of them that come with groups.
    pub given: BTreeMap<&'static str, u64>,
    /// How many changes are to be looked at twice, and why.
    pub notes: BTreeMap<Note, u64>,
    /// Invitation mails that will be sent: one to each new person.
    pub mails: u64,
    /// Rows of which nobody could see whether they are so already.
    pub unseen: u64,
    /// The rows counted last, of the two above.
    last: (u64, u64),
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
            page.iter().for_each(|step| summary.add(step));
        }
    }
    let mut after = 0;
    loop {
        let page = journal.steps_after_unknown(run, after, 2_000)?;
        let Some(last) = page.last() else { return Ok(summary) };
        after = last.number;
        page.iter().for_each(|step| summary.add(step));
    }
}

impl Summary {
    fn add(&mut self, step: &Step) {
        self.steps += 1;
        // Steps come in the order of their rows.
        let other_row = |last: &mut u64| std::mem::replace(last, step.row) != step.row;
        let (looked_at, unseen) = (step.is_looked_at_first(), step.before == Before::Unseen);
        self.looked_at += u64::from(looked_at && other_row(&mut self.last.0));
        self.unseen += u64::from(unseen && other_row(&mut self.last.1));
        *self.kinds.entry(step.kind.word()).or_default() += 1;
        for product in &step.wanted.gives {
            *self.given.entry(product.key()).or_default() += 1;
            *self.seats.entry(product.key()).or_default() += 1;
        }
        for note in &step.wanted.notes {
            *self.notes.entry(*note).or_default() += 1;
        }
        if step.kind.creates_user() {
            // An invitation by the organisation is sent without a mail.
            let mails = step.kind == StepKind::CreateUser && step.before != Before::Present;
            self.mails += u64::from(mails);
            for product in &step.wanted.products {
                *self.seats.entry(product.key()).or_default() += 1;
            }
        }
    }
}
