//! What a plan comes to, from the journal alone: shown before anybody agrees to it, and again by
//! `run show`.

use crate::steps::{self, Before, Note, Step, StepKind, Wanted, read_all, read_common, read_kind};
use std::collections::BTreeMap;

use crate::error::PlanError;
use headcount_journal::{Count, Journal, ReasonCount, RunId, StepQuery};
use headcount_model::outcome::Counts;
use headcount_model::step::StepState;

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
    /// Rows whose current state could not be seen.
    pub unseen: u64,
    /// Whether there is one.
    has_unseen: bool,
    /// The row of what is looked at first that was counted last.
    last: u64,
}

/// Reads a plan's summary.
pub fn summary(journal: &Journal, run: &RunId) -> Result<Summary, PlanError> {
    let (counts, reasons) = journal.tally(run)?;
    let mut summary = Summary { counts, reasons, ..Summary::default() };
    for one in journal.step_groups(run)? {
        let (before, wanted) = read_common(&one.common, one.unseen)?;
        summary.add(read_kind(&one.kind)?, &before, &wanted, one.steps);
    }
    let mut after = 0;
    loop {
        let page = journal.steps(run, StepState::Started, after, 2_000)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        read_all(page)?.iter().for_each(|step| summary.add_sent(step));
    }
    let mut after = 0;
    loop {
        let page = journal.steps(run, StepQuery::AfterUnknown, after, 2_000)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        read_all(page)?.iter().for_each(|step| summary.add_sent(step));
    }
    if summary.has_unseen {
        summary.unseen = journal.count(run, Count::UnseenRows)?;
    }
    Ok(summary)
}

impl Summary {
    /// Adds a step that is no longer pending.
    fn add_sent(&mut self, step: &Step) {
        // Steps come in the order of their rows.
        let other_row = |last: &mut u64| std::mem::replace(last, step.row) != step.row;
        let looked_at = step.is_looked_at_first();
        self.looked_at += u64::from(looked_at && other_row(&mut self.last));
        self.add(step.payload.kind, &step.payload.before, &step.payload.wanted, 1);
    }

    fn add(&mut self, kind: StepKind, before: &Before, wanted: &Wanted, steps: u64) {
        self.steps += steps;
        self.has_unseen |= *before == Before::Unseen;
        *self.kinds.entry(kind.word()).or_default() += steps;
        for product in &wanted.gives {
            *self.given.entry(product.key()).or_default() += steps;
            *self.seats.entry(product.key()).or_default() += steps;
        }
        for note in &wanted.notes {
            *self.notes.entry(*note).or_default() += steps;
        }
        if steps::of(kind).creates_user {
            let is_mailed = steps::of(kind).mails && *before != Before::Present;
            self.mails += if is_mailed { steps } else { 0 };
            for product in &wanted.products {
                *self.seats.entry(product.key()).or_default() += steps;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::steps::NewStep;
    use crate::steps::Target;
    use headcount_journal::NewRun;
    use headcount_model::door::Door;
    use headcount_model::job::Job;
    use headcount_model::user::Product;

    fn step(kind: StepKind, subject: &str, wanted: Wanted, needs: Option<u64>) -> NewStep {
        let target = Target { mail: Some("ann@example.com".into()), ..Target::default() };
        let door = Arc::new(Door::Jira { site: "https://acme.atlassian.net".into() });
        let (subject, before) = (subject.into(), Before::Unseen);
        NewStep { kind, door, subject, target, before, wanted, needs }
    }

    /// Steps that are alike are counted together, and a row of several steps once, wherever they are.
    #[test]
    fn steps_are_counted_alike_and_rows_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal =
            headcount_journal_sqlite::open(&folder.path().join("journal.db")).unwrap();
        let new = NewRun {
            job: Job::CreateUsers,
            site: "https://acme.atlassian.net".into(),
            organization: None,
            profile: "acme".into(),
            input: "in.csv".into(),
            headings: vec!["Email".into()],
            options: serde_json::json!({}),
            undoes: None,
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        let (run, _lock) = journal.begin(&new).unwrap();
        let mut batch = journal.batch(&run.id).unwrap();
        for row in 1..=3_u64 {
            let (first, mail) = (row * 2 - 1, format!("{row}@example.com"));
            let wanted = Wanted { products: vec![Product::JiraSoftware], ..Wanted::default() };
            batch.add_row(row, row + 1, std::slice::from_ref(&mail)).unwrap();
            batch.add_step(row, &step(StepKind::CreateUser, &mail, wanted, None).record()).unwrap();
            let member = step(StepKind::AddMember, &mail, Wanted::default(), Some(first));
            batch.add_step(row, &member.record()).unwrap();
        }
        batch.commit().unwrap();
        journal.seal(&run.id, new.at).unwrap();
        journal.start(&run.id, new.at).unwrap();
        let mut batch = journal.batch(&run.id).unwrap();
        batch.start(1, "POST user", new.at).unwrap();
        batch.commit().unwrap();
        let summary = summary(&journal, &run.id).unwrap();
        assert_eq!((summary.steps, summary.unseen, summary.looked_at), (6, 3, 1));
        assert_eq!((summary.mails, summary.seats["jira-software"]), (3, 3));
        assert_eq!(summary.kinds.values().collect::<Vec<_>>(), [&3, &3]);
    }
}
