//! The one owner of a run's state: takes pending steps from the journal, hands them to workers,
//! takes back what became of them, and commits both in one batch.
//!
//! ```text
//! loop:  fill   pending steps, as many as the pace has room for
//!        commit what workers brought back and what is about to be sent, together
//!        tell   events of what is now in the journal
//!        spawn  the steps whose "started" is now in the journal
//!        wait   until a worker brings something
//! ```
//!
//! Twice as many steps are started as are under way, so that a place in the pace never waits for
//! the disk. Those that wait when the run halts go back to pending: they were never sent.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::ending::{Stop, StopKind};
use super::hands::{Hands, NotSent, Sight};
use super::how::{Halt, How, Level};
use super::policy::Policy;
use super::settle::{Rechecked, after_recheck, recheck, reopen_unknown};
use super::start::RunError;
use super::watcher::Watcher;
use super::worker::{Back, Done, Left, Orders, Settled, Unsent, unclear, work};
use crate::journal::{Journal, Run, RunId, SettledRow};
use crate::plan::saw_every_mail;
use crate::values::clock::Clock;
use crate::values::event::Event;
use crate::values::outcome::{Counts, Outcome};
use crate::values::reason::Reason;
use crate::values::step::{Step, StepState, Verdict};

/// Steps taken from the journal at once, and looked at at once before they are sent late.
const PAGE: u64 = 200;

/// Steps without an answer that are looked at side by side.
const LOOKED_AT: u64 = 64;

/// What a task brings back.
enum Brought {
    Done(Box<Done>),
    Rechecked(Result<Vec<(Step, Sight)>, NotSent>),
}

/// A step that was settled in this stretch, with what was read back of it.
pub(super) struct Finished {
    pub(super) step: Step,
    pub(super) settled: Settled,
}

pub(super) struct Dispatcher<'r, H: Hands, W: Watcher> {
    pub(super) journal: &'r mut Journal,
    pub(super) run: RunId,
    pub(super) hands: Arc<H>,
    pub(super) how: &'r How,
    pub(super) halt: Halt,
    pub(super) clock: Clock,
    pub(super) watcher: &'r mut W,
    pub(super) counts: Counts,
    /// What absence means in the run's plan.
    saw_every_mail: bool,
    policy: Policy,
    tasks: JoinSet<Brought>,
    /// Ready to be started.
    queue: VecDeque<Step>,
    /// The last step that was taken from the journal.
    cursor: u64,
    under_way: usize,
    rechecking: bool,
    /// Sent, without an answer, and the site could not be read: still started.
    left: Vec<(u64, Left)>,
    stop: Option<Stop>,
    told_waiting: Option<Instant>,
}

impl<'r, H: Hands, W: Watcher> Dispatcher<'r, H, W> {
    pub(super) fn new(
        journal: &'r mut Journal,
        run: &Run,
        hands: Arc<H>,
        how: &'r How,
        halt: Halt,
        clock: Clock,
        watcher: &'r mut W,
    ) -> Result<Self, RunError> {
        let counts = journal.counts(&run.id)?;
        let policy = Policy::new(how.max_failures, how.patience.without_progress, Instant::now());
        Ok(Self {
            journal,
            run: run.id.clone(),
            hands,
            how,
            halt,
            clock,
            watcher,
            counts,
            saw_every_mail: saw_every_mail(run),
            policy,
            tasks: JoinSet::new(),
            queue: VecDeque::new(),
            cursor: 0,
            under_way: 0,
            rechecking: false,
            left: Vec::new(),
            stop: None,
            told_waiting: None,
        })
    }

