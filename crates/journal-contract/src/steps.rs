//! Adds and reads steps, and settles steps that depend on others.

use std::sync::Arc;

use headcount_journal::{
    Added, Count, Journal, NewRun, NewStep, Returned, ReturnedStep, RunId, StepQuery, WayQuery,
};
use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Named, Payload, Step, StepState, Verdict};
use jiff::ToSpan;

use crate::Opener;
use crate::fixture::{
    CALL, add, at, door, new_run, refused, sealed, sealed_with, step, verdict, waiting, write,
};

fn numbers(steps: &[Step]) -> Vec<u64> {
    steps.iter().map(|step| step.number).collect()
}

pub(crate) fn steps_come_in_pages_in_the_order_of_the_plan(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = sealed_with(&mut journal, |batch| {
        for row in 1..=9 {
            batch.add_row(row, row + 1, &["a".into()]).unwrap();
            assert_eq!(add(batch, row, &step(&row.to_string())), row, "numbered from 1");
        }
    });
    journal.start(&run, at()).unwrap();
    write(&mut journal, &run, |batch| {
        for number in [2, 5] {
            batch.start(number, CALL, at()).unwrap();
        }
        for (number, outcome) in [
            (3, Outcome::Changed),
            (4, Outcome::Unknown),
            (6, Outcome::Failed),
            (7, Outcome::Changed),
        ] {
            batch.settle(number, &verdict(outcome), at()).unwrap();
        }
    });
    let steps = |which: StepQuery, after, limit| {
        numbers(&journal.steps(&run, which, after, limit).unwrap())
    };
    assert_eq!(steps(StepQuery::In(StepState::Pending), 0, 9), [1, 8, 9]);
    assert_eq!(steps(StepQuery::In(StepState::Pending), 1, 1), [8]);
    assert_eq!(steps(StepQuery::In(StepState::Started), 0, 9), [2, 5]);
    assert_eq!(steps(StepQuery::In(StepState::Settled), 3, 9), [4, 6, 7]);
    assert_eq!(steps(StepQuery::Ended(Outcome::Changed), 0, 1), [3]);
    assert_eq!(steps(StepQuery::Effects, 3, u64::MAX), [4, 7]);
    assert_eq!(steps(StepQuery::AfterUnknown, 0, 9), [4]);
    for (what, wanted) in [
        (Count::Steps, 9),
        (Count::OpenSteps, 5),
        (Count::StartedSteps, 2),
        (Count::SendableSteps, 6),
        (Count::Requests, 2),
        (Count::PlannedRows, 9),
    ] {
        assert_eq!(journal.count(&run, what).unwrap(), wanted, "{what:?}");
    }
    let effects = journal.effects(&run, 0, 9).unwrap();
    let ends: Vec<_> = effects.iter().map(|one| (one.outcome, one.reason, one.at)).collect();
    let end = |outcome| (outcome, Reason::Done, Some(at()));
    assert_eq!(ends, [end(Outcome::Changed), end(Outcome::Unknown), end(Outcome::Changed)]);
}

pub(crate) fn the_same_step_is_added_once(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = sealed_with(&mut journal, |batch| {
        for row in 1..=3 {
            batch.add_row(row, row + 1, &["a".into()]).unwrap();
        }
        assert_eq!(add(batch, 1, &step("a")), 1);
        let payload = Payload { own: "x".into(), common: "other".into() };
        let same = batch.add_step(2, &NewStep { payload, ..step("a") }).unwrap();
        assert_eq!(same, Added::SameAs { step: 1, row: 1, common: "alike".into() });
        assert_eq!(add(batch, 2, &NewStep { kind: "other", ..step("a") }), 2);
        // One step serves both rows, and both get its outcome.
        batch.serve(1, 3).unwrap();
    });
    write(&mut journal, &run, |batch| {
        let rows = batch.settle(1, &verdict(Outcome::Changed), at()).unwrap();
        assert_eq!(rows.iter().map(|row| row.row).collect::<Vec<_>>(), [1, 3]);
    });
    // Another run has steps of its own.
    let other = sealed_with(&mut journal, |batch| {
        batch.add_row(1, 2, &["a".into()]).unwrap();
        assert_eq!(add(batch, 1, &step("a")), 1);
    });
    assert_eq!(journal.count(&other, Count::OpenSteps).unwrap(), 1);
}

