use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use crate::*;
use headcount_model::door::Door;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Named, Payload, StepState, Verdict};

pub(crate) fn at() -> Timestamp {
    "2026-11-20T18:00:00Z".parse().unwrap()
}

pub(crate) fn new_run() -> NewRun {
    NewRun {
        job: Job::AddMembers,
        site: "https://acme.atlassian.net".into(),
        organization: None,
        profile: "acme".into(),
        input: "people.csv".into(),
        headings: vec!["Email".into(), "Group".into()],
        options: serde_json::json!({}),
        undoes: None,
        at: at(),
    }
}

/// The site's own API.
pub(crate) fn door() -> Arc<Door> {
    Arc::new(Door::Jira { site: "https://acme.atlassian.net".into() })
}

/// A step of an executor that has two words for it.
pub(crate) fn step(subject: &str) -> NewStep {
    NewStep {
        kind: "change",
        door: door(),
        subject: subject.into(),
        payload: Payload { own: subject.into(), common: "alike".into() },
        label: subject.into(),
        about: subject.into(),
        unseen: false,
        warned: false,
        needs: None,
        needs_name: false,
    }
}

/// A journal with a sealed run of three rows: 1 and 3 are the same step.
pub(crate) fn sealed(folder: &tempfile::TempDir) -> (Journal, RunId) {
    let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    let mut batch = journal.batch(&run.id).unwrap();
    for (row, account) in [(1, "a"), (2, "b"), (3, "a")] {
        batch.add_row(row, row + 1, &[account.into(), "g".into()]).unwrap();
        if let Added::SameAs { row: first, .. } = batch.add_step(row, &step(account)).unwrap() {
            assert_eq!((row, first), (3, 1));
            batch.settle_row(row, Outcome::Skipped, Reason::Duplicate, "as in row 1").unwrap();
        }
    }
    batch.commit().unwrap();
    journal.seal(&run.id, at()).unwrap();
    (journal, run.id)
}

#[test]
fn a_run_goes_through_its_life_and_rows_follow_their_steps() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, run) = sealed(&folder);
    assert_eq!(run.as_str(), "20261120-1");
    let counts = journal.counts(&run).unwrap();
    assert_eq!((counts.rows, counts.planned, counts.pending, counts.skipped), (3, 2, 2, 1));

    journal.start(&run, at()).unwrap();
    let mut batch = journal.batch(&run).unwrap();
    batch.start(1, "POST group/user", at()).unwrap();
    batch.start(2, "POST group/user", at()).unwrap();
    let done = Verdict::new(Outcome::Changed, Reason::Done, "added").with_status(Some(201));
    let rows = batch.settle(1, &done, at()).unwrap();
    assert_eq!(rows.len(), 1, "the duplicate row keeps its own outcome");
    batch.unsend(2, "429", Some(429), at()).unwrap();
    batch.commit().unwrap();
    let view = journal.row(&run, 1).unwrap().unwrap();
    assert_eq!((view.outcome, view.step.unwrap().http_status), (Some(Outcome::Changed), Some(201)));
    assert_eq!(journal.steps(&run, StepState::Pending, 0, 10).unwrap()[0].attempts, 1);
    journal.end(&run, Some("stopped by hand"), at()).unwrap();
    assert_eq!(journal.find("last").unwrap().state, RunState::Stopped);
    assert_eq!(journal.find("1").unwrap().stop.as_deref(), Some("stopped by hand"));
}

#[test]
fn moves_that_the_table_does_not_have_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, run) = sealed(&folder);
    let verdict = Verdict::new(Outcome::Changed, Reason::Done, "");
    let mut batch = journal.batch(&run).unwrap();
    assert!(matches!(batch.unsend(1, "", None, at()), Err(JournalError::IllegalMove { .. })));
    assert!(matches!(batch.reopen(1), Err(JournalError::IllegalMove { .. })));
    batch.settle(1, &verdict, at()).unwrap();
    assert!(matches!(batch.settle(1, &verdict, at()), Err(JournalError::IllegalMove { .. })));
    assert!(matches!(batch.start(1, "", at()), Err(JournalError::IllegalMove { .. })));
    assert!(matches!(batch.reopen(1), Err(JournalError::IllegalMove { .. })));
}

