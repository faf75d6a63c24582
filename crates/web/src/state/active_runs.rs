//! Runs under way in this process: each on a thread of its own, whether a page looks or not.
//!
//! What is kept of one ([`Live`]) only makes pages quicker; everything they show at the end they
//! read from the journal.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use headcount_app::apply::{check_own_account, check_resumable, open_site_of, wrong_state};
use headcount_app::failure::{Failure, GUARD, USAGE};
use headcount_app::options::SendOptions;
use headcount_app::words;
use headcount_core::journal::{Course, Journal, Run, RunState};
use headcount_core::plan::summary;
use headcount_core::run::{CanaryReport, Ending, Halt, Level, Watcher};
use headcount_core::values::event::Event;
use headcount_core::values::outcome::{Counts, Outcome};
use headcount_core::values::reason::Reason;
use jiff::Timestamp;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};

use crate::state::app::App;
use crate::state::send_form::SendForm;
use crate::state::sites::context_of_run;

/// A plan that is older than this is looked at again before it is sent.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// The last rows that a page shows.
const LAST: usize = 12;

/// Where a run under way is.
#[derive(Clone, Debug)]
pub enum Doing {
    /// The site is opened and looked at.
    Opening,
    /// Rows are sent.
    Sending,
    /// The canary is done; so many others wait for an answer.
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

/// How a run under way stands.
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
    /// Seconds in which nothing was sent because the site said so.
    pub waits: Vec<(i64, i64)>,
    /// Nothing is sent before then, and why.
    pub waiting: Option<(Timestamp, String)>,
    /// The last rows, the newest first.
    pub last: VecDeque<LastRow>,
    /// The canaries of this stretch.
    pub canaries: Vec<Canary>,
}

/// A run under way.
pub struct Live {
    standing: Mutex<Standing>,
    version: watch::Sender<u64>,
    halt: Halt,
    /// Taken by whoever answers.
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
    fn begin(&self, run: &str, counts: Counts, course: Course) -> Option<Arc<Live>> {
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
            }),
            version: watch::Sender::new(0),
            halt: Halt::default(),
            answer: Mutex::new(None),
            gives_up: AtomicBool::new(false),
        }
    }

    /// How it stands.
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

    /// Whether it was told to stop and has not yet.
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

    fn change(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut lock(&self.standing));
        self.changed();
    }

    fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}

/// Starts a plan, or goes on with a run; `agreed` says why it may. What can be told at once is the
/// `Err`; what comes later is on the run's page.
pub fn start(app: &Arc<App>, journal: &Journal, run: &Run, form: &SendForm) -> Result<(), Failure> {
    let (send, limits) = (form.args()?, form.limits());
    if run.state != RunState::Sealed {
        check_resumable(journal, run)?;
    }
    let counts = journal.counts(&run.id)?;
    let course = journal.course(&run.id)?;
    let Some(live) = app.runs.begin(run.id.as_str(), counts, course) else { return Ok(()) };
    let (app, id, handle) = (Arc::clone(app), run.id.to_string(), Handle::current());
    std::thread::spawn(move || {
        let sent = std::panic::AssertUnwindSafe(|| {
            handle.block_on(carry(&app, &live, &id, &send, &limits))
        });
        let ended = match std::panic::catch_unwind(sent) {
            Ok(Ok(())) => None,
            Ok(Err(failure)) => Some(Arc::new(failure)),
            Err(_) => Some(Arc::new(Failure::new(
                GUARD,
                "headcount has a defect; nothing in the journal is lost",
            ))),
        };
        live.change(|standing| standing.doing = Doing::Ended(ended));
    });
    Ok(())
}

