//! The dispatcher alone owns a run's state: it takes pending steps from the journal, gives them to workers,
//! receives their results, and commits both in one batch.
//!
//! ```text
//! loop:  fill   pending steps, as many as the pace has room for
//!        commit the workers' results together with the steps to send
//!        send events about what is now in the journal
//!        spawn  workers for the steps whose "started" is now in the journal
//!        wait   until a worker has a result
//! ```
//!
//! The dispatcher starts twice as many steps as the pace lets through, so that a free place in the pace never
//! waits for the disk. Steps that still wait when the run halts go back to pending: they were never sent.
//!
//! `feed` takes the steps from the journal, `queue` selects those that may start, and `recovery` settles those
//! without an answer.

use std::iter;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::context::RunContext;
use super::error::RunError;
use super::executor::{Blocked, Executor, Lane, NotSent};
use super::halt::{Halt, Level};
use super::notes::{Note, Notes};
use super::odd_answers::OddAnswers;
use super::options::{DAY, RunOptions, Verify};
use super::orders::Orders;
use super::policy::{Policy, not_the_site};
use super::queue::{Canary, Queue};
use super::recheck::Observed;
use super::stop_reason::{Stop, StopKind};
use super::watcher::Watcher;
use super::worker::{Back, Done, Finished, Left, Settled, Unsent, latest, work};
use headcount_journal::{
    Batch, Count, Journal, JournalError, Returned, ReturnedStep, RunId, SettledRow,
};
use headcount_model::clock::Clock;
use headcount_model::event::Event;
use headcount_model::lease::Lease;
use headcount_model::outcome::{Counts, Outcome};
use headcount_model::step::{Step, Verdict};

/// How many steps are read from the journal at a time, and rechecked at a time if the plan waited.
pub(super) const PAGE: u64 = 200;

/// The result of a task.
pub(super) enum Brought<P> {
    Done(Box<Done<P>>),
    /// A page of steps, read on the site again.
    Page(Result<Observed<P>, NotSent>),
    /// Steps that were read on the site after the step that they need had ended.
    Released(Result<Observed<P>, NotSent>),
}

pub(super) struct Dispatcher<'r, E: Executor, W: Watcher> {
    pub(super) journal: &'r mut Journal,
    pub(super) run: RunId,
    pub(super) executor: Arc<E>,
    pub(super) how: &'r RunOptions,
    pub(super) halt: Halt,
    /// The lease with which this process carries the run.
    lease: Lease,
    pub(super) clock: Clock,
    pub(super) watcher: &'r mut W,
    pub(super) counts: Counts,
    pub(super) tasks: JoinSet<Brought<E::Payload>>,
    pub(super) queue: Queue<E::Payload>,
    /// The number of the last step that was taken from the journal.
    pub(super) cursor: u64,
    /// Whether any step needs another step. If none does, the journal is not asked what a settled step releases.
    pub(super) has_dependent: bool,
    /// A page of steps is being read on the site.
    pub(super) rechecking: bool,
    /// The executor knows all steps that will be read on the site.
    pub(super) expected: bool,
    /// Steps that were sent, have no answer, and could not be read on the site. They stay started.
    pub(super) left: Vec<(u64, Left)>,
    pub(super) stop: Option<Stop>,
    notes: Option<Notes>,
    /// Notes that the next commit writes.
    noted: Vec<Note>,
    policy: Policy,
    odd: Arc<OddAnswers>,
    told_waiting: Option<Instant>,
}

impl<'r, E: Executor, W: Watcher> Dispatcher<'r, E, W> {
    pub(super) fn new(context: RunContext<'r, E, W>) -> Result<Self, RunError> {
        let RunContext { journal, run, executor, options: how, halt, clock, watcher } = context;
        let lease = journal.lease(&run.id);
        let counts = journal.counts(&run.id)?;
        let has_dependent = journal.count(&run.id, Count::DependentSteps)? > 0;
        let policy = Policy::new(how.max_failures, how.patience.without_progress, Instant::now());
        let notes = executor.notes();
        Ok(Self {
            notes,
            noted: Vec::new(),
            journal,
            run: run.id.clone(),
            lease,
            executor,
            how,
            halt,
            clock,
            watcher,
            counts,
            policy,
            odd: Arc::default(),
            tasks: JoinSet::new(),
            queue: Queue::default(),
            cursor: 0,
            has_dependent,
            rechecking: false,
            expected: false,
            left: Vec::new(),
            stop: None,
            told_waiting: None,
        })
    }