#[test]
fn an_unknown_step_can_be_looked_at_again_and_its_row_is_pending_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, run) = sealed(&folder);
    let mut batch = journal.batch(&run).unwrap();
    batch.start(1, "", at()).unwrap();
    batch.settle(1, &Verdict::new(Outcome::Unknown, Reason::NoResponse, ""), at()).unwrap();
    batch.reopen(1).unwrap();
    batch.commit().unwrap();
    assert_eq!(journal.row(&run, 1).unwrap().unwrap().outcome, None);
    assert_eq!(journal.steps(&run, StepState::Started, 0, 9).unwrap().len(), 1);
}

#[test]
fn a_dropped_batch_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, run) = sealed(&folder);
    let mut batch = journal.batch(&run).unwrap();
    batch.start(1, "", at()).unwrap();
    drop(batch);
    assert!(journal.steps(&run, StepState::Started, 0, 9).unwrap().is_empty());
}

/// A power cut spares what was committed from the seal on; a draft need not wait for the disk.
#[test]
fn sealing_and_starting_make_every_commit_wait_for_the_disk() {
    // SQLite's numbers for NORMAL and FULL.
    const NORMAL: i64 = 1;
    const FULL: i64 = 2;
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
    let pragma = |journal: &Journal, name: &str| -> String {
        let value = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
        format!("{:?}", journal.connection.pragma_query_value(None, name, value).unwrap())
    };
    assert_eq!(pragma(&journal, "journal_mode"), r#"Text("wal")"#);
    assert_eq!(pragma(&journal, "synchronous"), format!("Integer({FULL})"));
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    journal.set_durable(false).unwrap();
    assert_eq!(pragma(&journal, "synchronous"), format!("Integer({NORMAL})"));
    journal.seal(&run.id, at()).unwrap();
    assert_eq!(pragma(&journal, "synchronous"), format!("Integer({FULL})"));
    journal.set_durable(false).unwrap();
    journal.start(&run.id, at()).unwrap();
    assert_eq!(pragma(&journal, "synchronous"), format!("Integer({FULL})"));
}

#[test]
fn drafts_are_swept_once_nobody_holds_them_and_never_started() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
    let (run, lock) = journal.begin(&new_run()).unwrap();
    assert!(matches!(journal.start(&run.id, at()), Err(JournalError::WrongState { .. })));
    assert_eq!(journal.sweep_drafts().unwrap(), 0);
    assert!(matches!(journal.lock(&run.id), Err(JournalError::Locked { .. })));
    drop(lock);
    assert_eq!(journal.sweep_drafts().unwrap(), 1);
    assert!(matches!(journal.find("last"), Err(JournalError::NoRuns)));
}

/// What waited for its turn and was called back is no request: reports count what was sent.
#[test]
fn what_never_left_is_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, run) = sealed(&folder);
    journal.start(&run, at()).unwrap();
    let mut batch = journal.batch(&run).unwrap();
    batch.start(1, "POST /call", at()).unwrap();
    batch.start(2, "POST /call", at()).unwrap();
    batch.never_left(2).unwrap();
    batch.unsend(2, "halted", None, at()).unwrap();
    batch.commit().unwrap();
    let requests = |journal: &Journal| {
        let mut open = Vec::new();
        journal.each_request(&run, |sent| open.push(sent.ended.is_none())).unwrap();
        open
    };
    assert_eq!(requests(&journal), [true]);
    // Another run has the number now: the first one's outcome must not show on it.
    let mut batch = journal.batch(&run).unwrap();
    batch.unsend(1, "429", Some(429), at()).unwrap();
    batch.start(1, "POST /call", at()).unwrap();
    let unsent = Verdict::new(Outcome::Skipped, Reason::Protected, "protected by now");
    batch.settle(2, &unsent, at()).unwrap();
    batch.commit().unwrap();
    assert_eq!(requests(&journal), [false, true]);
}

