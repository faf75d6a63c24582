//! The journal makes the moves of the table and no other, in whatever order they are requested.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use headcount_journal::{
    Batch, Journal, JournalError, NewStep, Returned, ReturnedStep, RunId, StepQuery,
};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Move, StepState, Verdict};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::Opener;
use crate::fixture::{CALL, add, at, sealed_with, step, write};

/// A request for a step.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Start,
    Unsend(Returned),
    Settle(Outcome),
    Reopen,
}

impl Asked {
    fn to(self) -> StepState {
        match self {
            Self::Start | Self::Reopen => StepState::Started,
            Self::Unsend(_) => StepState::Pending,
            Self::Settle(_) => StepState::Settled,
        }
    }

    /// The state in which a request is legal. `reopen` does not send a pending step, and `unsend` does not delete
    /// an outcome.
    fn from(self, state: StepState) -> bool {
        match self {
            Self::Start => state == StepState::Pending,
            Self::Unsend(_) => state == StepState::Started,
            Self::Settle(_) => true,
            Self::Reopen => state == StepState::Settled,
        }
    }

    fn ask(self, batch: &mut Batch<'_>, step: u64) -> Result<(), JournalError> {
        match self {
            Self::Start => batch.start(step, CALL, at()),
            Self::Unsend(returned) => batch
                .unsend(step, &ReturnedStep { returned, why: "429", status: Some(429), at: at() }),
            Self::Settle(outcome) => {
                batch.settle(step, &Verdict::new(outcome, Reason::Done, ""), at()).map(drop)
            }
            Self::Reopen => batch.reopen(step),
        }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let returned = [Returned::Refused, Returned::Unclear, Returned::NeverLeft];
    prop_oneof![
        Just(Asked::Start),
        proptest::sample::select(returned.to_vec()).prop_map(Asked::Unsend),
        Just(Asked::Reopen),
        proptest::sample::select(Outcome::ALL.to_vec()).prop_map(Asked::Settle),
    ]
}

/// A step's state, its outcome, and whether it was not sent because of the step that it depends on.
type Known = (StepState, Option<Outcome>, bool);

/// What a legal move must lead to. Steps 1 and 2 are independent; step 3 depends on step 1.
fn after(mut all: BTreeMap<u64, Known>, step: u64, asked: Asked) -> BTreeMap<u64, Known> {
    let outcome = match asked {
        Asked::Settle(outcome) => Some(outcome),
        Asked::Start | Asked::Unsend(_) | Asked::Reopen => None,
    };
    all.insert(step, (asked.to(), outcome, false));
    let waiting = all.get_mut(&3).unwrap();
    match (step, asked) {
        (1, Asked::Settle(Outcome::Failed | Outcome::Skipped | Outcome::Unknown))
            if waiting.0 == StepState::Pending =>
        {
            *waiting = (StepState::Settled, Some(Outcome::Skipped), true);
        }
        (1, Asked::Reopen) if waiting.2 => *waiting = (StepState::Pending, None, false),
        _ => (),
    }
    all
}

/// The states and outcomes of the steps in the journal.
fn read(journal: &Journal, run: &RunId) -> BTreeMap<u64, Known> {
    let mut all = BTreeMap::new();
    for state in [StepState::Pending, StepState::Started] {
        for step in journal.steps(run, state, 0, 9).unwrap() {
            assert_eq!(all.insert(step.number, (state, None, false)), None);
        }
    }
    for outcome in Outcome::ALL {
        for (step, reason) in journal.settled_steps(run, outcome, 0, 9).unwrap() {
            let waited = reason == Reason::EarlierStepNotDone;
            let known = (StepState::Settled, Some(outcome), waited);
            assert_eq!(all.insert(step.number, known), None);
        }
    }
    all
}

/// A row has the outcome of its worst step once all of them are settled.
fn check_rows(journal: &Journal, run: &RunId, all: &BTreeMap<u64, Known>) {
    for (row, steps) in [(1, vec![1, 3]), (2, vec![2])] {
        let ends: Option<Vec<Outcome>> = steps.iter().map(|step| all[step].1).collect();
        let worst = ends.and_then(|ends| ends.into_iter().max_by_key(|end| end.rank()));
        assert_eq!(journal.row(run, row).unwrap().unwrap().outcome, worst, "row {row}: {all:?}");
    }
}

pub(crate) fn steps_make_the_moves_of_the_table_and_no_other(opener: &Opener<'_>) {
    let number = AtomicU64::new(0);
    let all = proptest::collection::vec((1_u64..=3, asked()), 1..30);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) };
    TestRunner::new(config)
        .run(&all, |all| {
            let journal = opener.other(&number.fetch_add(1, Ordering::Relaxed).to_string());
            ask_all(journal, all);
            Ok(())
        })
        .unwrap();
}

