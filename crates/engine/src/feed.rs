//! The source of the dispatcher's steps: pages of the journal (read on the site again if the plan waited), and
//! steps whose required step has just ended.
//!
//! A page holds only steps that can start. If a step needs another one that has not ended yet, it follows when
//! that one settles. The cursor shows which steps these are, so that none is taken twice.

use headcount_journal::StepQuery;
use std::sync::Arc;

use super::dispatcher::{Brought, Dispatcher, PAGE};
use super::error::RunError;
use super::executor::{Executor, NotSent, Observation};
use super::recheck::{Observed, Rechecked, after_recheck, after_release, recheck};
use super::reconcile::Sent;
use super::stop_reason::{Stop, StopKind};
use super::watcher::Watcher;
use headcount_model::step::{Step, StepState};

/// How many steps are read from the journal at a time to announce them to the executor.
const EXPECTED: u64 = 2_000;

impl<E: Executor, W: Watcher> Dispatcher<'_, E, W> {
    /// Takes the next page of steps that can start. If the plan waited, the page is read on the site first. Returns
    /// whether there is a step to start now.
    pub(super) fn refill(&mut self) -> Result<bool, RunError> {
        if self.rechecking {
            return Ok(false);
        }
        self.expect_all()?;
        let page =
            self.read(self.journal.steps(&self.run, StepQuery::Ready, self.cursor, PAGE)?)?;
        let Some(last) = page.last() else { return Ok(false) };
        self.cursor = last.number;
        if self.how.recheck {
            self.rechecking = true;
            let executor = Arc::clone(&self.executor);
            self.tasks.spawn(async move { Brought::Page(recheck(&*executor, page).await) });
            return Ok(false);
        }
        for step in page {
            self.queue.add(self.executor.lane(&step), step);
        }
        Ok(true)
    }

    /// Before the first recheck, announces all steps that will be rechecked.
    fn expect_all(&mut self) -> Result<(), RunError> {
        if !self.how.recheck || self.expected {
            return Ok(());
        }
        self.expected = true;
        let mut after = 0;
        loop {
            let page = self.journal.steps(&self.run, StepState::Pending, after, EXPECTED)?;
            let page = self.read(page)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.number;
            self.executor.expect(&page);
        }
    }

    /// Takes the steps that needed these ones, unless a later page has them. If a created user turns out to have
    /// existed before, the user's memberships are unknown, so they are read first.
    pub(super) fn release(&mut self, settled: &[u64]) -> Result<(), RunError> {
        let (mut ready, mut looked_at) = (Vec::new(), Vec::new());
        for step in settled.iter().filter(|_| self.has_dependent) {
            let waiting = self.journal.steps_waiting_for(&self.run, *step, self.cursor)?;
            for step in self.read(waiting)? {
                match self.executor.rules(&step).observed_when_released {
                    true => looked_at.push(step),
                    false => ready.push((step, None)),
                }
            }
        }
        if !looked_at.is_empty() {
            let executor = Arc::clone(&self.executor);
            self.tasks
                .spawn(async move { Brought::Released(recheck(&*executor, looked_at).await) });
        }
        if ready.is_empty() { Ok(()) } else { self.send_or_settle(ready) }
    }

    /// Takes steps that were rechecked. Some need no request any more, and some may not be sent.
    pub(super) fn take_rechecked(
        &mut self,
        looked: Result<Observed<E::Payload>, NotSent>,
    ) -> Result<(), RunError> {
        match looked {
            Ok(looked) => {
                let looked = looked.into_iter().map(|(step, seen)| (step, Some(seen)));
                self.send_or_settle(looked.collect())
            }
            Err(why) => {
                let words = format!(
                    "headcount could not check the site again before sending: {}",
                    why.words()
                );
                self.halt_with(Some(Stop::new(StopKind::of(&why), words)));
                Ok(())
            }
        }
    }

    /// Sends or settles steps by the guards of today: they apply to an older plan as to a new one, and to an account
    /// that was unknown when the plan was made.
    fn send_or_settle(
        &mut self,
        steps: Vec<(Step<E::Payload>, Option<Observation>)>,
    ) -> Result<(), RunError> {
        let orders = self.orders(false);
        let mut settled = Vec::new();
        for (step, seen) in steps {
            let no = self.executor.guard(&step);
            let sent = Sent { rules: self.executor.rules(&step), unclear: step.unclear };
            let age = orders.age(&*self.executor, &step);
            let checked = match &seen {
                Some(seen) => after_recheck(&sent, seen, no, age),
                None => after_release(&sent, no, age),
            };
            match checked {
                Rechecked::Send => self.queue.add(self.executor.lane(&step), step),
                Rechecked::Settle(mut verdict) => {
                    self.claim(&step, &mut verdict)?;
                    settled.push((step.number, verdict));
                }
            }
        }
        if settled.is_empty() {
            return Ok(());
        }
        let at = self.clock.now();
        let mut rows = Vec::new();
        let mut batch = self.journal.batch(&self.run)?;
        for (step, verdict) in &settled {
            rows.extend(batch.settle(*step, verdict, at)?);
        }
        batch.commit()?;
        self.tell(rows);
        let settled: Vec<u64> = settled.into_iter().map(|(step, _)| step).collect();
        self.release(&settled)
    }
}
