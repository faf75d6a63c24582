//! The journal: the program's operations on a store.

use jiff::Timestamp;
use serde_json::Value;

use headcount_model::lease::Lease;
use headcount_model::outcome::{Counts, Outcome};
use headcount_model::reason::Reason;
use headcount_model::step::Step;

use super::act::Actor;
use super::batch::Batch;
use super::commit_hook::{CommitHook, Probe};
use super::error::JournalError;
use super::lock::RunLock;
use super::query::{Count, Filter, Names, Page, RunQuery, StepQuery, WayQuery};
use super::queue::WorkQueue;
use super::row::{ReasonCount, RowGroup, RowView};
use super::run::{NewRun, Run, RunId, RunState};
use super::step::{AlsoSent, Effect, StepGroup, StepRecord, Way};
use super::store::{Durability, Store, Transaction};
use super::waits::Waits;

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    store: Box<dyn Store>,
    pub(crate) hook: CommitHook,
    /// Whether commits may return before the disk has them, which a draft allows: nothing of it was sent.
    pub(crate) durability: Durability,
    /// Who moves runs through this journal, if that is known.
    pub(crate) actor: Option<Actor>,
}

/// Opening a journal, and the states of runs.
impl Journal {
    /// Opens the journal in this store.
    pub fn new(store: Box<dyn Store>) -> Self {
        Self { store, hook: CommitHook::default(), durability: Durability::Durable, actor: None }
    }

    /// Calls `probe` at each commit from now on. Only for tests that stop the process there.
    pub fn watch(&mut self, probe: Probe) {
        self.hook = CommitHook::watched_by(probe);
    }

    /// Opens the same journal again, so that another thread can read what is committed.
    pub fn another(&self) -> Result<Self, JournalError> {
        let (hook, actor) = (self.hook.clone(), self.actor.clone());
        Ok(Self { hook, actor, ..Self::new(self.store.another()?) })
    }

    /// The book of waits in this journal.
    pub fn waits(&self) -> Result<Waits, JournalError> {
        Ok(Waits::new(self.store.another()?, self.hook.clone()))
    }

    /// Begins a draft and takes its lock. A draft can't be started before it is sealed. Until it is sealed or discarded,
    /// commits through this journal need not wait for the disk.
    pub fn begin(&mut self, new: &NewRun) -> Result<(Run, RunLock), JournalError> {
        self.store.check()?;
        let (id, lock) =
            self.write(Durability::Durable, |transaction| transaction.begin_run(new))?;
        self.durability = Durability::Relaxed;
        Ok((self.run(id.as_str())?, lock))
    }

    /// Takes the lock of a run; an error if another process has it. The caller will write, so a journal that is
    /// read-only or damaged is reported here, before any request to the site.
    pub fn lock(&self, run: &RunId) -> Result<RunLock, JournalError> {
        self.store.check()?;
        self.store.lock(run)
    }

    /// The lease with which this process carries a run. Nothing may be sent for the run once it has ended.
    pub fn lease(&self, run: &RunId) -> Lease {
        self.store.lease(run)
    }

    /// The queue of runs for workers; `None`: the journal is in a file, which workers cannot share.
    pub fn queue(&self) -> Result<Option<Box<dyn WorkQueue>>, JournalError> {
        self.store.queue()
    }

    /// Whether a run waits for a worker, or a worker carries it.
    pub fn is_queued(&self, run: &RunId) -> bool {
        self.store.is_queued(run)
    }

    /// Whether a process holds the lock of this run now.
    pub fn is_held(&self, run: &RunId) -> bool {
        self.store.is_held(run)
    }

    /// Removes drafts whose process has ended. Nothing of them was sent.
    pub fn sweep_drafts(&mut self) -> Result<u64, JournalError> {
        let mut swept = 0;
        for draft in self.runs()?.iter().filter(|run| run.state == RunState::Draft) {
            // Asking first: a store on a server waits a moment for a lock that is held.
            if !self.store.is_held(&draft.id)
                && let Ok(_lock) = self.store.lock(&draft.id)
            {
                self.discard(&draft.id)?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Removes a draft from the journal.
    pub fn discard(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.durability = Durability::Durable;
        self.write(Durability::Durable, |transaction| transaction.remove_draft(run))
    }

    /// Adds options to a run. The caller holds its lock.
    pub fn add_options(&mut self, run: &RunId, more: &Value) -> Result<(), JournalError> {
        self.write(self.durability, |transaction| transaction.add_options(run, more))
    }

    /// Records ids that certainly existed before a run that creates. If an answer names one of them, the run did not
    /// create it.
    pub fn add_known_before<'a>(
        &mut self,
        run: &RunId,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<(), JournalError> {
        let mut batch = self.batch(run)?;
        for name in names {
            batch.add_name(Names::KnownBefore, name)?;
        }
        batch.commit()
    }

    /// A transaction on one run.
    pub fn batch(&mut self, run: &RunId) -> Result<Batch<'_>, JournalError> {
        let transaction = self.store.transaction(self.durability)?;
        Ok(Batch::new(transaction, &self.hook, run.clone()))
    }

    /// A transaction on one run, durable in a draft too. It holds few pages in memory, so it suits rows that
    /// are written in their order; rows that are written all over need the room of [`Self::batch`].
    pub fn ordered_batch(&mut self, run: &RunId) -> Result<Batch<'_>, JournalError> {
        let transaction = self.store.transaction(Durability::Durable)?;
        Ok(Batch::new(transaction, &self.hook, run.clone()))
    }

    /// One transaction that writes something.
    pub(crate) fn write<T>(
        &mut self,
        durability: Durability,
        statements: impl FnOnce(&mut dyn Transaction) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let mut transaction = self.store.transaction(durability)?;
        let value = statements(&mut *transaction)?;
        self.hook.commit(transaction)?;
        Ok(value)
    }
}

/// Reading runs.
impl Journal {
    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    pub(crate) fn store_mut(&mut self) -> &mut dyn Store {
        &mut *self.store
    }

