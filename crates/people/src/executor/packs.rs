//! Who waits for an invitation, and with whom it travels: those that want the same, up to 25.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::steps::Step;
use headcount_atlassian::admin::INVITED_A_CALL;
use headcount_atlassian::pace::Permit;
use headcount_engine::Performed;

/// Steps that are let in at once: one pack on its way, one that fills.
const SEATS: usize = 2 * INVITED_A_CALL;

/// So long a pack waits for those who were let in with it.
pub(super) const FILLING: Duration = Duration::from_millis(5);

/// A place in the pace, or in a pack.
#[derive(Debug)]
pub enum Place {
    /// For a request of one's own.
    One(Permit),
    /// In a pack, which takes its own place when it is full.
    Pack(Option<OwnedSemaphorePermit>),
    /// For nothing: no API is open.
    None,
}

/// Who waits for a pack.
#[derive(Debug)]
pub(super) struct Packs {
    seats: Arc<Semaphore>,
    waiting: Mutex<Vec<Waiting>>,
    /// Who sends next.
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

    /// Takes out a pack with this step in it, if it still waits.
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
        // Nothing panics while it is held.
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