/// Many look while one takes: whoever looks never keeps a run from being taken, and never takes
/// another who looks for its holder.
#[test]
fn looking_whether_a_run_is_held_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
    let (free, _) = journal.begin(&new_run()).unwrap();
    let (held, _lock) = journal.begin(&new_run()).unwrap();
    let (taken, _) = journal.begin(&new_run()).unwrap();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let journal = journal.beside().unwrap();
            let (free, held, taken, ended) = (&free.id, &held.id, &taken.id, &ended);
            scope.spawn(move || {
                while !ended.load(Ordering::Relaxed) {
                    assert!(!journal.is_held(free));
                    assert!(journal.is_held(held));
                    journal.is_held(taken);
                }
            });
        }
        let taken = std::panic::catch_unwind(AssertUnwindSafe(|| {
            for _ in 0..2000 {
                let lock = RunLock::take(journal.path(), &taken.id).unwrap();
                assert!(journal.is_held(&taken.id));
                drop(lock);
            }
        }));
        ended.store(true, Ordering::Relaxed);
        taken.unwrap();
    });
}

/// Another process sweeps the very moment a draft can be seen: it is not taken away from its planner.
#[test]
fn a_draft_is_held_from_its_first_moment() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
    let sweeper = Mutex::new(journal.beside().unwrap());
    let swept = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&swept);
    journal.watch(Arc::new(move |moment| {
        if moment == Moment::AfterCommit {
            told.lock().unwrap().push(sweeper.lock().unwrap().sweep_drafts().unwrap());
        }
    }));
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    assert_eq!(*swept.lock().unwrap(), [0]);
    assert_eq!(journal.run(run.id.as_str()).unwrap().state, RunState::Draft);
}

#[test]
fn foreign_newer_and_damaged_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(&path, "name,mail\n".repeat(1000)).unwrap();
    assert!(matches!(Journal::open(&path), Err(JournalError::NotAJournal { .. })));
    let other = folder.path().join("other.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    assert!(matches!(Journal::open(&other), Err(JournalError::NotAJournal { .. })));
    let newer = folder.path().join("newer.db");
    drop(Journal::open(&newer).unwrap());
    drop(Journal::open(&newer).unwrap());
    rusqlite::Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Journal::open(&newer), Err(JournalError::Newer { found: 99, .. })));
}

#[test]
fn waits_are_kept_by_place_and_call_the_longest_counts_and_they_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let journal = Journal::open(&path).unwrap();
    let waits = journal.waits().unwrap();
    let later = |text: &str| -> Timestamp { text.parse().unwrap() };
    let wait = |place: &str, call: &str, until: &str| {
        let wait = later(until).duration_since(at());
        Wait::new(place, call, at(), wait.try_into().unwrap())
    };
    let rounded = wait("https://a", "GET /x", "2026-11-20T18:00:09.001Z");
    assert_eq!(rounded.until, later("2026-11-20T18:00:10Z"), "never too early");
    waits.keep(&rounded, at()).unwrap();
    waits.keep(&wait("https://a", "GET /x", "2026-11-20T18:00:05Z"), at()).unwrap();
    waits.keep(&wait("https://b", "GET /x", "2026-11-20T19:00:00Z"), at()).unwrap();
    drop((waits, journal));
    let waits = Journal::open(&path).unwrap().waits().unwrap();
    let all = waits.all(at()).unwrap();
    assert_eq!(all, [rounded, wait("https://b", "GET /x", "2026-11-20T19:00:00Z")]);
    assert_eq!(waits.all(later("2026-11-20T18:00:10Z")).unwrap(), all[1..]);
    assert!(waits.all(later("2026-11-20T19:00:00Z")).unwrap().is_empty());
}

