//! What is written together is kept or lost together, wherever the process ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use headcount_journal::{Journal, Moment, RowView, Run, RunId, StepQuery};
use headcount_model::outcome::Outcome;
use headcount_model::step::StepState;

use crate::Opener;
use crate::fixture::{CALL, add, at, new_run, refused, sealed, step, verdict, write};

pub(crate) fn a_dropped_batch_leaves_no_trace(opener: &Opener<'_>) {
    let (mut journal, run) = sealed(opener);
    let before = everything(&journal);
    let mut batch = journal.batch(&run).unwrap();
    batch.add_row(3, 4, &["c".into()]).unwrap();
    batch.start(1, CALL, at()).unwrap();
    batch.settle(1, &verdict(Outcome::Changed), at()).unwrap();
    drop(batch);
    assert_eq!(everything(&journal), before);
}

/// Every kind of change of a run, one function each.
const CHANGES: [fn(&mut Journal, &RunId); 8] = [
    |journal, run| {
        write(journal, run, |batch| {
            for row in 1..=3 {
                batch.add_row(row, row + 1, &["a".into()]).unwrap();
                add(batch, row, &step(&row.to_string()));
            }
        });
    },
    |journal, run| journal.seal(run, at()).unwrap(),
    |journal, run| journal.start(run, at()).unwrap(),
    |journal, run| {
        write(journal, run, |batch| {
            for step in 1..=3 {
                batch.start(step, CALL, at()).unwrap();
            }
        });
    },
    |journal, run| {
        write(journal, run, |batch| {
            batch.unsend(1, &refused()).unwrap();
            batch.settle(2, &verdict(Outcome::Changed), at()).unwrap();
            batch.settle(3, &verdict(Outcome::Unknown), at()).unwrap();
        });
    },
    |journal, run| write(journal, run, |batch| batch.reopen(3).unwrap()),
    |journal, run| journal.add_options(run, &serde_json::json!({"note": "4711"})).unwrap(),
    |journal, run| journal.end(run, Some("stopped"), at()).unwrap(),
];

/// The process ends before or after each commit: the journal is as it was before that change, or as it
/// is after it, and the next process continues from there.
pub(crate) fn a_batch_counts_as_a_whole_wherever_the_process_ends(opener: &Opener<'_>) {
    for (ends_at, moment) in (0..CHANGES.len())
        .flat_map(|change| [(change, Moment::BeforeCommit), (change, Moment::AfterCommit)])
    {
        let name = format!("{ends_at}-{moment:?}");
        let mut journal = opener.other(&name);
        let (run, lock) = journal.begin(&new_run()).unwrap();
        for change in &CHANGES[..ends_at] {
            change(&mut journal, &run.id);
        }
        let before = everything(&journal);
        journal.watch(Arc::new(move |now| {
            if now == moment {
                std::panic::resume_unwind(Box::new("the process ends"));
            }
        }));
        let ended = catch_unwind(AssertUnwindSafe(|| CHANGES[ends_at](&mut journal, &run.id)));
        assert!(ended.is_err(), "{name}: nothing was committed");
        drop((journal, lock));
        let mut journal = opener.other(&name);
        let found = everything(&journal);
        if moment == Moment::BeforeCommit {
            assert_eq!(found, before, "{name}: a part of it counts");
            CHANGES[ends_at](&mut journal, &run.id);
        } else {
            assert_ne!(found, before, "{name}: nothing of it counts");
        }
        for change in &CHANGES[ends_at + 1..] {
            change(&mut journal, &run.id);
        }
        let states = journal.steps(&run.id, StepQuery::In(StepState::Started), 0, 9).unwrap();
        assert_eq!(states.iter().map(|step| step.number).collect::<Vec<_>>(), [3], "{name}");
    }
}

/// Everything that can be read from the journal.
fn everything(journal: &Journal) -> String {
    let read = |run: Run| {
        let rows: Vec<RowView> = journal.rows(&run.id, 0, 9).unwrap();
        let steps = |state| journal.steps(&run.id, state, 0, 9).unwrap();
        let states = [StepState::Pending, StepState::Started, StepState::Settled].map(steps);
        format!("{run:?} {rows:?} {states:?} {:?}", journal.course(&run.id).unwrap())
    };
    journal.runs().unwrap().into_iter().map(read).collect()
}

/// Each batch and each move of a run is one commit that a probe sees. So is each change of the stored waits.
pub(crate) fn each_change_is_one_commit(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let commits = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&commits);
    journal.watch(Arc::new(move |moment| {
        if moment == Moment::AfterCommit {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }));
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    assert_eq!(commits.load(Ordering::Relaxed), 1);
    for (change, wanted) in CHANGES.iter().zip(2..) {
        change(&mut journal, &run.id);
        assert_eq!(commits.load(Ordering::Relaxed), wanted);
    }
    let minute = std::time::Duration::from_secs(60);
    let wait = headcount_journal::Wait::new("https://a", "GET /x", at(), minute);
    journal.waits().unwrap().keep(&wait, at()).unwrap();
    assert_eq!(commits.load(Ordering::Relaxed), CHANGES.len() as u64 + 2);
}
