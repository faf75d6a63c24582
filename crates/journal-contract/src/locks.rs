//! Several openings of one journal.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use headcount_journal::{Count, JournalError};

use crate::Opener;
use crate::fixture::{new_run, sealed, sealed_with, write};

pub(crate) fn a_run_has_one_holder_over_all_open_journals(opener: &Opener<'_>) {
    let (journal, run) = sealed(opener);
    let other = opener.open();
    let lock = journal.lock(&run).unwrap();
    for journal in [&journal, &other] {
        assert!(journal.is_held(&run));
        let again = journal.lock(&run);
        assert!(matches!(&again, Err(JournalError::Locked { run: of, .. }) if *of == run));
    }
    drop(lock);
    assert!(!journal.is_held(&run) && !other.is_held(&run));
    drop(other.lock(&run).unwrap());
}

/// Many processes check a run's lock while one takes it. A check never prevents taking the lock, and never takes
/// another check for the run's holder.
pub(crate) fn checking_a_runs_lock_does_not_block_taking_it(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let (free, _) = journal.begin(&new_run()).unwrap();
    let (held, _lock) = journal.begin(&new_run()).unwrap();
    let (taken, _) = journal.begin(&new_run()).unwrap();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let journal = journal.another().unwrap();
            let (free, held, taken, ended) = (&free.id, &held.id, &taken.id, &ended);
            scope.spawn(move || {
                while !ended.load(Ordering::Relaxed) {
                    assert!(!journal.is_held(free));
                    assert!(journal.is_held(held));
                    journal.is_held(taken);
                }
            });
        }
        let takes = catch_unwind(AssertUnwindSafe(|| {
            for _ in 0..500 {
                let lock = journal.lock(&taken.id).unwrap();
                assert!(journal.is_held(&taken.id));
                drop(lock);
            }
        }));
        ended.store(true, Ordering::Relaxed);
        takes.unwrap();
    });
}

pub(crate) fn a_second_opening_sees_what_is_committed_and_nothing_else(opener: &Opener<'_>) {
    let (mut journal, run) = sealed(opener);
    let (thread, process) = (journal.another().unwrap(), opener.open());
    let mut batch = journal.batch(&run).unwrap();
    batch.add_row(3, 4, &["c".into()]).unwrap();
    for other in [&thread, &process] {
        assert_eq!(other.count(&run, Count::LastRow).unwrap(), 2, "it is not committed yet");
    }
    batch.commit().unwrap();
    for other in [&thread, &process] {
        assert_eq!(other.count(&run, Count::LastRow).unwrap(), 3);
    }
}

/// Each writer has a run of its own, and all write at the same time.
pub(crate) fn writers_wait_for_each_other(opener: &Opener<'_>) {
    const ROWS: u64 = 50;
    let mut journal = opener.open();
    let runs: Vec<_> = (0..3).map(|_| sealed_with(&mut journal, |_| ())).collect();
    std::thread::scope(|scope| {
        for run in &runs {
            let mut journal = opener.open();
            scope.spawn(move || {
                for row in 1..=ROWS {
                    write(&mut journal, run, |batch| {
                        batch.add_row(row, row + 1, &["a".into()]).unwrap();
                    });
                }
            });
        }
    });
    for run in &runs {
        assert_eq!(journal.counts(run).unwrap().rows, ROWS);
    }
}