/// A wait of a minute that was heard by a clock five hours ahead, or is read by one that was set back
/// since: it is a minute, once, and no longer for later commands.
#[test]
fn a_wrong_clock_makes_no_wait_longer() {
    let folder = tempfile::tempdir().unwrap();
    let waits = Journal::open(&folder.path().join("journal.db")).unwrap().waits().unwrap();
    let hours = |many: i64| at() + jiff::SignedDuration::from_hours(many);
    let minute = Duration::from_secs(60);
    waits.keep(&Wait::new("https://a", "GET /x", hours(5), minute), hours(5)).unwrap();
    let left = waits.all(at()).unwrap();
    assert_eq!(left[0].until, at() + jiff::SignedDuration::from_secs(60));
    assert!(waits.all(at() + jiff::SignedDuration::from_secs(61)).unwrap().is_empty());
    // A shorter one that is heard by the right clock takes the place of one by a wrong clock.
    waits.keep(&Wait::new("https://a", "GET /x", hours(5), minute), hours(5)).unwrap();
    waits.keep(&Wait::new("https://a", "GET /x", at(), minute), at()).unwrap();
    assert!(waits.all(at() + jiff::SignedDuration::from_secs(61)).unwrap().is_empty());
    // A clock that was behind when it was heard ends it too early, which costs one refusal.
    waits.keep(&Wait::new("https://a", "GET /x", hours(-5), minute), hours(-5)).unwrap();
    assert!(waits.all(at()).unwrap().is_empty());
}

/// What was seen before is not believed of a step whose first one turned out to be done already.
#[test]
fn what_waits_for_a_step_that_had_nothing_to_do_is_unseen() {
    for (outcome, unseen) in [(Outcome::Changed, false), (Outcome::Unchanged, true)] {
        let folder = tempfile::tempdir().unwrap();
        let (mut journal, run, first) = waiting(&folder, false);
        let mut batch = journal.batch(&run).unwrap();
        batch.settle(first, &Verdict::new(outcome, Reason::Done, "so"), at()).unwrap();
        batch.commit().unwrap();
        let waiting = journal.steps_waiting_for(&run, first, 9).unwrap();
        assert_eq!((waiting[0].unseen, &waiting[0].given), (unseen, &None));
        assert_eq!(journal.unseen_rows(&run).unwrap(), u64::from(unseen));
        assert_eq!(journal.step_groups(&run).unwrap()[0].unseen, unseen);
    }
}

/// What waits for the name of something that is to be created gets it, or is not sent.
#[test]
fn what_an_answer_names_is_given_to_what_waits_for_it() {
    for named in [Some(Named::new("id-7")), None] {
        let folder = tempfile::tempdir().unwrap();
        let (mut journal, run, first) = waiting(&folder, true);
        let done = Verdict::new(Outcome::Changed, Reason::Created, "created");
        let mut batch = journal.batch(&run).unwrap();
        let rows = batch.settle(first, &Verdict { named: named.clone(), ..done }, at()).unwrap();
        batch.commit().unwrap();
        assert_eq!(journal.effects(&run, 0, 9).unwrap()[0].step.named, named);
        let waiting = journal.steps_waiting_for(&run, first, 9).unwrap();
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

/// A sealed run of one row: `a`, and `b`, which waits for it; the number of the first.
fn waiting(folder: &tempfile::TempDir, needs_name: bool) -> (Journal, RunId, u64) {
    let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    let mut batch = journal.batch(&run.id).unwrap();
    batch.add_row(1, 2, &["a".into(), "g".into()]).unwrap();
    let Added::New(first) = batch.add_step(1, &step("a")).unwrap() else { panic!("not new") };
    batch.add_step(1, &NewStep { needs: Some(first), needs_name, ..step("b") }).unwrap();
    batch.commit().unwrap();
    journal.seal(&run.id, at()).unwrap();
    (journal, run.id, first)
}
