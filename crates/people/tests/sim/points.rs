//! The places where a process can be stopped: each commit of the journal and each step on the
//! network, counted over a whole life. A life is lived once to count them, and then once for each.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use headcount_journal::{Moment, Probe};
use tokio::sync::Notify;

/// One place, as the process meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Before or after a commit of the journal. After the commit of “started” is before sending;
    /// before the next one is with an answer in hand that is nowhere written.
    Commit(Moment),
    /// A connection is asked for; nothing was sent.
    Dial,
    /// The request has left, and never comes to the site.
    Sent { changes: bool },
    /// The site has done it, and the answer will be lost.
    Done { changes: bool },
    /// The answer has come to the machine.
    Answered { changes: bool },
}

/// What the process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Drafting, looking up, planning, sealing; sweeping what an earlier one left.
    Plan,
    /// Reading the site for what an earlier process left without an answer.
    Settle,
    /// The canary, and looking again before it.
    Canary,
    /// The others, to the end.
    Others,
}

/// Which command, and what of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phase {
    pub undo: bool,
    pub part: Part,
}

/// What a process dies of here.
struct Crash;

pub struct Points {
    inner: Mutex<Inner>,
    died: Notify,
}

struct Inner {
    phase: Phase,
    /// Commits of the settling still to come.
    settling: u8,
    /// At which of them a process dies, in order.
    deaths: VecDeque<usize>,
    /// All that were reached, in order.
    seen: Vec<(Phase, Place)>,
    /// Where processes died.
    died: Vec<(Phase, Place)>,
    /// The process that is dead; what it still tries has no effect.
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
        // `running`, then what reading showed, in one batch.
        inner.settling = 2;
    }

    /// The canary was reported.
    pub fn canary_is_over(&self) {
        self.lock().phase.part = Part::Others;
    }

    /// A new process, by the network's number.
    pub fn begin(&self, process: u64) {
        let mut inner = self.lock();
        inner.process = process;
        inner.dead = None;
    }

    /// All points, in order; a death is at one of them.
    pub fn seen(&self) -> Vec<(Phase, Place)> {
        self.lock().seen.clone()
    }

    pub fn died(&self) -> Vec<(Phase, Place)> {
        self.lock().died.clone()
    }

    /// Counts a point; `true`: the process dies here.
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

    /// A place on the network; `false`: nothing more comes of it, for its process is dead.
    pub fn passes(&self, process: u64, place: Place) -> bool {
        let (dead, current) = {
            let inner = self.lock();
            (inner.dead, inner.process)
        };
        // What an earlier process had sent is no point of this one's.
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

    /// For the journal: a process that dies there runs no further.
    pub fn probe(self: &Arc<Self>) -> Probe {
        let points = Arc::clone(self);
        Arc::new(move |moment| {
            if points.reach(Place::Commit(moment)) {
                // For the case that it is a task of the process that is here.
                points.died.notify_one();
                resume_unwind(Box::new(Crash));
            }
        })
    }

    /// Runs a process to its end, or until it dies: then it is dropped where it is.
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
