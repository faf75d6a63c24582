//! Runs and steps for the cases.

use std::sync::Arc;

use headcount_journal::{Added, Batch, Journal, NewRun, NewStep, Returned, ReturnedStep, RunId};
use headcount_model::door::Door;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Payload, Verdict};
use jiff::Timestamp;

use crate::Opener;

pub(crate) const CALL: &str = "POST /call";

/// The time of everything in the cases.
pub fn at() -> Timestamp {
    "2026-11-20T18:00:00Z".parse().unwrap()
}

/// A run of one job on one site.
pub fn new_run() -> NewRun {
    NewRun {
        job: Job::AddMembers,
        site: "https://acme.atlassian.net".into(),
        organization: None,
        profile: "acme".into(),
        input: "people.csv".into(),
        headings: vec!["Email".into(), "Group".into()],
        options: serde_json::json!({}),
        undoes: None,
        at: at(),
    }
}

/// A door to the site's own API.
pub(crate) fn door() -> Arc<Door> {
    Arc::new(Door::Jira { site: "https://acme.atlassian.net".into() })
}

/// A step with a kind of two words.
pub fn step(subject: &str) -> NewStep {
    NewStep {
        kind: "change",
        door: Some(door()),
        subject: subject.into(),
        payload: Payload { own: subject.into(), common: "alike".into() },
        label: subject.into(),
        about: subject.into(),
        unseen: false,
        warned: false,
        needs: None,
        needs_name: false,
    }
}

pub(crate) fn verdict(outcome: Outcome) -> Verdict {
    Verdict::new(outcome, Reason::Done, "so")
}

pub(crate) fn refused() -> ReturnedStep<'static> {
    ReturnedStep { returned: Returned::Refused, why: "429", status: Some(429), at: at() }
}

/// Adds a new step and returns its number.
pub(crate) fn add(batch: &mut Batch<'_>, row: u64, new: &NewStep) -> u64 {
    match batch.add_step(row, new).unwrap() {
        Added::New(step) => step,
        Added::SameAs { step, .. } => panic!("it is step {step} already"),
    }
}

/// Writes a change in one batch.
///
/// # Panics
/// It is refused.
pub fn write(journal: &mut Journal, run: &RunId, change: impl FnOnce(&mut Batch<'_>)) {
    let mut batch = journal.batch(run).unwrap();
    change(&mut batch);
    batch.commit().unwrap();
}

/// A sealed run of two rows with one step each.
pub(crate) fn sealed(opener: &Opener<'_>) -> (Journal, RunId) {
    let mut journal = opener.open();
    let run = sealed_with(&mut journal, |batch| {
        for (row, subject) in [(1, "a"), (2, "b")] {
            batch.add_row(row, row + 1, &[subject.into(), "g".into()]).unwrap();
            add(batch, row, &step(subject));
        }
    });
    (journal, run)
}

/// A sealed run of one row: step 1, and step 2, which depends on it.
pub(crate) fn waiting(journal: &mut Journal, needs_name: bool) -> RunId {
    sealed_with(journal, |batch| {
        batch.add_row(1, 2, &["a".into(), "g".into()]).unwrap();
        let first = add(batch, 1, &step("a"));
        add(batch, 1, &NewStep { needs: Some(first), needs_name, ..step("b") });
    })
}

pub(crate) fn sealed_with(journal: &mut Journal, grow: impl FnOnce(&mut Batch<'_>)) -> RunId {
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    write(journal, &run.id, grow);
    journal.seal(&run.id, at()).unwrap();
    run.id
}
