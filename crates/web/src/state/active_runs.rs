//! The active runs of this process: each on a thread of its own, whether a page shows it or not.
//!
//! The state in memory ([`Live`]) only makes pages faster; the result of a run comes from the journal.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_app::failure::Failure;
use headcount_collections::Totals;
use headcount_engine::{Halt, Level};
use headcount_journal::Course;
use headcount_model::outcome::{Counts, Outcome};
use headcount_model::reason::Reason;
use jiff::Timestamp;
use tokio::sync::{oneshot, watch};

/// How many of the last rows a page shows.
const LAST: usize = 12;

/// What an active run does.
#[derive(Clone, Debug)]
pub enum Doing {
    /// It opens the site and reads it.
    Opening,
    /// It sends rows.
    Sending,
    /// The canary row is done, and the question is open; with the number of other rows.
    Asking(u64),
    /// It has ended; with the failure, if it could not start or broke off.
    Ended(Option<Arc<Failure>>),
}

/// A row that was settled.
#[derive(Clone, Debug)]
pub struct LastRow {
    /// Its number.
    pub row: u64,
    /// Its outcome.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The reason in a sentence.
    pub detail: String,
}

/// The wanted and the found state of a canary row.
#[derive(Clone, Debug)]
pub struct Canary {
    /// The row.
    pub row: u64,
    /// Whether they agree.
    pub ok: bool,
    /// The wanted state.
    pub wanted: String,
    /// The state on the site.
    pub found: String,
}

/// The state of an active run.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What it does.
    pub doing: Doing,
    /// Counts of its rows.
    pub counts: Counts,
    /// How many rows were settled since it was started or continued.
    pub done: u64,
    /// When it began to send, since it was started or continued.
    pub begun: Option<Timestamp>,
    /// The throughput so far.
    pub course: Course,
    /// The times, in seconds, in which nothing was sent because the site asked for a wait.
    pub waits: Vec<(i64, i64)>,
    /// The end of the current wait, and its reason.
    pub waiting: Option<(Timestamp, String)>,
    /// The last rows, the newest first.
    pub last: VecDeque<LastRow>,
    /// The canary rows since it was started or continued.
    pub canaries: Vec<Canary>,
    /// For a collection's run: Postman's counts so far.
    pub totals: Option<Totals>,
}

impl Standing {
    /// Adds a row that was settled.
    pub fn add(&mut self, row: LastRow) {
        self.last.truncate(LAST - 1);
        self.last.push_front(row);
    }
}

/// An active run.
pub struct Live {
    standing: Mutex<Standing>,
    version: watch::Sender<u64>,
    halt: Halt,
    /// Taken by the first answer.
    answer: Mutex<Option<oneshot::Sender<bool>>>,
    /// Whether it is canceled after it has stopped.
    gives_up: AtomicBool,
}

/// All active runs.
#[derive(Default)]
pub struct Runs(Mutex<HashMap<String, Arc<Live>>>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Runs {
    /// A run that is or was active in this process.
    pub fn find(&self, run: &str) -> Option<Arc<Live>> {
        lock(&self.0).get(run).cloned()
    }

    /// Whether any run is active.
    pub fn any_under_way(&self) -> bool {
        lock(&self.0).values().any(|live| live.is_under_way())
    }

    /// Stops all runs after their requests under way. Returns when all have stopped.
    pub async fn stop(&self) {
        let all: Vec<_> = lock(&self.0).values().cloned().collect();
        for live in all {
            live.halt.at_least(Level::Drain);
            let mut version = live.version.subscribe();
            // The sender is in `live`, so waiting cannot fail.
            let _ = version.wait_for(|_| !live.is_under_way()).await;
        }
    }

    /// Adds a run, unless it is active already.
    pub fn begin(&self, run: &str, counts: Counts, course: Course) -> Option<Arc<Live>> {
        let mut all = lock(&self.0);
        if all.get(run).is_some_and(|live| live.is_under_way()) {
            return None;
        }
        let live = Arc::new(Live::new(counts, course));
        all.insert(run.to_owned(), Arc::clone(&live));
        Some(live)
    }
}

impl Live {
    fn new(counts: Counts, course: Course) -> Self {
        Self {
            standing: Mutex::new(Standing {
                doing: Doing::Opening,
                counts,
                done: 0,
                begun: None,
                course,
                waits: Vec::new(),
                waiting: None,
                last: VecDeque::new(),
                canaries: Vec::new(),
                totals: None,
            }),
            version: watch::Sender::new(0),
            halt: Halt::default(),
            answer: Mutex::new(None),
            gives_up: AtomicBool::new(false),
        }
    }

    /// Its state.
    pub fn standing(&self) -> Standing {
        lock(&self.standing).clone()
    }

    /// Where it is.
    pub fn doing(&self) -> Doing {
        lock(&self.standing).doing.clone()
    }

    /// Receives every change.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Whether the question after the canary row is open.
    pub fn is_asking(&self) -> bool {
        matches!(self.doing(), Doing::Asking(_))
    }

    /// Whether it has not ended.
    pub fn is_under_way(&self) -> bool {
        !matches!(self.doing(), Doing::Ended(_))
    }

    /// Whether it was asked to stop and has not stopped yet.
    pub fn is_stopping(&self) -> bool {
        self.halt.level() > Level::Go
    }

    /// Stops it after its requests under way.
    pub fn pause(&self) {
        self.halt.at_least(Level::Drain);
        self.changed();
    }

    /// Stops it in the same way, and then cancels it.
    pub fn stop_for_good(&self) {
        self.gives_up.store(true, Ordering::SeqCst);
        self.pause();
    }

    /// Answers the question after the canary row. Returns whether it was open.
    pub fn answer(&self, yes: bool) -> bool {
        let waiting = lock(&self.answer).take();
        waiting.is_some_and(|waiting| waiting.send(yes).is_ok())
    }

    /// Opens the question; the answer goes to the sender.
    pub fn ask(&self, answer: oneshot::Sender<bool>) {
        *lock(&self.answer) = Some(answer);
    }

    /// Whether it is canceled after it has stopped.
    pub fn is_given_up(&self) -> bool {
        self.gives_up.load(Ordering::SeqCst)
    }

    /// The handle that stops it.
    pub fn halt(&self) -> Halt {
        self.halt.clone()
    }

    /// Changes its state, and notifies all pages that show it.
    pub fn change(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut lock(&self.standing));
        self.changed();
    }

    fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}
