//! Searching and counting rows.

use headcount_journal::{Count, Filter, Journal, NewStep, Page, ReasonCount, RunId, Sort, SortBy};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;

use crate::Opener;
use crate::fixture::{add, at, sealed_with, step, verdict, write};

/// A sealed run with these cells. Rows with an even number are duplicates.
fn journal(opener: &Opener<'_>, cells: &[&str]) -> (Journal, RunId) {
    let mut journal = opener.open();
    let run = sealed_with(&mut journal, |batch| {
        for (number, cell) in (1..).zip(cells) {
            batch.add_row(number, number + 1, &[(*cell).into()]).unwrap();
            if number % 2 == 0 {
                let (outcome, reason) = (Outcome::Skipped, Reason::Duplicate);
                batch.settle_row(number, outcome, reason, "100 % the same").unwrap();
            }
        }
    });
    (journal, run)
}

fn found(journal: &Journal, run: &RunId, filter: &Filter) -> Vec<u64> {
    let rows = journal.find_rows(run, filter, Page::skip(0, 100)).unwrap();
    assert_eq!(journal.count(run, Count::Rows(filter)).unwrap(), rows.len() as u64);
    rows.iter().map(|row| row.row).collect()
}

fn text(text: &str) -> Filter {
    Filter { text: text.into(), ..Filter::default() }
}

pub(crate) fn rows_are_found_by_outcome_reason_and_text_and_come_in_pages(opener: &Opener<'_>) {
    let cells = ["ann@a.com", "bob@a.com", "carl_o@b.com", "Dän \"D\" \\x", "carlXo@b.com"];
    let (journal, run) = journal(opener, &cells);
    assert_eq!(found(&journal, &run, &Filter::default()), [1, 2, 3, 4, 5]);
    let pending = Filter { outcome: Some(None), ..Filter::default() };
    assert_eq!(found(&journal, &run, &pending), [1, 3, 5]);
    let reason = Filter { reason: Some(Reason::Duplicate), ..text("BOB") };
    assert_eq!(found(&journal, &run, &reason), [2]);
    assert_eq!(found(&journal, &run, &Filter::of_reason(Reason::Duplicate)), [2, 4]);
    for (page, wanted) in [
        (Page::skip(1, 1), vec![3]),
        (Page::skip(2, 9), vec![5]),
        (Page::skip(3, 9), vec![]),
        (Page::after(1, 1), vec![3]),
        (Page::after(5, 9), vec![]),
        (Page { after: 1, skip: 1, limit: 1 }, vec![5]),
    ] {
        let rows = journal.find_rows(&run, &pending, page).unwrap();
        assert_eq!(rows.iter().map(|row| row.row).collect::<Vec<_>>(), wanted, "{page:?}");
    }
    // A pattern's wildcards are escaped.
    assert_eq!(found(&journal, &run, &text("l_o")), [3]);
    assert_eq!(found(&journal, &run, &text("0 %")), [2, 4]);
    assert_eq!(found(&journal, &run, &text("\"D\" \\x")), [4]);
    assert_eq!(found(&journal, &run, &text("dan")), [4]);
    assert_eq!(found(&journal, &run, &text("nothing")), [] as [u64; 0]);
    let whole: Vec<_> = journal.rows(&run, 0, 9).unwrap();
    assert_eq!((whole[3].line, whole[3].cells.as_slice()), (5, [cells[3].to_owned()].as_slice()));
    assert_eq!(whole[3].detail, "100 % the same");
    assert_eq!(journal.row(&run, 6).unwrap(), None);
    assert_eq!(journal.row(&run, 5).unwrap().unwrap().row, 5);
}

