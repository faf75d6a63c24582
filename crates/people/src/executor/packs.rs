//! Collects steps for one invitation request: those that ask for the same, at most 25.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::steps::Step;
use headcount_atlassian::admin::INVITED_A_CALL;
use headcount_atlassian::pace::Permit;
use headcount_engine::Performed;

/// How many steps are let in at once: one pack that is being sent, and one that fills up.
const SEATS: usize = 2 * INVITED_A_CALL;

/// How long a pack waits for the steps that were let in together with it.
pub(super) const FILLING: Duration = Duration::from_millis(5);

/// A permit of the pace, or a seat in a pack.
#[derive(Debug)]
pub enum Place {
    /// For a request of its own.
    One(Permit),
    /// For a pack, which takes a permit when it is complete.
    Pack(Option<OwnedSemaphorePermit>),
    /// For nothing: no API is open.
    None,
}

/// The steps that wait for a pack.
#[derive(Debug)]
pub(super) struct Packs {
    seats: Arc<Semaphore>,
    waiting: Mutex<Vec<Waiting>>,
    /// Locked by the step that sends next.
    pub(super) turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) step: Step,
    pub(super) answer: oneshot::Sender<Performed>,
}

impl Default for Packs {
    fn default() -> Self {
        let seats = Arc::new(Semaphore::new(SEATS));
        Self { seats, waiting: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }
}

impl Packs {
    /// Waits for a seat. (The semaphore is never closed.)
    pub(super) async fn seat(&self) -> Place {
        Place::Pack(Arc::clone(&self.seats).acquire_owned().await.ok())
    }

    pub(super) fn join(&self, step: &Step) -> oneshot::Receiver<Performed> {
        let (answer, mine) = oneshot::channel();
        self.lock().push(Waiting { step: step.clone(), answer });
        mine
    }

    pub(super) fn has(&self, number: u64) -> bool {
        self.lock().iter().any(|one| one.step.number == number)
    }

    /// Takes a pack that contains this step, if it still waits.
    pub(super) fn take(&self, number: u64) -> Vec<Waiting> {
        let mut waiting = self.lock();
        let Some(at) = waiting.iter().position(|one| one.step.number == number) else {
            return Vec::new();
        };
        let mut pack = vec![waiting.remove(at)];
        let mut at = 0;
        while at < waiting.len() && pack.len() < INVITED_A_CALL {
            if waiting[at].step.payload.wanted == pack[0].step.payload.wanted {
                pack.push(waiting.remove(at));
            } else {
                at += 1;
            }
        }
        pack
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        // No code panics while it is locked.
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