    /// Every run, the newest first.
    pub fn runs(&self) -> Result<Vec<Run>, JournalError> {
        self.store.runs(RunQuery::All)
    }

    /// The run of an id as the user typed it. `last` is the newest run that was planned or started, so no draft.
    pub fn find(&self, typed: &str) -> Result<Run, JournalError> {
        if typed != "last" {
            return self.run(typed);
        }
        self.store.runs(RunQuery::Newest)?.pop().ok_or(JournalError::NoRuns)
    }

    /// The run of an id, or of its number alone.
    pub fn run(&self, id: &str) -> Result<Run, JournalError> {
        let unknown = || JournalError::NoSuchRun(id.to_owned());
        let number: i64 =
            id.rsplit('-').next().and_then(|text| text.parse().ok()).ok_or_else(unknown)?;
        let run = self.store.runs(RunQuery::Number(number))?.pop().ok_or_else(unknown)?;
        let same = run.id.as_str() == id || number.to_string() == id;
        if same { Ok(run) } else { Err(unknown()) }
    }

    /// The undos of a run, the oldest first.
    pub fn undos(&self, run: &RunId) -> Result<Vec<Run>, JournalError> {
        self.store.runs(RunQuery::UndosOf(run))
    }

    /// A number about a run.
    pub fn count(&self, run: &RunId, what: Count<'_>) -> Result<u64, JournalError> {
        self.store.count(run, what)
    }

    /// Counts of a run's rows.
    pub fn counts(&self, run: &RunId) -> Result<Counts, JournalError> {
        Ok(self.tally(run)?.0)
    }

    /// Counts of a run's rows, and of each reason, the most frequent first.
    pub fn tally(&self, run: &RunId) -> Result<(Counts, Vec<ReasonCount>), JournalError> {
        let counted = self.store.row_groups(run)?;
        let mut counts = Counts::default();
        for one in &counted {
            counts.add(one.outcome, one.rows);
            if one.reason.is_some_and(Reason::harmless) {
                counts.harmless += one.rows;
            }
        }
        counts.planned = self.count(run, Count::PlannedRows)?;
        Ok((counts, reasons(counted)))
    }

    /// Counts of a run's rows by reason, the most frequent first.
    pub fn reasons(&self, run: &RunId) -> Result<Vec<ReasonCount>, JournalError> {
        Ok(reasons(self.store.row_groups(run)?))
    }

    /// Whether a run has this text anywhere: in a cell, in the detail of a row, or in a name or id of a step.
    pub fn is_about(&self, run: &RunId, text: &str) -> Result<bool, JournalError> {
        Ok(self.store.count(run, Count::Mentions(text))? > 0)
    }
}

/// Reading a run's data in pages, never all at once.
impl Journal {
    /// Up to `limit` distinct names of a list after the name `after`.
    pub fn names(
        &self,
        run: &RunId,
        list: impl Into<Names>,
        after: &str,
        limit: u64,
    ) -> Result<Vec<String>, JournalError> {
        self.store.names(run, list.into(), after, limit)
    }

    /// Whether a list has this name.
    pub fn holds_name(
        &self,
        run: &RunId,
        list: impl Into<Names>,
        name: &str,
    ) -> Result<bool, JournalError> {
        Ok(self.count(run, Count::Name(list.into(), name))? > 0)
    }

    /// The ids that certainly existed before a run that creates.
    pub fn known_before(&self, run: &RunId) -> Result<Vec<String>, JournalError> {
        self.names(run, Names::KnownBefore, "", u64::MAX)
    }

    /// Up to `limit` rows after row `after`, in the input's order.
    pub fn rows(&self, run: &RunId, after: u64, limit: u64) -> Result<Vec<RowView>, JournalError> {
        self.find_rows(run, &Filter::default(), Page::after(after, limit))
    }

