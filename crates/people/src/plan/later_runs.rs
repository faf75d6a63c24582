//! Finds what later runs did with the users and groups that a run changed. What one of them reversed or made again
//! is no longer this run's to undo. Only reads the journal.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::undo_rows::each_changed;
use crate::error::PlanError;
use crate::steps::{self, Change, StepKind, Target, read_effect};
use headcount_journal::{Effect, Journal, Run, RunId};
use headcount_model::group::GroupId;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{StepState, Verdict};
use headcount_model::user::AccountId;

/// How many steps are read from the journal at a time.
const PAGE: u64 = 500;

/// Undos of undos are followed to this depth, as in [`Journal::taken_back`].
const DEEP: usize = 8;

/// A state that can be switched (a user's place on the site, a membership, …), and of which user or group.
type Switch = (&'static str, Option<AccountId>, Option<GroupId>, Option<String>);

/// When a step settled, and the number of its run. Together they order changes; times may be equal.
type When = (Option<Timestamp>, i64);

/// The newest change of each switch that a run changed.
#[derive(Debug)]
pub(super) struct LaterRuns {
    number: i64,
    newest: HashMap<Switch, Newest>,
}

#[derive(Debug)]
struct Newest {
    when: When,
    kind: StepKind,
    run: RunId,
    /// Whether it only restored this run's change: an undo of an undo of this run.
    restores: bool,
}

impl LaterRuns {
    /// For the switches that this run changed. `undo` is the undo that asks; its own changes do not count.
    pub(super) fn of(journal: &Journal, undone: &RunId, undo: &RunId) -> Result<Self, PlanError> {
        let mut switches = HashSet::new();
        each_changed(journal, undone, None, |step, _| {
            switches.insert(switch(step.payload.kind, &step.payload.target));
            Ok(())
        })?;
        let restoring = restoring(journal, undone)?;
        let (whole, mut newest) = (journal.run(undone.as_str())?, HashMap::new());
        let runs = journal.runs()?;
        let others = runs.iter().filter(|other| other.id != *undo && may_be_later(other, &whole));
        for other in others {
            let restores = restoring.contains(&other.id);
            each_change(journal, other, |effect| {
                let Change { kind, target, .. } = &effect.step.payload;
                let (key, when) = (switch(*kind, target), (effect.at, other.id.number()));
                let is_newer = newest.get(&key).is_none_or(|newest: &Newest| newest.when < when);
                if is_newer && switches.contains(&key) {
                    let run = other.id.clone();
                    newest.insert(key, Newest { when, kind: *kind, run, restores });
                }
            })?;
        }
        Ok(Self { number: undone.number(), newest })
    }

    /// Why a change is not this run's to undo; `None` if it is.
    pub(super) fn word(&self, effect: &Effect<Change>) -> Option<String> {
        let Change { kind, target, .. } = &effect.step.payload;
        let newest = self.newest.get(&switch(*kind, target))?;
        if newest.when < (effect.at, self.number) {
            return None;
        }
        let run = &newest.run;
        // Such a change is its own opposite: a later one may be either.
        if steps::of(*kind).opposite == *kind && !newest.restores {
            return Some(format!(
                "run {run} changed the same again later; to undo that, undo run {run}"
            ));
        }
        match steps::of(newest.kind).opposite == steps::of(*kind).opposite {
            true if newest.restores => None,
            true => {
                Some(format!("run {run} made this change again later; to undo it, undo run {run}"))
            }
            false => Some(format!(
                "run {run} already reversed this change; what the site shows now was done after that"
            )),
        }
    }
}

/// Whether a run of users and groups on the same site may have changed something later.
fn may_be_later(other: &Run, undone: &Run) -> bool {
    other.id != undone.id
        && other.site == undone.site
        && other.job != Job::RunCollection
        && other.started_at.is_some()
        && other.ended_at.is_none_or(|ended| undone.started_at.is_none_or(|since| ended >= since))
}

/// Both directions of a change are one switch, and so are both ways to create a user.
fn switch(kind: StepKind, target: &Target) -> Switch {
    let back = steps::of(kind).opposite;
    let word = back.word().min(steps::of(back).opposite.word());
    (word, target.account.clone(), target.group.clone(), target.part())
}

/// What a run certainly changed. A user who existed already was not created again.
fn each_change(
    journal: &Journal,
    run: &Run,
    mut each: impl FnMut(&Effect<Change>),
) -> Result<(), PlanError> {
    let mut after = 0;
    loop {
        let page = journal.effects(&run.id, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.step.number;
        for effect in page {
            let effect = read_effect(effect)?;
            let gave_access =
                steps::of(effect.step.payload.kind).creates_user && effect.reason == Reason::Done;
            if effect.outcome == Outcome::Changed && !gave_access {
                each(&effect);
            }
        }
    }
}

/// The undos of undos of a run, which make that run's change again.
fn restoring(journal: &Journal, undone: &RunId) -> Result<HashSet<RunId>, PlanError> {
    let (mut restoring, mut level) = (HashSet::new(), vec![undone.clone()]);
    for depth in 1..=DEEP {
        let mut next = Vec::new();
        for run in &level {
            next.extend(journal.undos(run)?.into_iter().map(|undo| undo.id));
        }
        if depth % 2 == 0 {
            restoring.extend(next.iter().cloned());
        }
        level = next;
    }
    Ok(restoring)
}

/// Checks an undo that waited: a step whose change a later run reversed or made again since the undo was planned
/// is settled as `skipped: already-undone`, and is not sent. Returns how many there were.
///
/// # Errors
/// The journal cannot be read or written.
pub fn recheck_undo(journal: &mut Journal, undo: &Run, at: Timestamp) -> Result<u64, PlanError> {
    let Some(undone) = &undo.undoes else { return Ok(0) };
    let later = LaterRuns::of(journal, undone, &undo.id)?;
    if later.newest.is_empty() {
        return Ok(0);
    }
    let whole = journal.run(undone.as_str())?;
    let mut theirs = HashMap::new();
    each_change(journal, &whole, |effect| {
        if let Some(why) = later.word(effect) {
            let Change { kind, target, .. } = &effect.step.payload;
            theirs.insert(switch(*kind, target), why);
        }
    })?;
    let (mut after, mut left_out) = (0, 0);
    loop {
        let page = journal.steps(&undo.id, StepState::Pending, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(left_out) };
        after = last.number;
        let mut batch = journal.batch(&undo.id)?;
        for step in page {
            let step = steps::read(step)?;
            let Change { kind, target, .. } = &step.payload;
            // If this undo may have sent the step before, the site is read instead.
            let why = theirs.get(&switch(*kind, target)).filter(|_| step.unclear == 0);
            if let Some(why) = why {
                let skipped = Verdict::new(Outcome::Skipped, Reason::AlreadyUndone, why.clone());
                batch.settle(step.number, &skipped, at)?;
                left_out += 1;
            }
        }
        batch.commit()?;
    }
}