    /// Sends up to `most` pending steps (the canary), or all, and waits until each has come back.
    /// Returns those of a canary that were settled, and the stop, if there is one.
    pub(super) async fn send(
        &mut self,
        most: Option<u64>,
        verify: bool,
    ) -> Result<(Vec<Finished>, Option<Stop>), RunError> {
        let orders = self.orders(verify);
        let mut left = most;
        let mut finished = Vec::new();
        let mut brought: Vec<Done> = Vec::new();
        loop {
            let starting = self.fill(&mut left)?;
            self.commit(
                &mut brought,
                &starting,
                most.is_some().then_some((&mut finished, &mut left)),
            )?;
            for step in starting {
                self.spawn(step, orders.clone());
            }
            if self.tasks.is_empty() {
                if self.is_done(left)? {
                    break;
                }
                continue;
            }
            if !self.gather(&mut brought).await? {
                break;
            }
        }
        // A canary nobody could look at is no canary: the others wait.
        if !self.halted() && self.settle_left()? && most.is_some() {
            let why = "the canary's answer was lost, and the site could not be read";
            self.stop = Some(Stop::new(StopKind::Canary, why));
        }
        Ok((finished, self.stop.take()))
    }

    fn orders(&self, verify: bool) -> Orders {
        let (halt, patience) = (self.halt.clone(), self.how.patience.clone());
        Orders { halt, patience, verify, clock: self.clock }
    }

    /// Nothing is under way: is there anything left that may be started?
    fn is_done(&mut self, left: Option<u64>) -> Result<bool, RunError> {
        if self.halted() || left == Some(0) {
            return Ok(true);
        }
        self.refill()?;
        Ok(self.queue.is_empty() && !self.rechecking)
    }

    fn halted(&self) -> bool {
        self.stop.is_some() || self.halt.level() >= Level::Drain
    }

    /// Takes steps that may be started now.
    fn fill(&mut self, left: &mut Option<u64>) -> Result<Vec<Step>, RunError> {
        let mut starting = Vec::new();
        while !self.halted() && *left != Some(0) {
            if self.queue.is_empty() {
                self.refill()?;
            }
            let Some(next) = self.queue.front() else { break };
            // Twice the window is started: see the module's words. A canary goes alone.
            if self.under_way + starting.len() >= 2 * self.hands.window(next.kind).max(1) {
                break;
            }
            starting.extend(self.queue.pop_front());
            if let Some(left) = left {
                *left -= 1;
            }
        }
        self.under_way += starting.len();
        Ok(starting)
    }