pub(crate) fn a_step_is_read_as_it_was_added(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let new = NewStep {
        kind: "change",
        door: Some(Arc::new(Door::Jira { site: "https://other".into() })),
        subject: "s".into(),
        payload: Payload { own: "{\"ü\": \"\n\"}".into(), common: "“c”".into() },
        label: "l".into(),
        about: "a\nb".into(),
        unseen: true,
        warned: true,
        needs: Some(1),
        needs_name: false,
    };
    let run = sealed_with(&mut journal, |batch| {
        batch.add_row(7, 8, &["a".into()]).unwrap();
        add(batch, 7, &step("first"));
        add(batch, 7, &new);
    });
    let found = journal.steps(&run, StepState::Pending, 1, 1).unwrap().pop().unwrap();
    let wanted = Step {
        number: 2,
        row: 7,
        kind: "change".into(),
        door: new.door,
        payload: new.payload,
        unseen: true,
        given: None,
        named: None,
        attempts: 0,
        unclear: 0,
        sent_by: None,
        needs: Some(1),
        state: StepState::Pending,
    };
    assert_eq!(found, wanted);
    assert_eq!(journal.count(&run, Count::DependentSteps).unwrap(), 1);
    let later = at() + 90.seconds();
    write(&mut journal, &run, |batch| {
        batch.start(2, CALL, at()).unwrap();
        batch.sent_by(2, later).unwrap();
    });
    let found = journal.steps(&run, StepState::Started, 0, 1).unwrap().pop().unwrap();
    let started = Step { attempts: 1, sent_by: Some(later), state: StepState::Started, ..wanted };
    assert_eq!(found, started);
    let groups = journal.step_groups(&run).unwrap();
    let group = |group: &headcount_journal::StepGroup| (group.common.clone(), group.steps);
    assert_eq!(groups.iter().map(group).collect::<Vec<_>>(), [("alike".into(), 1)]);
}

pub(crate) fn steps_that_wait_are_ready_once_theirs_is_done(opener: &Opener<'_>) {
    for (outcome, ready) in [
        (Outcome::Changed, true),
        (Outcome::Unchanged, true),
        (Outcome::Failed, false),
        (Outcome::Skipped, false),
        (Outcome::Unknown, false),
    ] {
        let mut journal = opener.other(outcome.word());
        let run = waiting(&mut journal, false);
        let steps = |journal: &Journal, which: StepQuery| {
            numbers(&journal.steps(&run, which, 0, 9).unwrap())
        };
        assert_eq!(steps(&journal, StepQuery::Ready), [1]);
        assert_eq!(numbers(&journal.steps_waiting_for(&run, 1, 9).unwrap()), [2]);
        assert!(journal.steps_waiting_for(&run, 1, 1).unwrap().is_empty(), "up to step 1");
        write(&mut journal, &run, |batch| {
            let rows = batch.settle(1, &verdict(outcome), at()).unwrap();
            assert_eq!(rows.len(), usize::from(!ready), "{rows:?}");
        });
        assert_eq!(steps(&journal, StepQuery::Ready), if ready { vec![2] } else { vec![] });
        let view = journal.row(&run, 1).unwrap().unwrap();
        assert_eq!(view.outcome.is_some(), !ready);
        let unknown = outcome == Outcome::Unknown;
        let sendable = journal.count(&run, Count::SendableSteps).unwrap();
        assert_eq!(sendable, if unknown { 2 } else { u64::from(ready) }, "{outcome}");
        if unknown {
            assert_eq!(steps(&journal, StepQuery::AfterUnknown), [1, 2]);
        }
        if ready {
            write(&mut journal, &run, |batch| {
                batch.settle(2, &verdict(outcome), at()).unwrap();
            });
            let after = journal.effects_after(&run, 1).unwrap();
            assert_eq!(after.len(), usize::from(outcome == Outcome::Changed));
        }
    }
}

