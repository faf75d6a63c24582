//! The places where a process can be stopped: each commit of the journal and each stage of a request, counted over
//! a whole run. A first run counts them; then there is one run for each.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use headcount_journal::{Moment, Probe};
use tokio::sync::Notify;

/// A place at which a process can be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Before or after a commit of the journal. After the commit of “started” means before sending; before the
    /// next commit, an answer is there that was not written.
    Commit(Moment),
    /// A connection is requested; nothing was sent.
    Dial,
    /// The request was sent and never reaches the site.
    Sent { changes: bool },
    /// The site has applied it, and the answer will be lost.
    Done { changes: bool },
    /// The answer has arrived.
    Answered { changes: bool },
}

/// The phase of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Drafting, looking up, planning, sealing; removing what an earlier process left.
    Plan,
    /// Reading the site for requests of an earlier process without an answer.
    Settle,
    /// The canary, and the reads before it.
    Canary,
    /// The other rows, to the end.
    Others,
}

/// A command, and its phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phase {
    pub undo: bool,
    pub part: Part,
}

/// The panic with which a process dies here.
struct Crash;

pub struct Points {
    inner: Mutex<Inner>,
    died: Notify,
}

struct Inner {
    phase: Phase,
    /// Commits of the settling that are still to come.
    settling: u8,
    /// The points at which a process dies, in order.
    deaths: VecDeque<usize>,
    /// All reached points, in order.
    seen: Vec<(Phase, Place)>,
    /// The points at which processes died.
    died: Vec<(Phase, Place)>,
    /// The dead process; its further actions have no effect.
    dead: Option<u64>,
    process: u64,
}

impl Points {
    pub fn new(deaths: &[usize]) -> Arc<Self> {
        let inner = Inner {
            phase: Phase { undo: false, part: Part::Plan },
            settling: 0,
            deaths: deaths.iter().copied().collect(),
            seen: Vec::new(),
            died: Vec::new(),
            dead: None,
            process: 0,
        };
        Arc::new(Self { inner: Mutex::new(inner), died: Notify::new() })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn enter(&self, undo: bool, part: Part) {
        let mut inner = self.lock();
        inner.phase = Phase { undo, part };
        // Two commits: `running`, then everything that the reads showed.
        inner.settling = 2;
    }

    /// Called when the canary was reported.
    pub fn canary_is_over(&self) {
        self.lock().phase.part = Part::Others;
    }

    /// Starts a new process with the network's number for it.
    pub fn begin(&self, process: u64) {
        let mut inner = self.lock();
        inner.process = process;
        inner.dead = None;
    }

    /// All points in order. A death happens at one of them.
    pub fn seen(&self) -> Vec<(Phase, Place)> {
        self.lock().seen.clone()
    }

    pub fn died(&self) -> Vec<(Phase, Place)> {
        self.lock().died.clone()
    }

    /// Counts a point. `true` means that the process dies here.
    fn reach(&self, place: Place) -> bool {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let at = inner.seen.len();
        inner.seen.push((inner.phase, place));
        if inner.deaths.front() == Some(&at) {
            inner.deaths.pop_front();
            inner.died.push((inner.phase, place));
            inner.dead = Some(inner.process);
            return true;
        }
        if place == Place::Commit(Moment::AfterCommit) && inner.phase.part == Part::Settle {
            inner.settling -= 1;
            if inner.settling == 0 {
                inner.phase.part = Part::Canary;
            }
        }
        false
    }

    /// A place on the network. `false` means that the process is dead and nothing continues.
    pub fn passes(&self, process: u64, place: Place) -> bool {
        let (dead, current) = {
            let inner = self.lock();
            (inner.dead, inner.process)
        };
        // Requests of an earlier process are not points of this one.
        if process != current {
            return false;
        }
        if dead == Some(process) {
            return false;
        }
        if self.reach(place) {
            self.died.notify_one();
            return false;
        }
        true
    }

    /// For the journal: a process that dies at a commit does not continue.
    pub fn probe(self: &Arc<Self>) -> Probe {
        let points = Arc::clone(self);
        Arc::new(move |moment| {
            if points.reach(Place::Commit(moment)) {
                // If the dead process is a task, it is dropped.
                points.died.notify_one();
                resume_unwind(Box::new(Crash));
            }
        })
    }

    /// Runs a process until it ends or dies; then it is dropped.
    pub async fn live<T>(&self, process: impl Future<Output = T>) -> Option<T> {
        let process = AssertUnwindSafe(process).catch_unwind();
        let ended = tokio::select! {
            biased;
            () = self.died.notified() => return None,
            ended = process => ended,
        };
        match ended {
            Ok(value) => Some(value),
            Err(panic) if panic.is::<Crash>() => {
                self.died.notified().await;
                None
            }
            Err(panic) => resume_unwind(panic),
        }
    }
}
