//! `worker`: takes runs from the queue and applies them, several at the same time.

mod carry;
mod end;
mod log;
mod metrics;
mod status;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use headcount_app::failure::{Failure, GUARD, OK, USAGE};
use headcount_app::queue;
use headcount_app::workers::Overview;
use headcount_engine::{Halt, Level};
use headcount_journal::{Journal, JournalError, TakenRun, Wanted, WorkQueue};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use self::carry::Carrier;
use self::end::End;
use self::log::{Line, Log};
use self::metrics::Metrics;
use crate::args::{WorkerArgs, WorkerCommand};
use crate::context::Context;
use crate::interrupt::{Own, Request};

/// How long a worker waits at most before it looks whether the lease of a run has ended: nothing announces that.
const LOOKING: Duration = Duration::from_secs(2);

/// How long a worker leaves a run that it cannot apply.
const LEAVING: Duration = Duration::from_secs(5 * 60);

/// How often in a row a run may be lost before the worker leaves it like one that it cannot apply.
const LOSSES: u32 = 3;

/// How often a worker with `--once` asks a server that does not answer.
const TRIES: u32 = 30;

/// Runs the command.
pub async fn run(args: &WorkerArgs, context: &Context) -> Result<u8, Failure> {
    let journal = headcount_app::journal::open(&context.app)?;
    let mut queue = queue::of(&journal)?;
    if let Some(WorkerCommand::Status) = args.command
        && let Some(overview) = Overview::read(&journal)?
    {
        return status::print(&overview, context);
    }
    if args.all != context.profiles.is_empty() {
        return Err(Failure::new(USAGE, "name the profiles whose runs this worker takes").hint(
            "add --profile NAME, once for each profile, or --all for the runs of all profiles",
        ));
    }
    let metrics = Arc::new(Metrics::default());
    if let Some(address) = args.metrics {
        metrics::serve(address, Arc::clone(&metrics)).await?;
    }
    let profiles = (!args.all).then_some(&*context.profiles);
    let number = queue.enlist(profiles, args.jobs)?;
    let log = Log::new(args.log, number, context);
    log.line(&Line::of("started", "the worker waits for runs"));
    let (ended, ends) = unbounded_channel();
    let mut worker = Worker {
        args,
        context,
        journal: &journal,
        queue,
        number,
        log,
        metrics,
        active: HashMap::new(),
        left: HashMap::new(),
        losses: HashMap::new(),
        failures: 0,
        exit: OK,
        is_draining: false,
        ended,
    };
    worker.work(ends).await?;
    let _ = worker.queue.dismiss(number);
    worker.log.line(&Line::of("ended", "the worker has ended"));
    Ok(worker.exit)
}

/// A run that is being applied.
struct Active {
    id: String,
    halt: Halt,
}

struct Worker<'w> {
    args: &'w WorkerArgs,
    context: &'w Context,
    journal: &'w Journal,
    queue: Box<dyn WorkQueue>,
    number: i64,
    log: Log,
    metrics: Arc<Metrics>,
    active: HashMap<i64, Active>,
    /// Runs that this worker could not apply, and when that was.
    left: HashMap<i64, Instant>,
    /// How often in a row a run was lost.
    losses: HashMap<i64, u32>,
    /// How often in a row the journal did not answer.
    failures: u32,
    exit: u8,
    is_draining: bool,
    ended: UnboundedSender<(i64, End)>,
}

