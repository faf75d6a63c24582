//! What a plan comes to, from the journal alone: shown before anybody agrees to it, and again by
//! `run show`.

use std::collections::BTreeMap;

use super::error::PlanError;
use crate::journal::{Journal, ReasonCount, RunId};
use crate::values::outcome::Counts;
use crate::values::step::{Before, Note, Step, StepKind, StepState, Wanted};

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
    let alike = journal.alike_steps(run)?;
    for one in &alike {
        summary.add(one.kind, &one.before, &one.wanted, one.steps);
    }
    if alike.iter().any(|one| one.before == Before::Unseen) {
        summary.unseen = journal.unseen_rows(run)?;
    }
    let mut after = 0;
    loop {
        let page = journal.steps(run, StepState::Started, after, 2_000)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        page.iter().for_each(|step| summary.add_sent(step));
    }
    let mut after = 0;
    loop {
        let page = journal.steps_after_unknown(run, after, 2_000)?;
        let Some(last) = page.last() else { return Ok(summary) };
        after = last.number;
        page.iter().for_each(|step| summary.add_sent(step));
    }
}

impl Summary {
    /// Adds a step that is no longer pending.
    fn add_sent(&mut self, step: &Step) {
        // Steps come in the order of their rows.
        let other_row = |last: &mut u64| std::mem::replace(last, step.row) != step.row;
        let (looked_at, unseen) = (step.is_looked_at_first(), step.before == Before::Unseen);
        self.looked_at += u64::from(looked_at && other_row(&mut self.last.0));
        self.unseen += u64::from(unseen && other_row(&mut self.last.1));
        self.add(step.kind, &step.before, &step.wanted, 1);
    }

    fn add(&mut self, kind: StepKind, before: &Before, wanted: &Wanted, steps: u64) {
        self.steps += steps;
        *self.kinds.entry(kind.word()).or_default() += steps;
        for product in &wanted.gives {
            *self.given.entry(product.key()).or_default() += steps;
            *self.seats.entry(product.key()).or_default() += steps;
        }
        for note in &wanted.notes {
            *self.notes.entry(*note).or_default() += steps;
        }
        if kind.creates_user() {
            // An invitation by the organisation is sent without a mail.
            let is_mailed = kind == StepKind::CreateUser && *before != Before::Present;
            self.mails += if is_mailed { steps } else { 0 };
            for product in &wanted.products {
                *self.seats.entry(product.key()).or_default() += steps;
            }
        }
    }
}