/// A step that needs the id of something that is created gets it from the answer, or is not sent.
pub(crate) fn what_an_answer_names_is_given_to_what_waits_for_it(opener: &Opener<'_>) {
    for named in [Some(Named::new("id-7")), None] {
        let mut journal = opener.other(if named.is_some() { "named" } else { "unnamed" });
        let run = waiting(&mut journal, true);
        let done = Verdict::new(Outcome::Changed, Reason::Created, "created");
        let mut rows = Vec::new();
        write(&mut journal, &run, |batch| {
            let verdict = Verdict { named: named.clone(), ..done };
            rows = batch.settle(1, &verdict, at()).unwrap();
        });
        assert_eq!(journal.effects(&run, 0, 9).unwrap()[0].step.named, named);
        let waiting = journal.steps_waiting_for(&run, 1, 9).unwrap();
        match &named {
            Some(_) => assert_eq!(waiting[0].given, named),
            None => {
                assert!(waiting.is_empty(), "{waiting:?}");
                assert_eq!(rows[0].reason, Reason::EarlierStepNotDone);
                assert_eq!(
                    rows[0].detail,
                    "created; b skipped: not sent: the site did not name what it created"
                );
            }
        }
        assert_eq!(journal.is_about(&run, "ID-7").unwrap(), named.is_some());
    }
}

/// If the first step had nothing to do, the state that was read before is not used for the steps that depend on
/// it.
pub(crate) fn what_waits_for_a_step_that_had_nothing_to_do_is_unseen(opener: &Opener<'_>) {
    for (outcome, unseen) in [(Outcome::Changed, false), (Outcome::Unchanged, true)] {
        let mut journal = opener.other(outcome.word());
        let run = waiting(&mut journal, false);
        write(&mut journal, &run, |batch| {
            batch.settle(1, &verdict(outcome), at()).unwrap();
        });
        let waiting = journal.steps_waiting_for(&run, 1, 9).unwrap();
        assert_eq!((waiting[0].unseen, &waiting[0].given), (unseen, &None));
        assert_eq!(journal.count(&run, Count::UnseenRows).unwrap(), u64::from(unseen));
        assert_eq!(journal.step_groups(&run).unwrap()[0].unseen, unseen);
    }
}

pub(crate) fn an_unknown_step_is_looked_at_again_with_what_waited_for_it(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = waiting(&mut journal, false);
    write(&mut journal, &run, |batch| {
        batch.start(1, CALL, at()).unwrap();
        batch.settle(1, &Verdict::new(Outcome::Unknown, Reason::NoResponse, "?"), at()).unwrap();
    });
    let view = journal.row(&run, 1).unwrap().unwrap();
    assert_eq!((view.outcome, view.reason), (Some(Outcome::Unknown), Some(Reason::NoResponse)));
    assert!(view.detail.contains("resume the run"), "{}", view.detail);
    write(&mut journal, &run, |batch| batch.reopen(1).unwrap());
    assert_eq!(journal.row(&run, 1).unwrap().unwrap().outcome, None);
    assert_eq!(numbers(&journal.steps(&run, StepState::Started, 0, 9).unwrap()), [1]);
    assert_eq!(numbers(&journal.steps(&run, StepState::Pending, 0, 9).unwrap()), [2]);
}

