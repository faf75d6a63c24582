//! Who did what, and plans that others have to approve.

use headcount_journal::{
    Actor, ApprovalProblem, Did, Journal, JournalError, NewStep, RunId, RunState,
};

use crate::Opener;
use crate::fixture::{add, at, new_run, step, write};

fn actor(id: &str) -> Option<Actor> {
    Some(Actor { id: Some(id.into()), name: format!("{id}@acme.com") })
}

/// A run with two rows, whose plan needs this many approvals; planned by `ann`.
fn submitted(journal: &mut Journal, approvals: u32) -> RunId {
    journal.act_as(actor("ann"));
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    write(journal, &run.id, |batch| {
        for (row, subject) in [(1, "a"), (2, "b")] {
            batch.add_row(row, row + 1, &[subject.into()]).unwrap();
            let first = add(batch, row, &step(subject));
            add(batch, row, &NewStep { needs: Some(first), ..step(&format!("then {subject}")) });
        }
    });
    journal.submit(&run.id, approvals, at()).unwrap();
    run.id
}

#[track_caller]
fn refused<T: std::fmt::Debug>(done: Result<T, JournalError>) -> ApprovalProblem {
    match done {
        Err(JournalError::Approval { problem, .. }) => *problem,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn a_run_keeps_who_did_what(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = submitted(&mut journal, 0);
    journal.start(&run, at()).unwrap();
    journal.end(&run, Some("why"), at()).unwrap();
    journal.act_as(actor("bob \u{fc}"));
    journal.start(&run, at()).unwrap();
    journal.end(&run, Some("why"), at()).unwrap();
    journal.cancel(&run, at()).unwrap();
    let acts = opener.open().run(run.as_str()).unwrap().acts;
    let acts: Vec<_> = acts.iter().map(|act| (act.did, act.by.name.as_str(), act.at)).collect();
    let (ann, bob) = ("ann@acme.com", "bob \u{fc}@acme.com");
    let wanted =
        [(Did::Planned, ann), (Did::Started, ann), (Did::Resumed, bob), (Did::Canceled, bob)];
    assert_eq!(acts, wanted.map(|(did, name)| (did, name, at())));
}

pub(crate) fn a_plan_that_needs_approval_waits_for_another_account(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = submitted(&mut journal, 1);
    let read = |journal: &Journal| journal.run(run.as_str()).unwrap();
    assert_eq!((read(&journal).state, read(&journal).approvals), (RunState::Unapproved, 1));
    let planner = "ann@acme.com".to_owned();
    let missing = ApprovalProblem::Missing { missing: 1, planner: planner.clone() };
    assert_eq!(refused(journal.start(&run, at())), missing);
    assert_eq!(refused(journal.approve(&run, at())), ApprovalProblem::OwnPlan(planner.clone()));
    assert_eq!(refused(journal.reject(&run, "no", at())), ApprovalProblem::OwnPlan(planner));
    for unknown in [None, Some(Actor { id: None, name: "the organization".into() })] {
        journal.act_as(unknown);
        assert_eq!(refused(journal.approve(&run, at())), ApprovalProblem::UnknownActor);
    }
    let mut other = opener.open();
    other.act_as(actor("bob"));
    assert_eq!(other.approve(&run, at()).unwrap().state, RunState::Sealed);
    assert_eq!(read(&journal).who(Did::Approved), actor("bob").as_ref());
    let bob = "bob@acme.com".to_owned();
    assert_eq!(refused(other.approve(&run, at())), ApprovalProblem::Twice(bob.clone()));
    other.act_as(actor("carol"));
    assert_eq!(refused(other.approve(&run, at())), ApprovalProblem::Already { by: vec![bob] });
    journal.start(&run, at()).unwrap();
    journal.end(&run, Some("why"), at()).unwrap();
    // A run that was approved is resumed without another approval.
    journal.start(&run, at()).unwrap();
    journal.end(&run, None, at()).unwrap();
}

pub(crate) fn approvals_are_counted_by_account(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let run = submitted(&mut journal, 2);
    journal.act_as(actor("bob"));
    assert_eq!(journal.approve(&run, at()).unwrap().state, RunState::Unapproved);
    let twice = ApprovalProblem::Twice("bob@acme.com".into());
    assert_eq!(refused(journal.approve(&run, at())), twice);
    assert!(matches!(
        refused(journal.start(&run, at())),
        ApprovalProblem::Missing { missing: 1, .. }
    ));
    journal.act_as(actor("cid"));
    assert_eq!(journal.approve(&run, at()).unwrap().state, RunState::Sealed);
    journal.start(&run, at()).unwrap();
}

pub(crate) fn a_rejected_plan_is_never_started(opener: &Opener<'_>) {
    let mut journal = opener.open();
    for is_approved in [false, true] {
        let run = submitted(&mut journal, 1);
        journal.act_as(actor("bob"));
        if is_approved {
            journal.approve(&run, at()).unwrap();
        }
        let rejected = journal.reject(&run, "too many", at()).unwrap();
        let known = (rejected.state, rejected.stop.as_deref());
        assert_eq!(known, (RunState::Rejected, Some("too many")));
        journal.act_as(actor("cid"));
        assert!(matches!(journal.approve(&run, at()), Err(JournalError::WrongState { .. })));
        let (by, why) = ("bob@acme.com".to_owned(), "too many".to_owned());
        assert_eq!(refused(journal.start(&run, at())), ApprovalProblem::Rejected { by, why });
        assert!(journal.cancel(&run, at()).is_err());
    }
    let run = submitted(&mut journal, 0);
    assert_eq!(refused(journal.reject(&run, "no", at())), ApprovalProblem::NotNeeded);
}

/// What was approved is what is started: another row, step or place of a step is another plan, in every state.
pub(crate) fn an_approval_counts_only_for_the_plan_that_was_sealed(opener: &Opener<'_>) {
    for is_approved in [false, true] {
        for change in 0..3 {
            let mut journal = opener.other(&format!("{is_approved} {change}"));
            let run = submitted(&mut journal, 1);
            journal.act_as(actor("bob"));
            if is_approved {
                journal.approve(&run, at()).unwrap();
            }
            let sealed = journal.plan_digest(&journal.run(run.as_str()).unwrap()).unwrap();
            write(&mut journal, &run, |batch| match change {
                0 => batch.add_row(3, 4, &["c".into()]).unwrap(),
                1 => drop(add(batch, 1, &step("c"))),
                _ => batch.serve(1, 2).unwrap(),
            });
            let now = journal.plan_digest(&journal.run(run.as_str()).unwrap()).unwrap();
            assert_ne!(sealed, now);
            let done = if is_approved {
                journal.start(&run, at())
            } else {
                journal.approve(&run, at()).map(drop)
            };
            assert_eq!(refused(done), ApprovalProblem::Changed);
        }
    }
}