    /// Takes the next page of pending steps; one of an older plan is looked at first.
    fn refill(&mut self) -> Result<(), RunError> {
        if self.rechecking {
            return Ok(());
        }
        let page = self.journal.steps(&self.run, StepState::Pending, self.cursor, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        self.cursor = last.number;
        if self.how.recheck {
            self.rechecking = true;
            let hands = Arc::clone(&self.hands);
            self.tasks.spawn(async move { Brought::Rechecked(recheck(&*hands, page).await) });
        } else {
            self.queue.extend(page);
        }
        Ok(())
    }

    /// Settles by reading what an earlier process left as started, and looks again at what ended
    /// unknown: whatever has no answer is read before anything is sent.
    pub(super) async fn settle_open(&mut self) -> Result<Option<Stop>, RunError> {
        reopen_unknown(self.journal, &self.run)?;
        self.counts = self.journal.counts(&self.run)?;
        let orders = self.orders(false);
        loop {
            let page = self.journal.steps(&self.run, StepState::Started, 0, LOOKED_AT)?;
            if page.is_empty() || self.halted() {
                return Ok(self.stop.take());
            }
            self.under_way = page.len();
            for step in page {
                let (hands, orders) = (Arc::clone(&self.hands), orders.clone());
                self.tasks.spawn(async move {
                    let evidence = "an earlier sending has no answer in the journal";
                    let back = unclear(&*hands, &step, None, evidence, &orders).await;
                    Brought::Done(Box::new(Done { step, back }))
                });
            }
            let mut brought = Vec::new();
            while !self.tasks.is_empty() {
                if !self.gather(&mut brought).await? {
                    return Ok(self.stop.take());
                }
            }
            self.commit(&mut brought, &[], None)?;
            // What is pending again is taken from the journal in its turn.
            self.queue.clear();
            if let Some((_, left)) = self.left.pop() {
                self.left.clear();
                let why = format!("the site could not be read: {}", words(&left.why));
                let stop = Stop::new(stop_kind(&left.why), why);
                return Ok(Some(self.stop.take().unwrap_or(stop)));
            }
        }
    }

    /// Steps nobody could look at, when all others are done and the run goes on: only a later look
    /// can tell. Whether there were any.
    fn settle_left(&mut self) -> Result<bool, RunError> {
        if self.left.is_empty() {
            return Ok(false);
        }
        let at = self.clock.now();
        let mut rows = Vec::new();
        let mut batch = self.journal.batch(&self.run)?;
        for (step, left) in self.left.drain(..) {
            let detail = format!("{}; reading failed: {}", left.evidence, words(&left.why));
            let verdict = Verdict::new(Outcome::Unknown, Reason::AnswerLost, detail);
            rows.extend(batch.settle(step, &verdict, at)?);
        }
        batch.commit()?;
        self.tell(rows);
        Ok(true)
    }

    fn spawn(&mut self, step: Step, orders: Orders) {
        let hands = Arc::clone(&self.hands);
        self.tasks
            .spawn(async move { Brought::Done(Box::new(work(&*hands, step, &orders).await)) });
    }

    /// Waits for what tasks bring and takes all that is there; `false`: everything is left at once.
    async fn gather(&mut self, brought: &mut Vec<Done>) -> Result<bool, RunError> {
        let first = tokio::select! {
            biased;
            () = self.halt.reached(Level::Now) => {
                self.tasks.abort_all();
                self.stop = Some(Stop::new(StopKind::Interrupted, "left at once"));
                return Ok(false);
            }
            first = self.tasks.join_next() => first,
        };
        let mut next = first;
        while let Some(joined) = next {
            match joined.map_err(|source| RunError::Worker { source })? {
                Brought::Done(done) => {
                    self.under_way -= 1;
                    brought.push(*done);
                }
                Brought::Rechecked(looked) => self.take_rechecked(looked)?,
            }
            next = self.tasks.try_join_next();
        }
        Ok(true)
    }

    /// Commits what was brought and what is about to be sent, then tells it.
    fn commit(
        &mut self,
        brought: &mut Vec<Done>,
        starting: &[Step],
        mut canary: Option<(&mut Vec<Finished>, &mut Option<u64>)>,
    ) -> Result<(), RunError> {
        if brought.is_empty() && starting.is_empty() {
            return Ok(());
        }
        let at = self.clock.now();
        let mut rows: Vec<SettledRow> = Vec::new();
        let mut batch = self.journal.batch(&self.run)?;
        for done in brought.iter() {
            match &done.back {
                Back::Settled(settled) => {
                    rows.extend(batch.settle(done.step.number, &settled.verdict, at)?)
                }
                Back::Left(_) => {}
                Back::Unsent(unsent) => {
                    if unsent.unclear {
                        batch.mark_unclear(done.step.number)?;
                    }
                    if unsent.why == NotSent::Halted {
                        batch.never_left(done.step.number)?;
                    }
                    batch.unsend(done.step.number, words(&unsent.why), unsent.status, at)?;
                }
            }
        }
        for step in starting {
            batch.start(step.number, &self.hands.call(step.kind), at)?;
        }
        batch.commit()?;
        self.tell(rows);
        for done in brought.drain(..) {
            match done.back {
                Back::Settled(settled) => {
                    self.judge(&settled);
                    if let Some((finished, _)) = &mut canary {
                        finished.push(Finished { step: done.step, settled });
                    }
                }
                Back::Left(left) => {
                    let stop = self.policy.left(&left.why, Instant::now());
                    self.halt_with(stop);
                    self.left.push((done.step.number, left));
                }
                Back::Unsent(unsent) => {
                    if let Some((_, Some(left))) = canary.as_mut().map(|(f, l)| (f, l.as_mut())) {
                        *left += 1;
                    }
                    self.take_back(done.step, &unsent);
                }
            }
        }
        Ok(())
    }

    fn tell(&mut self, rows: Vec<SettledRow>) {
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

    /// A step that was not sent waits for its next turn, before those that come after it.
    fn take_back(&mut self, step: Step, unsent: &Unsent) {
        let blocked = self.hands.blocked(step.kind);
        let excused = blocked.filter(|blocked| blocked.announced).map(|blocked| blocked.until);
        let stop = self.policy.not_sent(&unsent.why, excused, Instant::now());
        self.halt_with(stop);
        if let Some(blocked) = blocked {
            self.tell_waiting(blocked.until, blocked.why);
        }
        let started = Step {
            attempts: step.attempts + 1,
            unclear: step.unclear + u32::from(unsent.unclear),
            sent_at: match unsent.why {
                NotSent::Halted => step.sent_at,
                _ => Some(self.clock.now()),
            },
            ..step
        };
        self.queue.push_front(started);
    }

    fn tell_waiting(&mut self, until: Instant, why: &str) {
        if self.told_waiting.is_some_and(|told| told >= until) {
            return;
        }
        self.told_waiting = Some(until);
        let wait = until.saturating_duration_since(Instant::now());
        let until = self.clock.after(wait);
        self.watcher.event(&Event::Waiting { until, why: why.to_owned() });
    }

    /// A wait that an earlier process was told of is told at once, not when the first step meets it.
    pub(super) fn tell_held(&mut self) -> Result<(), RunError> {
        for state in [StepState::Started, StepState::Pending] {
            let next = self.journal.steps(&self.run, state, 0, 1)?.pop();
            if let Some(blocked) = next.and_then(|step| self.hands.blocked(step.kind)) {
                self.tell_waiting(blocked.until, blocked.why);
            }
        }
        Ok(())
    }

    fn halt_with(&mut self, stop: Option<Stop>) {
        if let Some(stop) = stop {
            self.halt.at_least(Level::Drain);
            self.stop.get_or_insert(stop);
        }
    }

    /// Steps of an older plan that were looked at: some need not or may not be sent any more.
    fn take_rechecked(
        &mut self,
        looked: Result<Vec<(Step, Sight)>, NotSent>,
    ) -> Result<(), RunError> {
        self.rechecking = false;
        let looked = match looked {
            Ok(looked) => looked,
            Err(why) => {
                let stop = Stop::new(
                    stop_kind(&why),
                    format!("the site could not be read again before sending: {}", words(&why)),
                );
                self.halt_with(Some(stop));
                return Ok(());
            }
        };
        let at = self.clock.now();
        let mut rows = Vec::new();
        let orders = self.orders(false);
        let guards = self.how.guards.as_ref();
        let mut batch = self.journal.batch(&self.run)?;
        for (step, sight) in looked {
            // A plan that waited obeys the guards as a new one would.
            let no = guards.and_then(|guards| guards.step(&step, self.saw_every_mail));
            match after_recheck(&step, &sight, no, orders.age(&step)) {
                Rechecked::Send => self.queue.push_back(step),
                Rechecked::Settle(verdict) => {
                    rows.extend(batch.settle(step.number, &verdict, at)?)
                }
            }
        }
        batch.commit()?;
        self.tell(rows);
        Ok(())
    }
}

/// The kind of stop that a failed reading means.
pub(super) fn stop_kind(why: &NotSent) -> StopKind {
    match why {
        NotSent::Credential { .. } => StopKind::Credential,
        NotSent::Refused { .. } => StopKind::Refused,
        NotSent::OutOfReach { .. } => StopKind::OutOfReach,
        NotSent::Halted => StopKind::Interrupted,
    }
}

/// What was seen, for the journal and for people.
pub(super) fn words(why: &NotSent) -> &str {
    match why {
        NotSent::Credential { words }
        | NotSent::Refused { words, .. }
        | NotSent::OutOfReach { words } => words,
        NotSent::Halted => "the run was halted before it was sent",
    }
}

/// What a canary's sight is worth.
pub(super) fn is_as_wanted(sight: Option<&Sight>) -> bool {
    matches!(sight, Some(Sight::AsWanted { .. }))
}
