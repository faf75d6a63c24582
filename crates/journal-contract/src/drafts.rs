//! What a plan writes before it is sealed.

use std::sync::{Arc, Mutex};

use headcount_journal::{Count, JournalError, Moment, Names, RunState};
use headcount_model::outcome::Outcome;

use crate::Opener;
use crate::fixture::{add, at, new_run, sealed_with, step, verdict, waiting, write};

const MAIL: Names = Names::ToLookUp("mail");
const GROUP: Names = Names::ToLookUp("group");

pub(crate) fn drafts_are_swept_once_no_process_holds_them_and_never_started(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let (run, lock) = journal.begin(&new_run()).unwrap();
    assert!(matches!(journal.start(&run.id, at()), Err(JournalError::WrongState { .. })));
    assert_eq!(journal.sweep_drafts().unwrap(), 0);
    assert!(matches!(journal.lock(&run.id), Err(JournalError::Locked { .. })));
    drop(lock);
    assert_eq!(journal.sweep_drafts().unwrap(), 1);
    assert!(matches!(journal.find("last"), Err(JournalError::NoRuns)));
    assert!(journal.runs().unwrap().is_empty());
}

/// Another process removes abandoned drafts as soon as the draft is visible: the draft stays with its planner.
pub(crate) fn a_draft_is_held_from_its_first_moment(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let sweeper = Mutex::new(opener.open());
    let swept = Arc::new(Mutex::new(Vec::new()));
    let counts = Arc::clone(&swept);
    journal.watch(Arc::new(move |moment| {
        if moment == Moment::AfterCommit {
            counts.lock().unwrap().push(sweeper.lock().unwrap().sweep_drafts().unwrap());
        }
    }));
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    assert_eq!(*swept.lock().unwrap(), [0]);
    assert_eq!(journal.run(run.id.as_str()).unwrap().state, RunState::Draft);
}

pub(crate) fn a_draft_takes_everything_along_when_it_is_discarded(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let sealed = waiting(&mut journal, false);
    let (draft, _lock) = journal.begin(&new_run()).unwrap();
    write(&mut journal, &draft.id, |batch| {
        batch.add_row(1, 2, &["a".into()]).unwrap();
        batch.add_name(MAIL, "a").unwrap();
        batch.add_name(Names::KnownBefore, "b").unwrap();
        add(batch, 1, &step("a"));
    });
    journal.discard(&draft.id).unwrap();
    assert!(matches!(journal.run(draft.id.as_str()), Err(JournalError::NoSuchRun(_))));
    for what in [Count::LastRow, Count::Steps, Count::Names(MAIL), Count::Names(Names::KnownBefore)]
    {
        assert_eq!(journal.count(&draft.id, what).unwrap(), 0, "{what:?}");
    }
    // A sealed run is not discarded.
    journal.discard(&sealed).unwrap();
    assert_eq!(journal.count(&sealed, Count::Steps).unwrap(), 2);
}

pub(crate) fn names_are_distinct_in_order_and_dropped_by_the_seal(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    write(&mut journal, &run.id, |batch| {
        for name in ["b", "a", "c", "a", "ü"] {
            batch.add_name(MAIL, name).unwrap();
        }
        batch.add_name(GROUP, "a").unwrap();
    });
    assert_eq!(journal.names(&run.id, MAIL, "", 2).unwrap(), ["a", "b"]);
    assert_eq!(journal.names(&run.id, MAIL, "b", 9).unwrap(), ["c", "ü"]);
    assert_eq!(journal.count(&run.id, Count::Names(MAIL)).unwrap(), 4);
    assert_eq!(journal.count(&run.id, Count::Names(GROUP)).unwrap(), 1);
    assert!(journal.holds_name(&run.id, MAIL, "ü").unwrap());
    assert!(!journal.holds_name(&run.id, GROUP, "b").unwrap());
    journal.seal(&run.id, at()).unwrap();
    assert_eq!(journal.count(&run.id, Count::Names(MAIL)).unwrap(), 0);
}

pub(crate) fn what_was_known_before_outlives_the_seal(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    journal.add_known_before(&run.id, ["b", "a", "b"].into_iter()).unwrap();
    journal.seal(&run.id, at()).unwrap();
    assert_eq!(journal.known_before(&run.id).unwrap(), ["a", "b"]);
    assert!(journal.holds_name(&run.id, Names::KnownBefore, "a").unwrap());
}

pub(crate) fn rows_come_in_pages_with_their_cells(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    write(&mut journal, &run.id, |batch| {
        for row in 1..=5 {
            batch.add_row(row, row * 2, &[format!("“{row}”\n\"\\")]).unwrap();
        }
    });
    let page = journal.rows(&run.id, 2, 2).unwrap();
    let read: Vec<_> = page.iter().map(|row| (row.row, row.line, &*row.cells[0])).collect();
    assert_eq!(read, [(3, 6, "“3”\n\"\\"), (4, 8, "“4”\n\"\\")]);
    assert_eq!(journal.rows(&run.id, 4, 9).unwrap().len(), 1);
    assert!(journal.rows(&run.id, 5, 9).unwrap().is_empty());
}

pub(crate) fn steps_settled_in_the_plan_have_no_time(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = sealed_with(&mut journal, |batch| {
        batch.add_row(1, 2, &["a".into()]).unwrap();
        let step = add(batch, 1, &step("a"));
        let rows = batch.settle_in_plan(step, &verdict(Outcome::Unchanged)).unwrap();
        assert_eq!((rows[0].row, rows[0].outcome), (1, Outcome::Unchanged));
    });
    let view = journal.row(&run, 1).unwrap().unwrap();
    assert_eq!((view.outcome, view.step.unwrap().at), (Some(Outcome::Unchanged), None));
    let mut settled = 0;
    journal.each_settled(&run, |_| settled += 1).unwrap();
    assert_eq!(settled, 0);
}