async fn carry(
    app: &App,
    live: &Arc<Live>,
    id: &str,
    send: &SendOptions,
    limits: &Value,
) -> Result<(), Failure> {
    let mut journal = headcount_app::journal::open(&app.context)?;
    let run = journal.run(id)?;
    let held = journal.lock(&run.id)?;
    // Read again under the lock: another process may have carried it out meanwhile.
    let run = journal.run(run.id.as_str())?;
    if run.state != RunState::Sealed {
        check_resumable(&journal, &run)?;
    }
    journal.add_options(&run.id, limits)?;
    let opened = open_site_of(&journal, &run, send, &context_of_run(&app.context)).await?;
    check_own_account(run.job, &opened)?;
    let mut bound = None;
    if let Some(most) = send.max_changes {
        let steps = summary(&journal, &run.id)?.steps;
        let (most, words) = headcount_app::apply::allowed(&opened, run.job, most).await?;
        check_bound(steps, most, &words)?;
        bound = Some(most);
    }
    let recheck = run.state != RunState::Sealed || is_old(app, &run);
    let how = headcount_app::apply::how(send, &opened, run.job, bound, recheck).await?;
    app.take_sheet_of(id);
    let (halt, clock) = (live.halt.clone(), app.context.clock);
    live.change(|standing| {
        standing.doing = Doing::Sending;
        standing.begun = Some(clock.now());
        // What ended unknown is looked at again first.
        standing.counts.pending += std::mem::take(&mut standing.counts.unknown);
    });
    let mut watching = Watching { live: Arc::clone(live), clock };
    let ending = headcount_app::apply::carry_out(
        &mut journal,
        &run,
        &opened,
        &how,
        halt,
        clock,
        &mut watching,
    )
    .await?;
    drop(held);
    if live.gives_up.load(Ordering::SeqCst) && matches!(ending, Ending::Stopped(_)) {
        give_up(&mut journal, id, app)?;
    }
    Ok(())
}

fn check_bound(steps: u64, most: u64, words: &str) -> Result<(), Failure> {
    if steps <= most {
        return Ok(());
    }
    let changes = words::many(steps, "change");
    let message = format!("the plan makes {changes}, you allowed {words}; nothing was sent");
    Err(Failure::new(GUARD, message).hint("if it is right, allow more and start it again"))
}

fn is_old(app: &App, run: &Run) -> bool {
    let age = run.sealed_at.map(|sealed| app.context.clock.now().duration_since(sealed));
    age.and_then(|age| Duration::try_from(age).ok()).is_none_or(|age| age > FRESH)
}

/// Gives a run up: what is pending is never sent.
pub fn give_up(journal: &mut Journal, id: &str, app: &App) -> Result<(), Failure> {
    let run = journal.run(id)?;
    headcount_app::apply::cancel(journal, &run, app.context.clock).map_err(|why| match why {
        headcount_app::apply::Cancelled::Failed(failure) => failure,
        headcount_app::apply::Cancelled::Unread => Failure::new(
            USAGE,
            "changes were sent whose answers are missing; the run cannot be given up unread",
        )
        .hint("go on with it, or undo it: either looks at them first"),
    })?;
    app.take_sheet_of(run.id.as_str());
    Ok(())
}

/// A run that is not where a button expects it.
pub fn not_there(journal: &Journal, run: &Run) -> Failure {
    wrong_state(journal, run, "look at it again")
}

/// Writes down what happens, for the pages.
struct Watching {
    live: Arc<Live>,
    clock: headcount_core::values::clock::Clock,
}

impl Watcher for Watching {
    fn event(&mut self, event: &Event) {
        let now = self.clock.now();
        self.live.change(|standing| match event {
            Event::Settled { row, outcome, reason, detail } => {
                standing.counts.settle(*outcome);
                standing.done += 1;
                standing.course.settle(now.as_second(), *outcome);
                standing.last.truncate(LAST - 1);
                let (row, outcome, reason) = (*row, *outcome, *reason);
                standing.last.push_front(LastRow { row, outcome, reason, detail: detail.clone() });
            }
            Event::Canary { row, ok, wanted, found } => standing.canaries.push(Canary {
                row: *row,
                ok: *ok,
                wanted: wanted.clone(),
                found: found.clone(),
            }),
            Event::Waiting { until, why } => {
                standing.waits.push((now.as_second(), until.as_second().max(now.as_second())));
                standing.waiting = Some((*until, why.clone()));
            }
            Event::Stopped { .. } | Event::Planned { .. } | Event::Finished { .. } => {}
        });
    }

    async fn go_on(&mut self, _: &[CanaryReport], left: u64) -> bool {
        let (answer, answered) = oneshot::channel();
        *lock(&self.live.answer) = Some(answer);
        self.live.change(|standing| standing.doing = Doing::Asking(left));
        // Nobody can answer any more once the sender is gone: that is no yes.
        let yes = answered.await.unwrap_or(false);
        let now = self.clock.now();
        self.live.change(|standing| {
            standing.doing = Doing::Sending;
            // How long a person thought says nothing of how long the rest takes.
            (standing.begun, standing.done) = (Some(now), 0);
        });
        yes
    }
}
