//! Recovery: steps that were sent and have no answer are settled by reads, before anything else is sent.

use headcount_journal::StepQuery;
use std::sync::Arc;
use tokio::time::Instant;

use super::dispatcher::{Brought, Dispatcher};
use super::error::RunError;
use super::executor::Executor;
use super::orders::Orders;
use super::recheck::reopen_unknown;
use super::stop_reason::{Stop, StopKind};
use super::watcher::Watcher;
use super::worker::{Done, latest, unclear};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{StepState, Verdict};

/// Why a resume may take as long as [`Patience::proof`](super::options::Patience::proof).
const NO_CLOCK: &str = "the site's answers have no `Date`, so headcount counts the minutes itself before it decides on a \
                        request without an answer";

/// How many steps without an answer are read at the same time.
const LOOKED_AT: u64 = 64;

impl<E: Executor, W: Watcher> Dispatcher<'_, E, W> {
    /// Reads the steps that an earlier process left as started, and the steps that ended `unknown`, and settles them,
    /// before anything is sent.
    pub(super) async fn settle_open(&mut self) -> Result<Option<Stop>, RunError> {
        if self.how.rereads_unknown {
            reopen_unknown(self.journal, &self.run)?;
        }
        self.counts = self.journal.counts(&self.run)?;
        let orders = Orders { sent_before: Some(Instant::now()), ..self.orders(false) };
        loop {
            let page = self.journal.steps(&self.run, StepState::Started, 0, LOOKED_AT)?;
            if page.is_empty() || self.halted() {
                return Ok(self.stop.take());
            }
            for step in self.read(page)? {
                if let Some(until) = orders.counts_until(&*self.executor, &step) {
                    self.tell_waiting(until, NO_CLOCK);
                }
                self.queue.started(self.executor.lane(&step));
                let (executor, orders) = (Arc::clone(&self.executor), orders.clone());
                self.tasks.spawn(async move {
                    let evidence = "an earlier request has no answer in the journal";
                    let back = unclear(&*executor, &step, None, evidence, &orders).await;
                    Brought::Done(Box::new(Done { step, back, odd: None }))
                });
            }
            let mut brought = Vec::new();
            while !self.tasks.is_empty() {
                if !self.gather(&mut brought).await? {
                    return Ok(self.stop.take());
                }
            }
            self.commit(&mut brought, &[], None)?;
            // Steps that are pending again are taken from the journal in their order.
            self.queue.clear();
            if let Some((_, left)) = self.left.pop() {
                self.left.clear();
                let why = format!("the site could not be read: {}", left.why.words());
                let stop = Stop::new(StopKind::of(&left.why), why);
                return Ok(Some(self.stop.take().unwrap_or(stop)));
            }
        }
    }

    /// Settles the steps that could not be read as `unknown` once all others have ended: only a later read can decide.
    /// Returns whether there were any.
    pub(super) fn settle_left(&mut self) -> Result<bool, RunError> {
        if self.left.is_empty() {
            return Ok(false);
        }
        let at = self.clock.now();
        let mut rows = Vec::new();
        let sent_by = latest(&*self.executor);
        let mut batch = self.journal.batch(&self.run)?;
        for (step, left) in self.left.drain(..) {
            if let Some(sent_by) = sent_by {
                batch.sent_by(step, sent_by)?;
            }
            let detail =
                format!("{}; the site could not be read: {}", left.evidence, left.why.words());
            let verdict = Verdict::new(Outcome::Unknown, Reason::NoResponse, detail);
            rows.extend(batch.settle(step, &verdict, at)?);
        }
        batch.commit()?;
        self.tell(rows);
        Ok(true)
    }

    /// Reports a wait that an earlier process was asked for at once, not when the first step meets it.
    pub(super) fn tell_held(&mut self) -> Result<(), RunError> {
        let started = self.journal.steps(&self.run, StepState::Started, 0, 1)?.pop();
        for next in [started, self.journal.steps(&self.run, StepQuery::Ready, 0, 1)?.pop()] {
            let next = self.read(Vec::from_iter(next))?.pop();
            if let Some(blocked) =
                next.and_then(|step| self.executor.blocked(self.executor.lane(&step)))
            {
                self.tell_waiting(blocked.until, blocked.why);
            }
        }
        Ok(())
    }
}