    /// A page of the rows that match the search.
    pub fn find_rows(
        &self,
        run: &RunId,
        filter: &Filter,
        page: Page,
    ) -> Result<Vec<RowView>, JournalError> {
        self.store.rows(run, filter, page)
    }

    /// One row.
    pub fn row(&self, run: &RunId, row: u64) -> Result<Option<RowView>, JournalError> {
        Ok(self.rows(run, row.saturating_sub(1), 1)?.pop().filter(|view| view.row == row))
    }

    /// Up to `limit` steps after step `after`, in the plan's order.
    pub fn steps(
        &self,
        run: &RunId,
        which: impl Into<StepQuery>,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Step>, JournalError> {
        let steps = self.store.steps(run, which.into(), after, limit)?;
        Ok(steps.into_iter().map(|record| record.step).collect())
    }

    /// The executor's records of a step, the oldest first.
    pub fn records(&self, run: &RunId, step: u64) -> Result<Vec<String>, JournalError> {
        self.store.records(run, step)
    }

    /// The pending steps up to step `until` that need this one.
    pub fn steps_waiting_for(
        &self,
        run: &RunId,
        step: u64,
        until: u64,
    ) -> Result<Vec<Step>, JournalError> {
        self.steps(run, StepQuery::WaitingFor { step, until }, 0, u64::MAX)
    }

    /// Up to `limit` settled steps with this outcome after step `after`, each with its reason.
    pub fn settled_steps(
        &self,
        run: &RunId,
        outcome: Outcome,
        after: u64,
        limit: u64,
    ) -> Result<Vec<(Step, Reason)>, JournalError> {
        let ended = self.store.steps(run, StepQuery::Ended(outcome), after, limit)?;
        let ended = effects_of(ended)?.into_iter();
        Ok(ended.map(|effect| (effect.step, effect.reason)).collect())
    }

    /// Up to `limit` steps after step `after` that changed something, or may have changed something.
    pub fn effects(
        &self,
        run: &RunId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Effect>, JournalError> {
        effects_of(self.store.steps(run, StepQuery::Effects, after, limit)?)
    }

    /// The newest time, by the site's clock, by when a request of the run had been sent. Of a run that changed
    /// something, each change was made by then. `None`: an earlier version applied the run, or the site's answers have
    /// no date.
    pub fn sent_by(&self, run: &RunId) -> Result<Option<Timestamp>, JournalError> {
        self.store.sent_by(run)
    }

    /// The same for the steps that need this one.
    pub fn effects_after(&self, run: &RunId, step: u64) -> Result<Vec<Effect>, JournalError> {
        let which = StepQuery::EffectsAfter(step);
        effects_of(self.store.steps(run, which, 0, u64::MAX)?)
    }

    /// Another run on the same site that sent the same step since this run was planned. A run in which the step ended
    /// `changed` comes before one that has no answer yet.
    pub fn also_sent(&self, run: &RunId, step: u64) -> Result<Option<AlsoSent>, JournalError> {
        let others = self.store.also_sent(run, step)?;
        let newest = others.iter().find(|(_, changed)| *changed).or(others.first());
        let Some(&(number, changed)) = newest else { return Ok(None) };
        Ok(Some(AlsoSent { run: self.run(&number.to_string())?.id, changed }))
    }

    /// The pending steps in groups of similar ones, with counts: the totals of a plan, without reading each step.
    pub fn step_groups(&self, run: &RunId) -> Result<Vec<StepGroup>, JournalError> {
        self.store.step_groups(run)
    }

    /// The doors of steps.
    pub fn ways(&self, run: &RunId, which: WayQuery) -> Result<Vec<Way>, JournalError> {
        self.store.ways(run, which)
    }
}

/// Settled steps with how they ended.
fn effects_of(records: Vec<StepRecord>) -> Result<Vec<Effect>, JournalError> {
    let effect = |record: StepRecord| {
        let StepRecord { step, outcome, reason, at } = record;
        let (outcome, reason) = outcome.zip(reason).ok_or_else(|| JournalError::Unreadable {
            what: format!("step {} as settled, without its outcome or reason", step.number),
        })?;
        Ok(Effect { step, outcome, reason, at })
    };
    records.into_iter().map(effect).collect()
}

fn reasons(counted: Vec<RowGroup>) -> Vec<ReasonCount> {
    let ended = counted.into_iter().filter_map(|one| {
        let (outcome, reason) = one.outcome.zip(one.reason)?;
        Some(ReasonCount { outcome, reason, rows: one.rows })
    });
    let mut reasons: Vec<ReasonCount> = ended.collect();
    reasons.sort_by_key(|one| (std::cmp::Reverse(one.rows), one.reason.word()));
    reasons
}
