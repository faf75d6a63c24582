//! The summary of a plan, from the journal alone: shown before it is confirmed, and by `run show`.

use crate::steps::{self, Before, Note, Step, StepKind, Wanted, read_all, read_common, read_kind};
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::error::PlanError;
use crate::jobs;
use crate::rows::SheetJob;
use headcount_journal::{Count, Journal, ReasonCount, Run, RunId, StepQuery};
use headcount_model::job::Job;
use headcount_model::outcome::Counts;
use headcount_model::step::StepState;

/// The summary of a plan.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Counts of rows.
    pub counts: Counts,
    /// How many rows ended for each reason, the most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// The number of steps that may still be sent: those that are not settled, those that ended unknown, and those
    /// that wait for these.
    pub steps: u64,
    /// How many rows of steps that were sent are read first.
    pub looked_at: u64,
    /// How many steps there are of each kind.
    pub kinds: BTreeMap<&'static str, u64>,
    /// The seats that will be taken, by app. Groups may take fewer, because a user who has the app already takes
    /// none.
    pub seats: BTreeMap<&'static str, u64>,
    /// The seats among them that come with groups.
    pub given: BTreeMap<&'static str, u64>,
    /// How many changes have each warning.
    pub notes: BTreeMap<Note, u64>,
    /// How many invitation emails will be sent, one to each new user.
    pub mails: u64,
    /// How many emails the site sends to members of groups that get an app.
    pub emailed: u64,
    /// How many rows' current state could not be read.
    pub unseen: u64,
    /// Whether there is such a row.
    has_unseen: bool,
    /// The last row that was counted among those that are read first.
    last: u64,
}

/// Computes a plan's summary.
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
    /// The consequences of the changes, if they are made now: sentences without a full stop. Those of a run of several
    /// jobs are those of each job.
    pub fn consequences(&self, run: &Run, now: Timestamp) -> Vec<String> {
        let spec = jobs::of(run.job);
        if spec.sheet != SheetJob::Actions {
            return (spec.consequences)(now);
        }
        let of = |job: Job| {
            let final_word = format!("changes of `{job}` cannot be undone");
            let is_final = !jobs::of(job).undo_sends;
            (jobs::of(job).consequences)(now).into_iter().chain(is_final.then_some(final_word))
        };
        self.jobs().into_iter().flat_map(of).collect()
    }

    /// The jobs that make such changes: several in a run of several jobs.
    pub fn jobs(&self) -> Vec<Job> {
        let kinds = self.kinds.keys().filter_map(|word| read_kind(word).ok());
        let mut of_jobs = Vec::new();
        for job in kinds.filter_map(|kind| steps::of(kind).guards) {
            if !of_jobs.contains(&job) {
                of_jobs.push(job);
            }
        }
        of_jobs
    }

    /// Whether users are created.
    pub fn creates_users(&self) -> bool {
        let kinds = self.kinds.keys().filter_map(|word| read_kind(word).ok());
        kinds.map(steps::of).any(|spec| spec.creates_user)
    }

    /// Counts a step that is no longer pending.
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
        self.emailed += steps * wanted.emailed.as_ref().map_or(0, |emailed| emailed.users);
        for note in &wanted.notes {
            *self.notes.entry(*note).or_default() += steps;
        }
        if steps::of(kind).creates_user {
            // An invitation through the organization is mailed if it has a text.
            let is_mailed =
                (steps::of(kind).mails && *before != Before::Present) || wanted.message.is_some();
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

    /// Equal steps are counted together, and a row with several steps once, wherever they are.
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