    /// Sends the pending steps (with a canary: only the steps of its rows) and waits for all results. Returns the
    /// reason if the run has to stop.
    pub(super) async fn send(
        &mut self,
        mut canary: Option<&mut Canary<E::Payload>>,
        verify: bool,
    ) -> Result<Option<Stop>, RunError> {
        let orders = self.orders(verify);
        let mut brought: Vec<Done<E::Payload>> = Vec::new();
        loop {
            let starting = self.fill(canary.as_deref_mut())?;
            self.commit(&mut brought, &starting, canary.as_deref_mut())?;
            for step in starting {
                self.spawn(step, orders.clone());
            }
            if self.tasks.is_empty() {
                if self.is_done(canary.as_deref())? {
                    break;
                }
                continue;
            }
            if !self.gather(&mut brought).await? {
                break;
            }
        }
        // A canary that could not be read proves nothing, so the other rows are not sent.
        if !self.halted() && self.settle_left()? && canary.is_some() {
            let why = "the canary's answer was lost, and the site could not be read";
            self.stop = Some(Stop::new(StopKind::Canary, why));
        }
        Ok(self.stop.take())
    }

    /// Has the executor parse the payload of these steps.
    pub(super) fn read(&self, steps: Vec<Step>) -> Result<Vec<Step<E::Payload>>, RunError> {
        let read = |step| Ok(self.executor.read(step).map_err(JournalError::from)?);
        steps.into_iter().map(read).collect()
    }

    pub(super) fn orders(&self, verify: bool) -> Orders {
        let (halt, patience) = (self.halt.clone(), self.how.patience.clone());
        let reads_back = self.how.verify != Verify::None;
        let (odd, lease) = (Arc::clone(&self.odd), self.lease.clone());
        Orders { odd, halt, lease, patience, verify, reads_back, sent_before: None }
    }

    /// Whether the run is done. Asked when nothing is under way.
    fn is_done(&mut self, canary: Option<&Canary<E::Payload>>) -> Result<bool, RunError> {
        if self.halted() || self.queue.can_go_on(canary) {
            return Ok(self.halted());
        }
        self.refill()?;
        Ok(!self.queue.can_go_on(canary) && self.tasks.is_empty())
    }

    pub(super) fn halted(&self) -> bool {
        self.stop.is_some() || self.halt.level() >= Level::Drain
    }

    /// Takes the steps that may start now.
    fn fill(
        &mut self,
        mut canary: Option<&mut Canary<E::Payload>>,
    ) -> Result<Vec<Step<E::Payload>>, RunError> {
        let mut starting = Vec::new();
        while !self.halted() {
            let executor = Arc::clone(&self.executor);
            let room = |lane: Lane| executor.room(lane).max(1);
            starting.extend(self.queue.take(room, canary.as_deref_mut()));
            if self.waits_too_long(&starting) {
                for step in starting.drain(..) {
                    self.queue.add(self.executor.lane(&step), step);
                }
                break;
            }
            if !self.queue.wants_more(room, PAGE as usize) || !self.refill()? {
                break;
            }
        }
        Ok(starting)
    }

    fn spawn(&mut self, step: Step<E::Payload>, orders: Orders) {
        let executor = Arc::clone(&self.executor);
        self.tasks
            .spawn(async move { Brought::Done(Box::new(work(&*executor, step, &orders).await)) });
    }

    /// Waits for the next result and takes all results that are ready. `false` means: stop at once, without
    /// waiting for requests that are under way.
    pub(super) async fn gather(
        &mut self,
        brought: &mut Vec<Done<E::Payload>>,
    ) -> Result<bool, RunError> {
        let first = tokio::select! {
            biased;
            () = self.halt.reached(Level::Now) => {
                self.tasks.abort_all();
                self.stop = Some(Stop::new(StopKind::Interrupted, "stopped at once"));
                return Ok(false);
            }
            first = self.tasks.join_next() => first,
            Some(note) = next_of(&mut self.notes) => {
                self.noted.push(note);
                None
            }
        };
        let mut next = first;
        while let Some(joined) = next {
            match joined.map_err(|source| RunError::Worker { source })? {
                Brought::Done(done) => {
                    self.queue.came_back(self.executor.lane(&done.step));
                    brought.push(*done);
                }
                Brought::Page(looked) => {
                    self.rechecking = false;
                    self.take_rechecked(looked)?;
                }
                Brought::Released(looked) => self.take_rechecked(looked)?,
            }
            next = self.tasks.try_join_next();
        }
        self.noted.extend(self.notes.iter_mut().flat_map(|notes| iter::from_fn(|| notes.ready())));
        Ok(true)
    }