fn ask_all(mut journal: Journal, all: Vec<(u64, Asked)>) {
    let run = sealed_with(&mut journal, |batch| {
        for (row, subject) in [(1, "a"), (2, "b")] {
            batch.add_row(row, row + 1, &[subject.into()]).unwrap();
            add(batch, row, &step(subject));
        }
        add(batch, 1, &NewStep { needs: Some(1), ..step("c") });
    });
    let mut known = read(&journal, &run);
    for (step, asked) in all {
        let (state, ended, _) = known[&step];
        let legal = asked.from(state) && Move::is_legal(state, ended, asked.to());
        let mut batch = journal.batch(&run).unwrap();
        match asked.ask(&mut batch, step) {
            Ok(()) => {
                assert!(legal, "step {step}, {state:?} {ended:?}: {asked:?} was done");
                batch.commit().unwrap();
                known = after(known, step, asked);
            }
            Err(JournalError::IllegalMove { step: of, from, to }) => {
                assert!(!legal, "step {step}, {state:?} {ended:?}: {asked:?} was refused");
                assert_eq!((of, from, to), (step, state, asked.to()));
                drop(batch);
            }
            Err(other) => panic!("{asked:?}: {other}"),
        }
        assert_eq!(read(&journal, &run), known, "after {asked:?} of step {step}");
        check_rows(&journal, &run, &known);
    }
}

/// Moves of several steps at once are the moves of each, one after the other.
pub(crate) fn many_steps_move_as_one_by_one(opener: &Opener<'_>) {
    let ended = [Outcome::Changed, Outcome::Failed, Outcome::Unchanged];
    let ended = ended.map(|outcome| Verdict::new(outcome, Reason::Done, format!("{outcome}")));
    let outcome = |name: &str, at_once: bool| {
        let mut journal = opener.other(name);
        let run = sealed_with(&mut journal, |batch| {
            for row in 1..=3 {
                batch.add_row(row, row + 1, &["a".into()]).unwrap();
                let first = add(batch, row, &step(&format!("first {row}")));
                let then = NewStep { needs: Some(first), ..step(&format!("then {row}")) };
                add(batch, row, &then);
            }
        });
        let mut batch = journal.batch(&run).unwrap();
        let first = [1, 3, 5];
        let ends: Vec<_> = first.into_iter().zip(&ended).collect();
        let rows = if at_once {
            batch.start_all(&first.map(|step| (step, CALL)), at()).unwrap();
            batch.settle_all(&ends, at()).unwrap()
        } else {
            first.iter().for_each(|step| batch.start(*step, CALL, at()).unwrap());
            let rows = ends.iter().map(|(step, end)| batch.settle(*step, end, at()).unwrap());
            rows.flatten().collect()
        };
        batch.commit().unwrap();
        let steps = read(&journal, &run);
        (rows, steps, journal.rows(&run, 0, 9).unwrap(), journal.course(&run).unwrap())
    };
    assert_eq!(outcome("at once", true), outcome("one by one", false));
    let mut journal = opener.other("illegal");
    let run = sealed_with(&mut journal, |batch| {
        for (row, subject) in [(1, "a"), (2, "b")] {
            batch.add_row(row, row + 1, &[subject.into()]).unwrap();
            add(batch, row, &step(subject));
        }
    });
    let mut batch = journal.batch(&run).unwrap();
    batch.start(2, CALL, at()).unwrap();
    let refused = batch.start_all(&[(1, CALL), (2, CALL)], at());
    assert!(matches!(refused, Err(JournalError::IllegalMove { step: 2, .. })), "{refused:?}");
    drop(batch);
    // With the commit, too, and then nothing of the batch counts.
    write(&mut journal, &run, |batch| batch.start(2, CALL, at()).unwrap());
    let mut batch = journal.batch(&run).unwrap();
    batch.settle(2, &Verdict::new(Outcome::Changed, Reason::Done, ""), at()).unwrap();
    let refused = batch.commit_and_start(&[(1, CALL), (2, CALL)], at());
    assert!(matches!(refused, Err(JournalError::IllegalMove { step: 2, .. })), "{refused:?}");
    let started = journal.steps(&run, StepState::Started, 0, 9).unwrap();
    assert_eq!(started.iter().map(|step| step.number).collect::<Vec<_>>(), [2]);
    journal.batch(&run).unwrap().commit_and_start(&[(1, CALL)], at()).unwrap();
    assert_eq!(journal.steps(&run, StepState::Started, 0, 9).unwrap().len(), 2);
}