impl Worker<'_> {
    async fn work(&mut self, mut ends: UnboundedReceiver<(i64, End)>) -> Result<(), Failure> {
        let mut requests = self.context.interrupts.own();
        loop {
            let is_idle = self.take_all()?;
            let is_over = self.is_draining || (self.args.once && is_idle);
            if is_over && self.active.is_empty() {
                return Ok(());
            }
            self.wait(&mut ends, &mut requests).await;
            while let Ok((run, end)) = ends.try_recv() {
                self.end(run, end);
            }
        }
    }

    /// Takes runs while there is room. Returns whether no run is waiting for this worker.
    fn take_all(&mut self) -> Result<bool, Failure> {
        while !self.is_draining && (self.active.len() as u64) < self.args.jobs {
            match self.take_one() {
                Ok(true) => self.failures = 0,
                Ok(false) => {
                    self.failures = 0;
                    return Ok(true);
                }
                Err(error) => {
                    self.failures += 1;
                    self.metrics.journal_failed();
                    if self.failures == 1 {
                        let why = Failure::from(error).message;
                        self.log.line(&Line::of("journal-unreachable", &why));
                    } else if self.args.once && self.failures > TRIES && self.active.is_empty() {
                        return Err(error.into());
                    }
                    return Ok(false);
                }
            }
        }
        Ok(false)
    }

    /// Takes a run and begins to apply it; whether there was one. If that fails, the run is given back.
    fn take_one(&mut self) -> Result<bool, JournalError> {
        if !self.args.once {
            self.left.retain(|_, since| since.elapsed() < LEAVING);
        }
        let except: Vec<i64> = self.left.keys().chain(self.active.keys()).copied().collect();
        let profiles = (!self.args.all).then_some(&*self.context.profiles);
        let wanted = Wanted { profiles, except: &except, worker: self.number };
        let Some(taken) = self.queue.take(&wanted)? else { return Ok(false) };
        let journal = self.journal.another()?;
        self.begin(taken, journal);
        Ok(true)
    }

    /// Applies a run on a thread of its own: the journal blocks its caller.
    fn begin(&mut self, taken: TakenRun, journal: Journal) {
        let (run, halt) = (taken.queued.run.clone(), Halt::default());
        self.metrics.begun();
        self.log.line(&Line::of("taken", "the run is applied").run(run.as_str()));
        let active = Active { id: run.as_str().to_owned(), halt: halt.clone() };
        self.active.insert(run.number(), active);
        let carrier = Carrier {
            journal,
            context: self.context.clone(),
            log: self.log.clone(),
            metrics: Arc::clone(&self.metrics),
            halt,
        };
        carrier.start(taken, self.ended.clone());
    }

    /// Waits until a run has ended, a run was queued, or the worker is asked to end.
    async fn wait(&mut self, ends: &mut UnboundedReceiver<(i64, End)>, requests: &mut Own) {
        // A clone of the sender is here, so the channel stays open.
        let looks =
            tokio::time::sleep(if self.failures > 0 { Duration::from_secs(1) } else { LOOKING });
        let has_room = !self.is_draining && (self.active.len() as u64) < self.args.jobs;
        tokio::select! {
            end = ends.recv() => {
                if let Some((run, end)) = end {
                    self.end(run, end);
                }
            }
            request = requests.next() => self.drain(request),
            () = rung(&mut *self.queue, has_room && self.failures == 0) => {}
            () = looks, if has_room => {}
        }
    }

    fn drain(&mut self, request: Request) {
        let level = match (self.is_draining, request) {
            (false, _) => Level::Drain,
            (true, Request::Key) => Level::Now,
            (true, Request::End) => return,
        };
        self.is_draining = true;
        let words = "no more runs are taken; requests under way are finished";
        self.log.line(&Line::of("draining", words));
        for active in self.active.values() {
            active.halt.at_least(level);
        }
    }

    fn end(&mut self, run: i64, end: End) {
        let Some(active) = self.active.remove(&run) else { return };
        self.metrics.ended(&end);
        let id = active.id;
        match end {
            End::Over { exit, state, words } => {
                self.losses.remove(&run);
                self.exit = self.exit.max(exit);
                self.log.line(&Line::of(state, &words).run(&id).exit(exit));
            }
            End::Left { exit, why } => {
                self.losses.remove(&run);
                self.exit = self.exit.max(exit);
                self.left.insert(run, Instant::now());
                self.log.line(&Line::of("left", &why).run(&id).exit(exit));
            }
            End::Lost { why } => {
                self.log.line(&Line::of("lost", &why).run(&id));
                self.lost(run, &id, &why);
            }
        }
    }
}

impl Worker<'_> {
    /// Counts how often a run was lost. If it is always lost, for example because this version cannot read it, it would
    /// be taken again at once, and read on the site each time.
    fn lost(&mut self, run: i64, id: &str, why: &str) {
        let losses = self.losses.entry(run).or_default();
        *losses += 1;
        if self.is_draining || *losses < LOSSES {
            return;
        }
        self.exit = self.exit.max(GUARD);
        self.left.insert(run, Instant::now());
        let words = format!("the run was lost {LOSSES} times or more: {why}");
        self.log.line(&Line::of("left", &words).run(id).exit(GUARD));
        let noted = self.journal.run(id).and_then(|run| self.queue.note(&run.id, &words));
        if let Err(error) = noted {
            self.log.line(&Line::of("journal-unreachable", &Failure::from(error).message));
        }
    }
}

/// Waits until a run was queued or given back.
async fn rung(queue: &mut dyn WorkQueue, is_wanted: bool) {
    if !is_wanted {
        return std::future::pending().await;
    }
    loop {
        // Shorter than a blink, so that no thread is needed that outlives a canceled wait.
        if queue.is_rung() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