/// Two runs of the same rows: which run made a change does not depend on which one got its answer first.
pub(crate) fn what_another_run_sent_too_is_found(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let plan = |journal: &mut Journal, site: &str, later: i64, subject: &str| {
        let new = NewRun { site: site.into(), at: at() + later.seconds(), ..new_run() };
        let (run, _lock) = journal.begin(&new).unwrap();
        write(journal, &run.id, |batch| {
            batch.add_row(1, 2, &["a".into()]).unwrap();
            batch.add_step(1, &step(subject)).unwrap();
        });
        journal.seal(&run.id, at()).unwrap();
        run.id
    };
    let (one, two) =
        (plan(&mut journal, "https://a", 0, "ann"), plan(&mut journal, "https://a", 9, "ann"));
    let others =
        [plan(&mut journal, "https://b", 9, "ann"), plan(&mut journal, "https://a", 9, "bob")];
    let also = |journal: &Journal| {
        [&one, &two]
            .map(|run| journal.also_sent(run, 1).unwrap().map(|also| (also.run, also.changed)))
    };
    for run in &others {
        journal.start(run, at()).unwrap();
        write(&mut journal, run, |batch| batch.start(1, CALL, at()).unwrap());
    }
    assert_eq!(also(&journal), [None, None], "another site, another subject");
    for run in [&one, &two] {
        journal.start(run, at()).unwrap();
    }
    assert_eq!(also(&journal), [None, None], "nothing was sent");
    write(&mut journal, &two, |batch| batch.start(1, CALL, at()).unwrap());
    assert_eq!(also(&journal), [Some((two.clone(), false)), None]);
    write(&mut journal, &one, |batch| batch.start(1, CALL, at()).unwrap());
    assert_eq!(also(&journal), [Some((two.clone(), false)), Some((one.clone(), false))]);
    let later = at() + 20.seconds();
    for (outcome, changed) in [(Outcome::Unknown, false), (Outcome::Changed, true)] {
        write(&mut journal, &one, |batch| {
            batch.settle(1, &verdict(outcome), later).unwrap();
        });
        let found = journal.also_sent(&two, 1).unwrap().map(|also| also.changed);
        assert_eq!(found, Some(changed), "{outcome:?}");
        if outcome == Outcome::Unknown {
            write(&mut journal, &one, |batch| batch.reopen(1).unwrap());
        }
    }
    let third = plan(&mut journal, "https://a", 60, "ann");
    assert!(journal.also_sent(&third, 1).unwrap().is_some(), "two is still open");
    write(&mut journal, &two, |batch| {
        batch.settle(1, &verdict(Outcome::Failed), later).unwrap();
    });
    assert_eq!(
        journal.also_sent(&third, 1).unwrap(),
        None,
        "what was done before the plan it has seen"
    );
}

/// The computer's clock does not show the age of a change, because it may be set at any time. The site's clock at
/// a time when the request had certainly been sent does. A request that is only `started` may not have been sent
/// yet.
pub(crate) fn the_machines_clock_shows_no_age(opener: &Opener<'_>) {
    let (mut journal, run) = sealed(opener);
    journal.start(&run, at()).unwrap();
    let sent = |journal: &Journal| {
        let open = |state| journal.steps(&run, state, 0, 9).unwrap().into_iter();
        let mut both = open(StepState::Started).chain(open(StepState::Pending));
        both.find(|step| step.number == 1).unwrap().sent_by
    };
    let unknown = || Verdict::new(Outcome::Unknown, Reason::NoResponse, "?");
    for ahead in [at() + 90_000.hours(), at() - 90_000.hours()] {
        write(&mut journal, &run, |batch| batch.start(1, CALL, ahead).unwrap());
        assert_eq!(sent(&journal), None);
        write(&mut journal, &run, |batch| {
            batch.settle(1, &unknown(), ahead).unwrap();
            batch.reopen(1).unwrap();
        });
        assert_eq!(sent(&journal), None);
        for later in [at(), at() + 90.seconds()] {
            write(&mut journal, &run, |batch| {
                batch.sent_by(1, later).unwrap();
                batch.settle(1, &unknown(), at()).unwrap();
                batch.reopen(1).unwrap();
            });
            assert_eq!(sent(&journal), Some(at()), "what was noted first counts");
        }
        write(&mut journal, &run, |batch| {
            let back =
                ReturnedStep { returned: Returned::Unclear, why: "lost", status: None, at: at() };
            batch.unsend(1, &back).unwrap();
        });
        assert_eq!(sent(&journal), Some(at()), "pending, it is as old as before");
        assert_eq!(journal.sent_by(&run).unwrap(), Some(at()));
    }
}