/// A run of steps 1 and 4, which decide their rows alone, and steps 2 and 3, which share a row.
fn shared(journal: &mut Journal) -> RunId {
    sealed_with(journal, |batch| {
        for row in 1..=4 {
            batch.add_row(row, row + 1, &["a".into()]).unwrap();
        }
        for (row, subject) in [(1, "a"), (3, "b"), (3, "c"), (4, "d")] {
            add(batch, row, &step(subject));
        }
        batch.serve(1, 2).unwrap();
    })
}

/// A store may keep what it needs for the settling of steps when they are read to be sent.
pub(crate) fn steps_that_were_read_settle_as_others(opener: &Opener<'_>) {
    let settled = |name: &str, is_read: bool| {
        let mut journal = opener.other(name);
        let run = shared(&mut journal);
        if is_read {
            let ready = journal.steps(&run, StepQuery::Ready, 0, 9).unwrap();
            assert_eq!(ready.len(), 4);
        }
        let starts = [1, 2, 3, 4].map(|step| (step, CALL));
        journal.batch(&run).unwrap().commit_and_start(&starts, at()).unwrap();
        let done = Verdict::new(Outcome::Changed, Reason::Done, "done");
        let record = Some("recorded".into());
        let failed = Verdict { record, ..Verdict::new(Outcome::Failed, Reason::Done, "failed") };
        let mut rows = Vec::new();
        for ends in [[(1, &done), (4, &failed)], [(2, &failed), (3, &done)]] {
            let mut batch = journal.batch(&run).unwrap();
            batch.sent_by(ends[0].0, at()).unwrap();
            rows.push(batch.settle_all(&ends, at()).unwrap());
            batch.commit().unwrap();
        }
        let records = [1, 2, 3, 4].map(|step| journal.records(&run, step).unwrap());
        let steps = read(&journal, &run);
        (rows, steps, records, journal.rows(&run, 0, 9).unwrap(), journal.course(&run).unwrap())
    };
    let (read, unread) = (settled("read", true), settled("unread", false));
    assert_eq!(read, unread);
    let rows = read.0.iter().map(|rows| rows.iter().map(|row| row.row).collect::<Vec<_>>());
    assert_eq!(rows.collect::<Vec<_>>(), [vec![1, 2, 4], vec![3]]);
}

/// What another opening of the journal has moved since they were read is not overwritten, and nothing of the batch
/// counts.
pub(crate) fn steps_that_were_read_settle_only_from_their_states(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = shared(&mut journal);
    let done = Verdict::new(Outcome::Changed, Reason::Done, "done");
    journal.steps(&run, StepQuery::Ready, 0, 9).unwrap();
    write(&mut opener.open(), &run, |batch| drop(batch.settle(1, &done, at()).unwrap()));
    let mut batch = journal.batch(&run).unwrap();
    let settled = batch.settle_all(&[(1, &done), (4, &done)], at()).map(drop);
    let refused = settled.and_then(|()| batch.commit_and_start(&[(2, CALL)], at()));
    let from = StepState::Settled;
    assert!(
        matches!(refused, Err(JournalError::IllegalMove { step: 1, from: is, .. }) if is == from),
        "{refused:?}"
    );
    let pending = journal.steps(&run, StepState::Pending, 0, 9).unwrap();
    assert_eq!(pending.iter().map(|step| step.number).collect::<Vec<_>>(), [2, 3, 4]);
    // The journal can be written on.
    let mut batch = journal.batch(&run).unwrap();
    assert_eq!(batch.settle_all(&[(4, &done)], at()).unwrap().len(), 1);
    batch.commit().unwrap();
}
