//! The life of runs.

use headcount_journal::{Count, Journal, JournalError, NewRun, RunId, RunMove, RunState};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{StepState, Verdict};
use jiff::ToSpan;
use serde_json::json;

use crate::Opener;
use crate::fixture::{CALL, at, new_run, refused, sealed, write};

pub(crate) fn a_run_goes_through_its_life_and_rows_follow_their_steps(opener: &Opener<'_>) {
    let (mut journal, run) = sealed(opener);
    let counts = journal.counts(&run).unwrap();
    assert_eq!((counts.rows, counts.planned, counts.pending), (2, 2, 2));
    journal.start(&run, at()).unwrap();
    let done = Verdict::new(Outcome::Changed, Reason::Done, "added").with_status(Some(201));
    write(&mut journal, &run, |batch| {
        batch.start(1, CALL, at()).unwrap();
        batch.start(2, CALL, at()).unwrap();
        let rows = batch.settle(1, &done, at()).unwrap();
        assert_eq!(
            (rows[0].row, rows[0].outcome, &*rows[0].detail),
            (1, Outcome::Changed, "added")
        );
        batch.unsend(2, &refused()).unwrap();
    });
    let view = journal.row(&run, 1).unwrap().unwrap();
    assert_eq!((view.outcome, view.reason), (Some(Outcome::Changed), Some(Reason::Done)));
    let step = view.step.unwrap();
    assert_eq!((step.http_status, step.at, step.step.number), (Some(201), Some(at()), 1));
    assert_eq!(journal.steps(&run, StepState::Pending, 0, 10).unwrap()[0].attempts, 1);
    let later = at() + 1.minute();
    journal.end(&run, Some("stopped by hand"), later).unwrap();
    let stopped = opener.open().find("last").unwrap();
    assert_eq!(
        (stopped.state, stopped.stop.as_deref()),
        (RunState::Stopped, Some("stopped by hand"))
    );
    let times = (stopped.created_at, stopped.sealed_at, stopped.started_at, stopped.ended_at);
    assert_eq!(times, (at(), Some(at()), Some(at()), Some(later)));
    // The time of the first start stays, and the reason of the stop is removed.
    journal.start(&run, later).unwrap();
    let resumed = journal.run(run.as_str()).unwrap();
    assert_eq!((resumed.started_at, resumed.stop), (Some(at()), None));
}