/// A request that waited and was withdrawn was not sent: reports count only sent requests.
pub(crate) fn what_never_left_is_no_request(opener: &Opener<'_>) {
    let (mut journal, run) = sealed(opener);
    journal.start(&run, at()).unwrap();
    write(&mut journal, &run, |batch| {
        batch.start(1, CALL, at()).unwrap();
        batch.start(2, CALL, at()).unwrap();
        let halted =
            ReturnedStep { returned: Returned::NeverLeft, why: "halted", status: None, at: at() };
        batch.unsend(2, &halted).unwrap();
    });
    let open = |journal: &Journal| {
        let mut open = Vec::new();
        let mut tell = |sent: headcount_journal::Sent| open.push(sent.ended.is_none());
        journal.each_request(&run, u32::MAX, &mut tell).unwrap();
        open
    };
    assert_eq!(open(&journal), [true]);
    assert_eq!(journal.steps(&run, StepState::Pending, 0, 9).unwrap()[0].attempts, 0);
    // Another run now has this number. The first run's outcome must not appear there.
    write(&mut journal, &run, |batch| {
        batch.unsend(1, &refused()).unwrap();
        batch.start(1, CALL, at()).unwrap();
        let unsent = Verdict::new(Outcome::Skipped, Reason::Protected, "protected by now");
        batch.settle(2, &unsent, at()).unwrap();
    });
    assert_eq!(open(&journal), [true, false]);
}

pub(crate) fn what_came_back_unclear_is_counted(opener: &Opener<'_>) {
    let (mut journal, run) = sealed(opener);
    write(&mut journal, &run, |batch| {
        for returned in [Returned::Unclear, Returned::Refused, Returned::Unclear] {
            batch.start(1, CALL, at()).unwrap();
            batch.unsend(1, &ReturnedStep { returned, ..refused() }).unwrap();
        }
    });
    let step = journal.steps(&run, StepState::Pending, 0, 1).unwrap().pop().unwrap();
    assert_eq!((step.attempts, step.unclear), (3, 2));
    assert_eq!(journal.count(&run, Count::Requests).unwrap(), 3);
}

pub(crate) fn doors_ahead_and_doors_taken(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let other = Arc::new(Door::Jira { site: "https://other".into() });
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    write(&mut journal, &run.id, |batch| {
        for row in 1..=4 {
            batch.add_row(row, row + 1, &["a".into()]).unwrap();
            let door = Some(if row % 2 == 0 { Arc::clone(&other) } else { door() });
            add(batch, row, &NewStep { door, ..step(&row.to_string()) });
        }
    });
    journal.seal(&run.id, at()).unwrap();
    let doors = |journal: &Journal, run: &RunId, which| -> Vec<Arc<Door>> {
        journal.ways(run, which).unwrap().into_iter().filter_map(|way| way.door).collect()
    };
    assert_eq!(doors(&journal, &run.id, WayQuery::Ahead), [door(), Arc::clone(&other)]);
    assert!(doors(&journal, &run.id, WayQuery::Taken).is_empty());
    write(&mut journal, &run.id, |batch| {
        for (step, outcome) in [(2, Outcome::Changed), (4, Outcome::Failed), (1, Outcome::Skipped)]
        {
            batch.settle(step, &verdict(outcome), at()).unwrap();
        }
    });
    assert_eq!(doors(&journal, &run.id, WayQuery::Ahead), [door()]);
    assert_eq!(doors(&journal, &run.id, WayQuery::Taken), [Arc::clone(&other)]);
    let read = journal.run(run.id.as_str()).unwrap().doors;
    assert_eq!(read, [(*door()).clone(), (*other).clone()]);
}
