//! Whole journals: their tables, copies of them, and removing old runs.

use headcount_journal::{Actor, Journal, JournalError, NewRun, Run, RunId, RunState, Space, Wait};
use headcount_model::outcome::Outcome;
use jiff::{SignedDuration, Timestamp};

use crate::Opener;
use crate::fixture::{CALL, at, new_run, verdict, waiting, write};

/// A journal with a run of each end, and a copy of it that is the same and goes on.
pub(crate) fn a_copy_is_the_same_journal(opener: &Opener<'_>) {
    let mut journal = opener.open();
    journal.act_as(Some(Actor { id: None, name: "the key".into() }));
    let stopped = waiting(&mut journal, true);
    journal.start(&stopped, at()).unwrap();
    write(&mut journal, &stopped, |batch| {
        batch.start(1, CALL, at()).unwrap();
        batch.add_record(1, "{}").unwrap();
    });
    journal.end(&stopped, Some("why"), at()).unwrap();
    let (draft, _lock) = journal.begin(&new_run()).unwrap();
    journal.discard(&draft.id).unwrap();
    let second = SignedDuration::from_secs(60).unsigned_abs();
    journal.waits().unwrap().keep(&Wait::new("https://a", CALL, at(), second), at()).unwrap();

    let mut target = opener.other("target");
    let copied = journal.copy_into(&mut target).unwrap();
    let lines = |table: &str| copied.iter().find(|copied| copied.table == table).unwrap().lines;
    assert_eq!((lines("runs"), lines("acts"), lines("requests"), lines("waits")), (1, 2, 1, 1));
    let (here, there) = (journal.run(stopped.as_str()), target.run(stopped.as_str()));
    let (here, there) = (here.unwrap(), there.unwrap());
    assert_eq!(format!("{here:?}"), format!("{there:?}"));
    assert_eq!(journal.rows(&stopped, 0, 9).unwrap(), target.rows(&stopped, 0, 9).unwrap());
    assert_eq!(journal.plan_digest(&here).unwrap(), target.plan_digest(&there).unwrap());
    assert_eq!(journal.records(&stopped, 1).unwrap(), target.records(&stopped, 1).unwrap());
    // Numbers go on after the last one, also after that of a draft that was discarded.
    let (next, _lock) = target.begin(&new_run()).unwrap();
    assert!(next.id.number() > draft.id.number(), "{} {}", next.id, draft.id);
    assert!(matches!(journal.copy_into(&mut target), Err(JournalError::NotEmpty)));
    target.start(&stopped, at()).unwrap();
    write(&mut target, &stopped, |batch| {
        batch.settle(1, &verdict(Outcome::Changed), at()).unwrap();
    });
}

pub(crate) fn a_journal_in_use_is_not_copied(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = waiting(&mut journal, false);
    let lock = opener.open().lock(&run).unwrap();
    let mut target = opener.other("target");
    assert!(matches!(journal.copy_into(&mut target), Err(JournalError::Locked { .. })));
    assert!(target.runs().unwrap().is_empty());
    drop(lock);
    assert_eq!(journal.copy_into(&mut target).unwrap()[0].lines, 1);
}

/// Only runs that ended before the time, and only together with their undos.
pub(crate) fn old_runs_are_removed_with_their_undos(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let later = at().checked_add(SignedDuration::from_hours(48)).unwrap();
    let between = at().checked_add(SignedDuration::from_hours(24)).unwrap();
    let mut run = |undoes: Option<usize>, state: RunState, at: Timestamp, all: &[RunId]| {
        let undoes = undoes.map(|undone| all[undone].clone());
        let (run, _lock) = journal.begin(&NewRun { undoes, at, ..new_run() }).unwrap();
        journal.seal(&run.id, at).unwrap();
        match state {
            RunState::Finished => {
                journal.start(&run.id, at).unwrap();
                journal.end(&run.id, None, at).unwrap();
            }
            RunState::Stopped => {
                journal.start(&run.id, at).unwrap();
                journal.end(&run.id, Some("why"), at).unwrap();
            }
            RunState::Cancelled => journal.cancel(&run.id, at).unwrap(),
            _ => {}
        }
        run.id
    };
    use RunState::{Cancelled, Finished, Sealed, Stopped};
    let mut all = Vec::new();
    for (undoes, state, at) in [
        (None, Finished, at()),     // 0: removed
        (None, Finished, at()),     // 1: its undo is unfinished
        (Some(1), Stopped, at()),   // 2
        (None, Finished, at()),     // 3: removed with its undo, and the undo of that
        (Some(3), Finished, at()),  // 4
        (Some(4), Cancelled, at()), // 5
        (None, Finished, at()),     // 6: its undo is newer
        (Some(6), Finished, later), // 7
        (None, Stopped, at()),      // 8
        (None, Sealed, at()),       // 9
        (None, Finished, later),    // 10
        (None, Stopped, at()),      // 11: it can be resumed, and its undo protects it
        (Some(11), Finished, at()), // 12
    ] {
        let made = run(undoes, state, at, &all);
        all.push(made);
    }
    only_old_ones_are_removed(&mut journal, &all, between);
}

fn only_old_ones_are_removed(journal: &mut Journal, all: &[RunId], between: Timestamp) {
    let old = journal.old_runs(between).unwrap();
    let ids = |runs: &[Run]| runs.iter().map(|run| run.id.clone()).collect::<Vec<_>>();
    let ids: Vec<_> = old.iter().map(|runs| ids(runs)).collect();
    assert_eq!(ids, [vec![all[0].clone()], all[3..=5].to_vec()]);
    let stopped = journal.run(all[8].as_str()).unwrap();
    let together = [old[0][0].clone(), stopped];
    let refused = journal.remove_runs(&together);
    assert!(matches!(refused, Err(JournalError::WrongState { .. })), "{refused:?}");
    assert_eq!(journal.runs().unwrap().len(), all.len());
    for runs in &old {
        journal.remove_runs(runs).unwrap();
    }
    assert_eq!(journal.runs().unwrap().len(), all.len() - 4);
    assert!(journal.old_runs(between).unwrap().is_empty());
    match journal.shrink().unwrap() {
        Space::Returned { before, after } => assert!(after < before),
        Space::Reused => {}
    }
}
