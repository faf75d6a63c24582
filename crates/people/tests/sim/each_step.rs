//! Each step of a sheet of several jobs, and of its undo, fails once on purpose, and is sent twice on purpose.
//!
//! A step that fails takes only those with it that need it. A step that is sent twice has one effect: all ends as if it
//! was sent once. The site is compared with what its steps change ([`super::several_jobs`]).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use headcount_journal::Run;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_people::steps::read;
use serde_json::json;

use super::crash::Life;
use super::hold::endpoint;
use super::network::{Line, Strike};
use super::several_jobs::{self as sheet, Name};
use super::state::State;

/// How a run ended.
#[derive(Debug, PartialEq)]
struct End {
    rows: BTreeMap<u64, (Outcome, Reason)>,
    /// The steps that changed something.
    changed: BTreeSet<Name>,
    state: State,
}

impl End {
    async fn of(life: &Life<'_>, run: &Run) -> Self {
        let journal = &life.machine.journal;
        let rows = journal.rows(&run.id, 0, 100).unwrap().into_iter();
        let rows = rows.map(|row| (row.row, (row.outcome.unwrap(), row.reason.unwrap())));
        let steps = journal.settled_steps(&run.id, Outcome::Changed, 0, 100).unwrap();
        let steps = steps.into_iter().map(|(step, _)| read(step).unwrap());
        let changed = steps.map(|step| (step.row, step.payload.kind.word()));
        let (rows, changed) = (rows.collect(), changed.collect());
        Self { rows, changed, state: State::read(&life.machine).await }
    }

    fn outcomes(&self) -> BTreeMap<u64, Outcome> {
        self.rows.iter().map(|(row, (outcome, _))| (*row, *outcome)).collect()
    }
}

/// The sheet's run and its undo.
struct Told {
    before: State,
    job: End,
    undo: End,
    /// The requests that change something, in order.
    changes: Vec<Line>,
    /// The change that had the trouble.
    struck: Option<Line>,
}

/// A life in which the change after this many others has a trouble.
fn live(strike: Option<(usize, Strike)>) -> Told {
    let work = Job::Sync.into();
    super::clock().block_on(async {
        let mut life = Life::begin(work, None, &[], None).await;
        let net = std::sync::Arc::clone(&life.machine.net);
        let before = State::read(&life.machine).await;
        if let Some((after, strike)) = strike {
            net.strike(after, strike);
        }
        let run = life.until_it_ends(work, None).await;
        let job = End::of(&life, &run).await;
        net.control("POST", "lag", json!({ "lag_ms": 0 })).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        let undone = life.until_it_ends(work, Some(&run)).await;
        let undo = End::of(&life, &undone).await;
        let lines = net.lines();
        let struck = net.struck().map(|number| lines[number].clone());
        let changes = lines.into_iter().filter(Line::changes).collect();
        Told { before, job, undo, changes, struck }
    })
}

/// The step that failed, after the steps that are missing: it, and those that need it.
fn failed(missing: &BTreeSet<Name>, need: fn(Name) -> Option<Name>) -> Option<Name> {
    let waits = |step: &Name| need(*step).is_some_and(|need| missing.contains(&need));
    let roots: Vec<Name> = missing.iter().filter(|step| !waits(step)).copied().collect();
    assert!(roots.len() <= 1, "several steps failed: {missing:?}");
    roots.first().copied()
}

/// The rows of a run in which these steps are missing. The others are as they are if nothing fails.
fn rows_without(
    end: &End,
    others: &BTreeMap<u64, Outcome>,
    missing: &BTreeSet<Name>,
    root: Option<Name>,
) {
    for (row, (outcome, reason)) in &end.rows {
        let is_hit = missing.iter().any(|(of, _)| of == row);
        let is_root = root.is_some_and(|(of, _)| of == *row);
        match (is_root, is_hit) {
            (true, _) => assert_eq!(*outcome, Outcome::Failed, "row {row}: {reason:?}"),
            (false, true) => {
                assert_eq!((*outcome, *reason), (Outcome::Skipped, Reason::EarlierStepNotDone));
            }
            (false, false) => assert_eq!(*outcome, others[row], "row {row}: {reason:?}"),
        }
    }
}

