//! What moving one step costs must not grow with the run: the work is counted in the instructions
//! of SQLite's machine, which are the same on every computer. One statement that walks over all steps
//! made 20,000 rows take nine minutes, and no small test showed it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use headcount_journal::{
    Added, Durability, NewStep, ReadSteps, Returned, ReturnedStep, RunId, RunMove, StepMove,
    StepQuery, Store,
};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

use super::store::SqliteStore;
use headcount_journal_contract::fixture::{at, new_run, step};

/// A sealed run of this many users, each with a step that waits for theirs.
fn sealed(folder: &tempfile::TempDir, users: u64) -> (SqliteStore, RunId) {
    let mut store = SqliteStore::open(&folder.path().join("journal.db")).unwrap();
    let mut draft = store.transaction(Durability::Relaxed).unwrap();
    let (run, _lock) = draft.begin_run(&new_run()).unwrap();
    for row in 1..=users {
        draft.add_row(&run, row, row + 1, &["a".into(), "g".into()]).unwrap();
        let added = draft.add_step(&run, row, &step(&format!("first-{row}"))).unwrap();
        let Added::New(first) = added else { panic!("row {row} is no new step") };
        let then = NewStep { needs: Some(first), ..step(&format!("then-{row}")) };
        draft.add_step(&run, row, &then).unwrap();
    }
    draft.move_run(&run, RunMove::Seal, at()).unwrap();
    draft.commit().unwrap();
    (store, run)
}

/// Sends and settles a step and what waits for it, by every move there is.
fn carry_out(store: &mut SqliteStore, run: &RunId, first: u64) {
    let verdict = |outcome| Verdict::new(outcome, Reason::Done, "so");
    let back = |returned| ReturnedStep { returned, why: "so", status: None, at: at() };
    let mut batch = store.transaction(Durability::Durable).unwrap();
    for returned in [Returned::Refused, Returned::Unclear] {
        batch.move_step(run, first, StepMove::Start("POST /call", at())).unwrap();
        batch.move_step(run, first, StepMove::Return(&back(returned))).unwrap();
    }
    batch.move_step(run, first, StepMove::Start("POST /call", at())).unwrap();
    batch.settle(run, first, &verdict(Outcome::Unknown), Some(at())).unwrap();
    batch.move_step(run, first, StepMove::Reopen).unwrap();
    batch.settle(run, first, &verdict(Outcome::Changed), Some(at())).unwrap();
    batch.commit().unwrap();
    let waiting = StepQuery::WaitingFor { step: first, until: u64::MAX };
    for then in store.steps(run, waiting, 0, u64::MAX).unwrap() {
        let then = then.step.number;
        let mut batch = store.transaction(Durability::Durable).unwrap();
        batch.move_step(run, then, StepMove::Start("POST /call", at())).unwrap();
        batch.move_step(run, then, StepMove::Return(&back(Returned::NeverLeft))).unwrap();
        let rows = batch.settle(run, then, &verdict(Outcome::Changed), Some(at())).unwrap();
        assert_eq!(rows.len(), 1, "the row has its outcome with its last step");
        batch.commit().unwrap();
    }
    store.steps(run, StepQuery::Ready, first, 20).unwrap();
}

/// Instructions for one user in the middle of a run of this many.
fn cost(users: u64) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, run) = sealed(&folder, users);
    // Users before and after: neither end of a table is a special case.
    for user in 0..users / 2 {
        carry_out(&mut store, &run, 2 * user + 1);
    }
    let counted = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&counted);
    let count = move || {
        counter.fetch_add(1, Ordering::Relaxed);
        false
    };
    store.connection.progress_handler(1, Some(count)).unwrap();
    carry_out(&mut store, &run, 2 * (users / 2) + 1);
    counted.load(Ordering::Relaxed)
}

#[test]
fn what_a_step_costs_does_not_grow_with_the_run() {
    let (short, long) = (cost(60), cost(900));
    assert!(short > 100, "nothing was counted");
    assert!(long < short + short / 5, "{short} instructions of 60 users, {long} of 900");
}
