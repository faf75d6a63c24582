//! Which rows later runs have undone.

use headcount_journal::{Journal, NewRun, RunId, TakenBack};
use headcount_model::outcome::Outcome::{self, Changed, Skipped, Unchanged};
use headcount_model::reason::Reason;

use crate::Opener;
use crate::fixture::{new_run, write};

/// A run whose rows have these outcomes.
fn run(
    journal: &mut Journal,
    undoes: Option<&RunId>,
    rows: impl IntoIterator<Item = (u64, Outcome)>,
) -> RunId {
    let new = NewRun { undoes: undoes.cloned(), ..new_run() };
    let (run, _lock) = journal.begin(&new).unwrap();
    write(journal, &run.id, |batch| {
        for (number, outcome) in rows {
            batch.add_row(number, number + 1, &["a".into()]).unwrap();
            batch.settle_row(number, outcome, Reason::Done, "").unwrap();
        }
    });
    run.id
}

fn taken(by: &RunId, rows: u64) -> TakenBack {
    TakenBack { by: by.clone(), rows }
}

pub(crate) fn what_undos_took_back_and_what_was_put_back_again(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let all = [(1, Changed), (2, Changed), (3, Changed), (4, Unchanged)];
    let first = run(&mut journal, None, all);
    assert_eq!(journal.taken_back(&first).unwrap(), []);
    let one = run(&mut journal, Some(&first), [(2, Changed), (3, Skipped)]);
    let other = run(&mut journal, Some(&first), [(2, Unchanged), (3, Changed)]);
    assert_eq!(journal.taken_back(&first).unwrap(), [taken(&one, 1), taken(&other, 1)]);
    let rows = journal.rows_taken_back(&first, 1, u64::MAX).unwrap();
    assert_eq!(rows, [(2, one.clone()), (3, other.clone())]);
    assert_eq!(journal.rows_taken_back(&first, 3, 3).unwrap(), [(3, other.clone())]);
    // The undo of an undo applies the change again; its undo reverts it again.
    let again = run(&mut journal, Some(&one), [(2, Changed)]);
    assert_eq!(journal.taken_back(&first).unwrap(), [taken(&other, 1)]);
    assert_eq!(journal.taken_back(&one).unwrap(), [taken(&again, 1)]);
    run(&mut journal, Some(&again), [(2, Changed)]);
    assert_eq!(journal.taken_back(&first).unwrap(), [taken(&one, 1), taken(&other, 1)]);
}

/// More rows than are read at a time, with numbers far apart.
pub(crate) fn undone_rows_are_found_in_a_long_run(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let first = run(&mut journal, None, [(1, Changed)]);
    let rows = [1, 9_999, 10_000, 10_001, 25_000].map(|row| (row, Changed));
    let undo = run(&mut journal, Some(&first), rows);
    assert_eq!(journal.taken_back(&first).unwrap(), [taken(&undo, 5)]);
    let found = journal.rows_taken_back(&first, 2, u64::MAX).unwrap();
    let found: Vec<u64> = found.into_iter().map(|(row, _)| row).collect();
    assert_eq!(found, [9_999, 10_000, 10_001, 25_000]);
}