    /// Commits the results and the steps to send, then reports them, then takes the steps that waited for a step
    /// that has just ended.
    pub(super) fn commit(
        &mut self,
        brought: &mut Vec<Done<E::Payload>>,
        starting: &[Step<E::Payload>],
        mut canary: Option<&mut Canary<E::Payload>>,
    ) -> Result<(), RunError> {
        if brought.is_empty() && starting.is_empty() && self.noted.is_empty() {
            return Ok(());
        }
        for done in brought.iter_mut() {
            if let Back::Settled(settled) = &mut done.back {
                self.claim(&done.step, &mut settled.verdict)?;
            }
        }
        let at = self.clock.now();
        let mut batch = self.journal.batch(&self.run)?;
        for note in &self.noted {
            note.write_down(&mut batch)?;
        }
        let sent_by = latest(&*self.executor);
        // One of those that changed something is enough: an undo asks for the newest of the run.
        let newest = brought.iter().rposition(|done| is_changed(&done.back));
        for (number, done) in brought.iter().enumerate() {
            let is_noted = newest == Some(number) || may_still_show(&done.back);
            write_down(&mut batch, done, (at, sent_by.filter(|_| is_noted)))?;
        }
        let settled = brought.iter().filter_map(|done| Some((done.step.number, verdict_of(done)?)));
        let rows = batch.settle_all(&settled.collect::<Vec<_>>(), at)?;
        let calls = starting.iter().map(|step| self.executor.call(self.executor.lane(step)));
        let calls: Vec<_> = calls.collect();
        let starts = starting.iter().zip(&calls).map(|(step, call)| (step.number, call.as_str()));
        batch.commit_and_start(&starts.collect::<Vec<_>>(), at)?;
        self.noted.drain(..).for_each(Note::committed);
        self.tell(rows);
        let mut settled = Vec::new();
        for done in brought.drain(..) {
            self.halt_with(done.odd.as_deref().map(not_the_site));
            self.check_lane(self.executor.lane(&done.step));
            match done.back {
                Back::Settled(back) => {
                    self.judge(&back);
                    settled.push(done.step.number);
                    if let Some(canary) = &mut canary {
                        canary.finished.push(Finished { step: done.step, settled: back });
                    }
                }
                Back::Left(left) => {
                    let stop = self.policy.left(&left.why, Instant::now());
                    self.halt_with(stop);
                    self.left.push((done.step.number, left));
                }
                Back::Unsent(unsent) => self.take_back(done.step, &unsent),
            }
        }
        self.release(&settled)
    }

    pub(super) fn tell(&mut self, rows: Vec<SettledRow>) {
        for row in rows {
            self.counts.settle(row.outcome);
            let SettledRow { row, outcome, reason, detail } = row;
            self.watcher.event(&Event::Settled { row, outcome, reason, detail });
        }
    }

    fn judge(&mut self, settled: &Settled) {
        let verdict = &settled.verdict;
        let stop = self.policy.settled(verdict.outcome, verdict.reason, Instant::now());
        self.halt_with(stop);
    }

    /// Puts a step that was not sent back into the queue, before the steps with higher numbers.
    fn take_back(&mut self, step: Step<E::Payload>, unsent: &Unsent) {
        let blocked = self.executor.blocked(self.executor.lane(&step));
        let excused = blocked.filter(|blocked| blocked.announced).map(|blocked| blocked.until);
        let stop = self.policy.not_sent(&unsent.why, excused, Instant::now());
        self.halt_with(stop);
        if let Some(blocked) = blocked {
            self.tell_waiting(blocked.until, blocked.why);
            self.check_wait(&blocked);
        }
        let started = Step {
            attempts: step.attempts + 1,
            unclear: step.unclear + u32::from(unsent.unclear),
            sent_by: if matches!(unsent.why, NotSent::Halted) {
                step.sent_by
            } else {
                latest(&*self.executor)
            },
            ..step
        };
        self.queue.add(self.executor.lane(&started), started);
    }