pub(crate) fn rows_come_in_the_order_that_is_asked_for_page_by_page(opener: &Opener<'_>) {
    let (journal, run) = journal(opener, &["Émile@a.com", "dora@a.com", "Frank", "cleo@a.com"]);
    for (by, up, down) in [
        (SortBy::Row, [1, 2, 3, 4], [4, 3, 2, 1]),
        (SortBy::Outcome, [1, 3, 2, 4], [2, 4, 1, 3]),
        (SortBy::Reason, [1, 3, 2, 4], [2, 4, 1, 3]),
        (SortBy::About, [4, 2, 1, 3], [3, 1, 2, 4]),
    ] {
        for (is_descending, wanted) in [(false, up), (true, down)] {
            let filter = Filter { sort: Sort { by, is_descending }, ..Filter::default() };
            assert_eq!(found(&journal, &run, &filter), wanted, "{by:?} {is_descending}");
            let page = journal.find_rows(&run, &filter, Page::skip(1, 2)).unwrap();
            assert_eq!(page.iter().map(|row| row.row).collect::<Vec<_>>(), wanted[1..3]);
        }
    }
}

pub(crate) fn rows_to_be_checked_are_found(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = sealed_with(&mut journal, |batch| {
        for row in 1..=3 {
            batch.add_row(row, row + 1, &["x".into()]).unwrap();
            let about = format!("Person {row}\np{row}@example.com");
            add(batch, row, &NewStep { warned: row == 2, about, ..step(&row.to_string()) });
        }
    });
    assert_eq!(found(&journal, &run, &Filter { twice: true, ..Filter::default() }), [2]);
    assert_eq!(found(&journal, &run, &Filter { twice: true, ..text("P1@") }), [] as [u64; 0]);
    assert_eq!(found(&journal, &run, &text("P3@")), [3]);
}

pub(crate) fn a_run_is_found_by_what_it_is_about(opener: &Opener<'_>) {
    let (mut journal, run) = journal(opener, &["ann@example.com", "50%_off", "é \"q\""]);
    write(&mut journal, &run, |batch| {
        add(batch, 1, &NewStep { about: "team\nAnn Lee".into(), ..step("a") });
    });
    for (text, wanted) in [
        ("ANN@", true),
        ("50%", true),
        ("the same", true),
        ("\"q\"", true),
        ("E \"q\"", true),
        ("ann lee", true),
        ("5_%", false),
        ("bert", false),
    ] {
        assert_eq!(journal.is_about(&run, text).unwrap(), wanted, "{text}");
    }
    assert_eq!(journal.count(&run, Count::LastRow).unwrap(), 3);
}

pub(crate) fn rows_are_counted_by_outcome_and_reason(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = sealed_with(&mut journal, |batch| {
        for row in 1..=7 {
            batch.add_row(row, row + 1, &["a".into()]).unwrap();
            if row < 4 {
                add(batch, row, &step(&row.to_string()));
            }
        }
        for row in [5, 6] {
            let (outcome, reason) = (Outcome::Skipped, Reason::Duplicate);
            batch.settle_row(row, outcome, reason, "").unwrap();
        }
        batch.settle_row(7, Outcome::Failed, Reason::UnreadableRow, "").unwrap();
    });
    write(&mut journal, &run, |batch| {
        batch.settle(1, &verdict(Outcome::Changed), at()).unwrap();
        batch.settle(2, &verdict(Outcome::Unknown), at()).unwrap();
    });
    let counts = journal.counts(&run).unwrap();
    assert_eq!((counts.rows, counts.planned, counts.pending), (7, 3, 2));
    assert_eq!((counts.changed, counts.unknown, counts.unchanged), (1, 1, 0));
    assert_eq!((counts.failed, counts.skipped, counts.harmless), (1, 2, 2));
    let reason = |outcome, reason, rows| ReasonCount { outcome, reason, rows };
    let mut reasons = journal.reasons(&run).unwrap();
    assert_eq!(reasons.remove(0), reason(Outcome::Skipped, Reason::Duplicate, 2));
    reasons.sort_by_key(|one| one.outcome.rank());
    for wanted in [
        reason(Outcome::Changed, Reason::Done, 1),
        reason(Outcome::Failed, Reason::UnreadableRow, 1),
        reason(Outcome::Unknown, Reason::Done, 1),
    ] {
        assert!(reasons.contains(&wanted), "{wanted:?} is not in {reasons:?}");
    }
}