/// Every move from every state.
pub(crate) fn runs_make_the_moves_of_the_table_and_no_other(opener: &Opener<'_>) {
    const MOVES: [RunMove<'_>; 9] = [
        RunMove::Seal,
        RunMove::Submit,
        RunMove::Approve,
        RunMove::Reject("no"),
        RunMove::Start,
        RunMove::Finish,
        RunMove::Stop("why"),
        RunMove::Reopen,
        RunMove::Cancel,
    ];
    /// The moves that are legal in each state.
    const STATES: [(RunState, &[RunMove<'_>]); 8] = [
        (RunState::Draft, &[]),
        (RunState::Sealed, &[RunMove::Seal]),
        (RunState::Unapproved, &[RunMove::Submit]),
        (RunState::Rejected, &[RunMove::Submit, RunMove::Reject("x")]),
        (RunState::Running, &[RunMove::Seal, RunMove::Start]),
        (RunState::Stopped, &[RunMove::Seal, RunMove::Start, RunMove::Stop("x")]),
        (RunState::Finished, &[RunMove::Seal, RunMove::Start, RunMove::Finish]),
        (RunState::Cancelled, &[RunMove::Seal, RunMove::Cancel]),
    ];
    let mut journal = opener.open();
    for (state, there) in STATES {
        for one in MOVES {
            let (run, _lock) = journal.begin(&new_run()).unwrap();
            for step in there {
                go(&mut journal, &run.id, *step).unwrap();
            }
            let moved = go(&mut journal, &run.id, one);
            let found = journal.run(run.id.as_str()).unwrap();
            if one.starts_from().contains(&state) {
                moved.unwrap();
                assert_eq!((found.state, found.stop.as_deref()), (one.leads_to(), one.why()));
            } else {
                let wanted = one.leads_to().word();
                assert!(
                    matches!(&moved, Err(JournalError::WrongState { state: from, wanted: to, .. })
                        if *from == state && *to == wanted),
                    "{state:?}, {one:?}: {moved:?}"
                );
                assert_eq!(found.state, state);
            }
        }
    }
}

fn go(journal: &mut Journal, run: &RunId, to: RunMove<'_>) -> Result<(), JournalError> {
    match to {
        RunMove::Seal => journal.seal(run, at()),
        RunMove::Submit | RunMove::Approve | RunMove::Reject(_) => journal.move_run(run, to, at()),
        RunMove::Start => journal.start(run, at()),
        RunMove::Finish => journal.end(run, None, at()),
        RunMove::Stop(why) => journal.end(run, Some(why), at()),
        RunMove::StopForReview(why) => journal.stop_for_review(run, why, at()),
        RunMove::Reopen => journal.reopen(run, at()),
        RunMove::Cancel => journal.cancel(run, at()),
    }
}

pub(crate) fn runs_are_found_by_id_number_and_last(opener: &Opener<'_>) {
    let mut journal = opener.open();
    assert!(matches!(journal.find("last"), Err(JournalError::NoRuns)));
    let new = NewRun { organization: Some("https://o/admin".into()), ..new_run() };
    let (first, _lock) = journal.begin(&new).unwrap();
    journal.seal(&first.id, at()).unwrap();
    let undo = NewRun { undoes: Some(first.id.clone()), ..new_run() };
    let (second, _lock) = journal.begin(&undo).unwrap();
    let number = first.id.number();
    assert_eq!(first.id.as_str(), format!("20261120-{number}"));
    let found = journal.find(&number.to_string()).unwrap();
    assert_eq!((found.id, found.organization), (first.id.clone(), new.organization));
    assert_eq!((found.job, found.headings), (new.job, new.headings));
    assert_eq!((found.site, found.profile, found.input), (new.site, new.profile, new.input));
    assert_eq!(journal.find(first.id.as_str()).unwrap().id, first.id);
    assert_eq!(journal.find("last").unwrap().id, first.id, "a draft is no run yet");
    for unknown in [format!("20261121-{number}"), "20261120-999".into(), "x".into()] {
        let found = journal.find(&unknown);
        assert!(matches!(&found, Err(JournalError::NoSuchRun(id)) if *id == unknown), "{found:?}");
    }
    let ids = |runs: Vec<headcount_journal::Run>| -> Vec<RunId> {
        runs.into_iter().map(|run| run.id).collect()
    };
    assert_eq!(ids(journal.runs().unwrap()), [second.id.clone(), first.id.clone()]);
    assert_eq!(ids(journal.undos(&first.id).unwrap()), std::slice::from_ref(&second.id));
    assert_eq!(journal.run(second.id.as_str()).unwrap().undoes, Some(first.id));
    assert_eq!(journal.count(&second.id, Count::LastRow).unwrap(), 0);
}

pub(crate) fn options_are_added_and_replaced(opener: &Opener<'_>) {
    let mut journal = opener.open();
    let new = NewRun { options: json!({"a": 1}), ..new_run() };
    let (run, _lock) = journal.begin(&new).unwrap();
    write(&mut journal, &run.id, |batch| batch.add_options(&json!({"b": [1, "ü"]})).unwrap());
    journal.seal(&run.id, at()).unwrap();
    journal.add_options(&run.id, &json!({"a": {"c": 2}})).unwrap();
    let found = opener.open().run(run.id.as_str()).unwrap();
    assert_eq!(found.options, json!({"a": {"c": 2}, "b": [1, "ü"]}));
}