    pub(super) fn tell_waiting(&mut self, until: Instant, why: &str) {
        if self.told_waiting.is_some_and(|told| told >= until) {
            return;
        }
        self.told_waiting = Some(until);
        let wait = until.saturating_duration_since(Instant::now());
        let until = self.clock.after(wait);
        self.watcher.event(&Event::Waiting { until, why: why.to_owned() });
    }

    /// Reports a wait that an answer has asked for, if other steps of its lane are under way: they may be waiting for
    /// their place already, and nothing else would end a wait that is too long.
    fn check_lane(&mut self, lane: Lane) {
        let waiting = self.queue.under_way(lane) > 0;
        if let Some(blocked) = self.executor.blocked(lane).filter(|_| waiting) {
            self.tell_waiting(blocked.until, blocked.why);
            self.check_wait(&blocked);
        }
    }

    /// Whether one of these steps would have to wait for longer than is allowed, because an earlier command was
    /// asked to wait.
    fn waits_too_long(&mut self, starting: &[Step<E::Payload>]) -> bool {
        for step in starting {
            if let Some(blocked) = self.executor.blocked(self.executor.lane(step)) {
                self.check_wait(&blocked);
            }
        }
        self.halted()
    }

    /// A wait that is longer than is allowed ends the run; `run resume` continues after it.
    fn check_wait(&mut self, blocked: &Blocked) {
        let wait = blocked.until.saturating_duration_since(Instant::now());
        let most = self.how.patience.longest_wait;
        // The pace waits 5 % longer than the site asks for; this does not count.
        let a_little = if most == DAY { Duration::ZERO } else { most / 20 };
        if wait <= most + a_little {
            return;
        }
        let until = self.clock.after(wait).to_zoned(jiff::tz::TimeZone::UTC);
        let until = until.strftime("%Y-%m-%d %H:%M:%S");
        let who = match blocked.announced {
            true => "the site asks headcount to wait".to_owned(),
            false => format!("{}; headcount would have to wait", blocked.why),
        };
        let allowed = match most == DAY {
            true => "headcount waits at most a day".to_owned(),
            false => format!("--max-wait allows at most {} s", most.as_secs()),
        };
        let why = format!("{who} until {until} UTC ({} s); {allowed}", wait.as_secs());
        self.halt_with(Some(Stop::new(StopKind::Refused, why)));
    }

    pub(super) fn halt_with(&mut self, stop: Option<Stop>) {
        if let Some(stop) = stop {
            self.halt.at_least(Level::Drain);
            self.stop.get_or_insert(stop);
        }
    }
}

/// Waits for the next note; if the executor writes none, forever.
async fn next_of(notes: &mut Option<Notes>) -> Option<Note> {
    match notes {
        Some(notes) => notes.next().await,
        None => std::future::pending().await,
    }
}

/// The verdict of a step that has ended.
fn verdict_of<P>(done: &Done<P>) -> Option<&Verdict> {
    match &done.back {
        Back::Settled(settled) => Some(&settled.verdict),
        Back::Left(_) | Back::Unsent(_) => None,
    }
}

/// Writes a step's result into the batch, but for its verdict.
fn write_down<P>(
    batch: &mut Batch<'_>,
    done: &Done<P>,
    (at, sent_by): (Timestamp, Option<Timestamp>),
) -> Result<(), JournalError> {
    let step = done.step.number;
    if let Some(sent_by) = sent_by {
        batch.sent_by(step, sent_by)?;
    }
    match &done.back {
        Back::Settled(_) | Back::Left(_) => {}
        Back::Unsent(unsent) => {
            let returned = if unsent.unclear {
                Returned::Unclear
            } else if unsent.why == NotSent::Halted {
                Returned::NeverLeft
            } else {
                Returned::Refused
            };
            let (why, status) = (unsent.why.words(), unsent.status);
            batch.unsend(step, &ReturnedStep { returned, why, status, at })?;
        }
    }
    Ok(())
}

/// Whether what was sent may have an effect that no reading has shown yet: how long ago that was decides
/// later.
fn may_still_show(back: &Back) -> bool {
    match back {
        Back::Settled(settled) => settled.verdict.outcome == Outcome::Unknown,
        Back::Unsent(unsent) => unsent.unclear,
        Back::Left(_) => false,
    }
}

fn is_changed(back: &Back) -> bool {
    matches!(back, Back::Settled(settled) if settled.verdict.outcome == Outcome::Changed)
}
