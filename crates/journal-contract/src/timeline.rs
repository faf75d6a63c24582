//! The requests of a run over time.

use std::collections::BTreeMap;

use headcount_journal::{Journal, ReturnedStep, RunId, Sent};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;
use jiff::Timestamp;

use crate::Opener;
use crate::fixture::{CALL, add, refused, sealed_with, step, write};

fn time(second: i64, thousandths: i32) -> Timestamp {
    Timestamp::new(1_800_000_000 + second, thousandths * 1_000_000).unwrap()
}

/// Three requests within a second: two responses, and a refusal one second later.
fn sent(opener: &Opener<'_>) -> (Journal, RunId) {
    let mut journal = opener.open();
    let run = sealed_with(&mut journal, |batch| {
        for row in 1..=4 {
            batch.add_row(row, row + 1, &[row.to_string()]).unwrap();
            add(batch, row, &step(&row.to_string()));
        }
    });
    journal.start(&run, time(1, 0)).unwrap();
    write(&mut journal, &run, |batch| {
        for step in 1..=3 {
            batch.start(step, CALL, time(1, 0)).unwrap();
        }
        let done = Verdict::new(Outcome::Changed, Reason::Done, "").with_status(Some(201));
        batch.settle(2, &done, time(1, 300)).unwrap();
        batch.settle(1, &done, time(1, 100)).unwrap();
        batch.unsend(3, &ReturnedStep { at: time(2, 0), ..refused() }).unwrap();
        // Never sent.
        batch
            .settle(4, &Verdict::new(Outcome::Skipped, Reason::Protected, ""), time(2, 0))
            .unwrap();
    });
    (journal, run)
}

pub(crate) fn a_course_shows_when_steps_settled_and_how_long_calls_took(opener: &Opener<'_>) {
    let (journal, run) = sent(opener);
    let course = journal.course(&run).unwrap();
    assert_eq!(course.settled, BTreeMap::from([(1_800_000_001, [2, 0, 0, 0, 0])]));
    assert_eq!(course.refused, BTreeMap::from([(1_800_000_002, 1)]));
    let [call] = course.calls.as_slice() else { panic!("{:?}", course.calls) };
    assert_eq!((&*call.call, call.many, call.refused), (CALL, 3, 1));
    for (found, wanted) in [(call.median, 300.0), (call.most, 1000.0), (call.longest, 1000.0)] {
        assert!((found - wanted).abs() < 1.0, "{found} is not {wanted}");
    }
    let newest = journal.call_times(&run, Some(1)).unwrap();
    assert_eq!((newest[0].many, newest[0].refused), (1, 1));
}

pub(crate) fn requests_are_read_the_last_one_first(opener: &Opener<'_>) {
    let (journal, run) = sent(opener);
    let read = |newest| {
        let mut all = Vec::new();
        journal
            .each_request(&run, newest, |sent: Sent| all.push((sent.ended, sent.status)))
            .unwrap();
        all
    };
    let all = [
        (Some(time(2, 0)), Some(429)),
        (Some(time(1, 300)), Some(201)),
        (Some(time(1, 100)), Some(201)),
    ];
    assert_eq!(read(9), all);
    assert_eq!(read(1), [all[0]]);
    let mut settled = Vec::new();
    journal.each_settled(&run, |step| settled.push((step.at, step.outcome, step.sent))).unwrap();
    settled.sort_by_key(|(at, ..)| *at);
    assert_eq!(
        settled,
        [
            (time(1, 100), Outcome::Changed, true),
            (time(1, 300), Outcome::Changed, true),
            (time(2, 0), Outcome::Skipped, false),
        ]
    );
}
