//! Runs under way in this process: each on a thread of its own, whether a page looks or not.
//!
//! What is kept of one ([`Live`]) only makes pages quicker; everything they show at the end they
//! read from the journal.

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

/// The last rows that a page shows.
const LAST: usize = 12;

/// Where a run under way is.
#[derive(Clone, Debug)]
pub enum Doing {
    /// The site is opened and looked at.
    Opening,
    /// Rows are sent.
    Sending,
    /// The canary is done; the number of others that wait for an answer.
    Asking(u64),
    /// It has ended; why, if it could not even begin or broke off.
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
    /// A sentence.
    pub detail: String,
}

/// What was wanted of the canary, and what was found.
#[derive(Clone, Debug)]
pub struct Canary {
    /// The row.
    pub row: u64,
    /// Whether it was found as wanted.
    pub ok: bool,
    /// What was wanted.
    pub wanted: String,
    /// What the site shows.
    pub found: String,
}

/// The state of an active run.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Where it is.
    pub doing: Doing,
    /// Counts of its rows.
    pub counts: Counts,
    /// Rows settled in this stretch.
    pub done: u64,
    /// When this stretch began to send.
    pub begun: Option<Timestamp>,
    /// How it went so far.
    pub course: Course,
    /// Seconds in which nothing was sent because the site asked to wait.
    pub waits: Vec<(i64, i64)>,
    /// Nothing is sent before then, and why.
    pub waiting: Option<(Timestamp, String)>,
    /// The last rows, the newest first.
    pub last: VecDeque<LastRow>,
    /// The canaries of this stretch.
    pub canaries: Vec<Canary>,
    /// Of a collection's run: Postman's counts so far.
    pub totals: Option<Totals>,
}

impl Standing {
    /// Another row was settled.
    pub fn add(&mut self, row: LastRow) {
        self.last.truncate(LAST - 1);
        self.last.push_front(row);
    }
}

/// A run under way.
pub struct Live {
    standing: Mutex<Standing>,
    version: watch::Sender<u64>,
    halt: Halt,
    /// Taken by the first answer.
    answer: Mutex<Option<oneshot::Sender<bool>>>,
    /// It is given up once it has stopped.
    gives_up: AtomicBool,
}

/// All of them.
#[derive(Default)]
pub struct Runs(Mutex<HashMap<String, Arc<Live>>>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Runs {
    /// A run that is under way here, or was.
    pub fn find(&self, run: &str) -> Option<Arc<Live>> {
        lock(&self.0).get(run).cloned()
    }

    /// Whether any is under way.
    pub fn any_under_way(&self) -> bool {
        lock(&self.0).values().any(|live| live.is_under_way())
    }

    /// All finish what they have begun and stop; resolves when they have.
    pub async fn stop(&self) {
        let all: Vec<_> = lock(&self.0).values().cloned().collect();
        for live in all {
            live.halt.at_least(Level::Drain);
            let mut version = live.version.subscribe();
            // The sender lives in `live`, so waiting can't fail.
            let _ = version.wait_for(|_| !live.is_under_way()).await;
        }
    }

    /// Puts a new one in, unless it is under way already.
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

    /// Told of every change.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Whether it waits for an answer.
    pub fn is_asking(&self) -> bool {
        matches!(self.doing(), Doing::Asking(_))
    }

    /// Whether it has not ended.
    pub fn is_under_way(&self) -> bool {
        !matches!(self.doing(), Doing::Ended(_))
    }

    /// Whether it was asked to stop and has not yet.
    pub fn is_stopping(&self) -> bool {
        self.halt.level() > Level::Go
    }

    /// Finishes what is under way and stops.
    pub fn pause(&self) {
        self.halt.at_least(Level::Drain);
        self.changed();
    }

    /// The same, and is given up then.
    pub fn stop_for_good(&self) {
        self.gives_up.store(true, Ordering::SeqCst);
        self.pause();
    }

    /// The answer after the canary; whether anybody waited for it.
    pub fn answer(&self, yes: bool) -> bool {
        let waiting = lock(&self.answer).take();
        waiting.is_some_and(|waiting| waiting.send(yes).is_ok())
    }

    /// Waits for an answer, which goes there.
    pub fn ask(&self, answer: oneshot::Sender<bool>) {
        *lock(&self.answer) = Some(answer);
    }

    /// Whether it is given up once it has stopped.
    pub fn is_given_up(&self) -> bool {
        self.gives_up.load(Ordering::SeqCst)
    }

    /// What stops it.
    pub fn halt(&self) -> Halt {
        self.halt.clone()
    }

    /// Changes its state, and notifies all pages that follow it.
    pub fn change(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut lock(&self.standing));
        self.changed();
    }

    fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}
