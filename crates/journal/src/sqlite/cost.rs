//! What moving one step costs must not grow with the run: the work is counted in the instructions
//! of SQLite's machine, which are the same on every computer. One statement that walks over all steps
//! made 20,000 rows take nine minutes, and no small test showed it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::tests::{at, new_run, step};
use crate::*;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

/// A sealed run of this many users, each with a step that waits for theirs.
fn sealed(folder: &tempfile::TempDir, users: u64) -> (Journal, RunId) {
    let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    let mut batch = journal.batch(&run.id).unwrap();
    for row in 1..=users {
        batch.add_row(row, row + 1, &["a".into(), "g".into()]).unwrap();
        let added = batch.add_step(row, &step(&format!("first-{row}"))).unwrap();
        let Added::New(first) = added else { panic!("row {row} is no new step") };
        let then = NewStep { needs: Some(first), ..step(&format!("then-{row}")) };
        batch.add_step(row, &then).unwrap();
    }
    batch.commit().unwrap();
    journal.seal(&run.id, at()).unwrap();
    (journal, run.id)
}

/// Sends and settles a step and what waits for it, by every move there is.
fn carry_out(journal: &mut Journal, run: &RunId, first: u64) {
    let verdict = |outcome| Verdict::new(outcome, Reason::Done, "so");
    let mut batch = journal.batch(run).unwrap();
    batch.start(first, "POST /call", at()).unwrap();
    batch.unsend(first, "refused", Some(429), at()).unwrap();
    batch.start(first, "POST /call", at()).unwrap();
    batch.mark_unclear(first).unwrap();
    batch.settle(first, &verdict(Outcome::Unknown), at()).unwrap();
    batch.reopen(first).unwrap();
    batch.settle(first, &verdict(Outcome::Changed), at()).unwrap();
    batch.commit().unwrap();
    for then in journal.steps_waiting_for(run, first, u64::MAX >> 1).unwrap() {
        let mut batch = journal.batch(run).unwrap();
        batch.start(then.number, "POST /call", at()).unwrap();
        batch.never_left(then.number).unwrap();
        let rows = batch.settle(then.number, &verdict(Outcome::Changed), at()).unwrap();
        assert_eq!(rows.len(), 1, "the row has its outcome with its last step");
        batch.commit().unwrap();
    }
    journal.ready_steps(run, first, 20).unwrap();
}

/// Instructions for one user in the middle of a run of this many.
fn cost(users: u64) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, run) = sealed(&folder, users);
    // Users before and after: neither end of a table is a special case.
    for user in 0..users / 2 {
        carry_out(&mut journal, &run, 2 * user + 1);
    }
    let counted = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&counted);
    let count = move || {
        counter.fetch_add(1, Ordering::Relaxed);
        false
    };
    journal.connection.progress_handler(1, Some(count)).unwrap();
    carry_out(&mut journal, &run, 2 * (users / 2) + 1);
    counted.load(Ordering::Relaxed)
}

#[test]
fn what_a_step_costs_does_not_grow_with_the_run() {
    let (short, long) = (cost(60), cost(900));
    assert!(short > 100, "nothing was counted");
    assert!(long < short + short / 5, "{short} instructions of 60 users, {long} of 900");
}