fn minus(all: &BTreeSet<Name>, done: &BTreeSet<Name>) -> BTreeSet<Name> {
    assert!(done.is_subset(all), "{:?}", done.difference(all));
    all.difference(done).copied().collect()
}

/// All that depends on a step.
fn closure(
    root: Option<Name>,
    all: &BTreeSet<Name>,
    need: fn(Name) -> Option<Name>,
) -> BTreeSet<Name> {
    let mut hit: BTreeSet<Name> = root.into_iter().collect();
    for step in all {
        if need(*step).is_some_and(|need| hit.contains(&need)) {
            hit.insert(*step);
        }
    }
    hit
}

#[test]
fn each_step_of_several_jobs_fails_alone() {
    let calm = live(None);
    let (mut of_job, mut of_undo) = (BTreeSet::new(), BTreeSet::new());
    for after in 0..calm.changes.len() {
        let told = live(Some((after, Strike::Refused)));
        let missing = minus(&calm.job.changed, &told.job.changed);
        let root = failed(&missing, sheet::need);
        assert_eq!(missing, closure(root, &calm.job.changed, sheet::need), "{:?}", told.struck);
        rows_without(&told.job, &calm.job.outcomes(), &missing, root);
        assert_eq!(told.job.state, sheet::made(told.before.clone(), &told.job.changed));
        let undoable = sheet::steps_back(&told.job.changed);
        let missing = minus(&undoable, &told.undo.changed);
        let root_of_undo = failed(&missing, sheet::need_back);
        assert_eq!(
            missing,
            closure(root_of_undo, &undoable, sheet::need_back),
            "{:?}",
            told.struck
        );
        rows_without(&told.undo, &calm.undo.outcomes(), &missing, root_of_undo);
        let undone = sheet::made_back(told.job.state.clone(), &told.undo.changed);
        assert_eq!(told.undo.state, undone);
        assert!(root.is_none() || root_of_undo.is_none(), "{root:?}, {root_of_undo:?}");
        of_job.extend(root);
        of_undo.extend(root_of_undo);
    }
    assert_eq!(of_job, sheet::all_steps());
    assert_eq!(of_undo, sheet::steps_back(&sheet::all_steps()));
}

/// The calls that are not sent twice, because the site always shows at once what they have changed.
const SHOWN_AT_ONCE: [&str; 3] = ["AdminAssignRole", "AdminRevokeRole", "AdminRevokeToken"];

#[test]
fn each_step_of_several_jobs_is_sent_twice_and_has_one_effect() {
    let calm = live(None);
    let mut once = BTreeSet::new();
    for after in 0..calm.changes.len() {
        let told = live(Some((after, Strike::Hidden)));
        let struck = told.struck.expect("a change had the trouble");
        for (end, of_calm) in [(&told.job, &calm.job), (&told.undo, &calm.undo)] {
            assert_eq!(end.outcomes(), of_calm.outcomes(), "{struck:?}: {:?}", end.rows);
            assert_eq!(end.changed, of_calm.changed, "{struck:?}");
            assert_eq!(end.state, of_calm.state, "{struck:?}");
        }
        let is_same = |line: &&Line| {
            let same = |line: &Line| (line.method.clone(), line.path.clone(), line.body.clone());
            same(line) == same(&struck)
        };
        let times = told.changes.iter().filter(is_same).count();
        if times < 2 {
            once.insert(format!("{:?}", endpoint(&struck).unwrap()));
        }
    }
    assert_eq!(
        once,
        BTreeSet::from(SHOWN_AT_ONCE.map(str::to_owned)),
        "all others were sent twice"
    );
}
