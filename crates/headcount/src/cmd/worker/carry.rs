//! Applies one run that was taken from the queue.

use std::sync::Arc;

use headcount_app::apply::{carry_out, check_own_account, check_resumable, how, open_site_of};
use headcount_app::configuration::choose::{ENVIRONMENT, Environment};
use headcount_app::failure::{Failure, OK, ROWS, USAGE};
use headcount_app::queue;
use headcount_app::site::Purpose;
use headcount_engine::{CanaryReport, Ending, Halt, StopKind, Watcher};
use headcount_journal::{Journal, QueuedRun, Run, RunState, TakenRun};
use headcount_model::event::Event;
use tokio::sync::mpsc::UnboundedSender;

use super::end::End;
use super::log::{Line, Log};
use super::metrics::Metrics;
use crate::args::SendArgs;
use crate::cmd::limits;
use crate::context::Context;
use crate::show::runs;

/// What applies one run.
pub struct Carrier {
    pub journal: Journal,
    pub context: Context,
    pub log: Log,
    pub metrics: Arc<Metrics>,
    pub halt: Halt,
}

impl Carrier {
    /// Starts a thread that applies the run and reports how it ended.
    pub fn start(self, taken: TakenRun, ended: UnboundedSender<(i64, End)>) {
        // If the thread panics or cannot start, the worker hears it all the same.
        let report = Report { ended, run: taken.queued.run.number(), end: None };
        let name = format!("run {}", taken.queued.run);
        let thread = std::thread::Builder::new().name(name);
        drop(thread.spawn(move || self.carry(taken, report)));
    }

    fn carry(mut self, taken: TakenRun, mut report: Report) {
        let TakenRun { queued, lock } = taken;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let end = match runtime {
            Ok(runtime) => runtime.block_on(self.applied(&queued)),
            Err(error) => End::Lost { why: error.to_string() },
        };
        // The tasks of the run ended with the runtime; only now may another process take it.
        drop(lock);
        report.end = Some(end);
    }

    async fn applied(&mut self, queued: &QueuedRun) -> End {
        let run = match self.journal.run(queued.run.as_str()) {
            Ok(run) => run,
            Err(error) => return End::Lost { why: Failure::from(error).message },
        };
        if let Err(failure) = self.may_continue(&run) {
            return self.refused(&run, failure);
        }
        match self.sent(&run, queued).await {
            Ok(Ok(ending)) => self.after(&run, &ending),
            // The journal: another process continues the run.
            Ok(Err(failure)) => End::Lost { why: failure.message },
            Err(failure) => {
                self.note(&run, &failure.message);
                End::Left { exit: failure.exit, why: failure.message }
            }
        }
    }

    /// Under the lease: another process may have undone the run since it was queued.
    fn may_continue(&self, run: &Run) -> Result<(), Failure> {
        match run.state {
            RunState::Sealed => Ok(()),
            RunState::Draft
            | RunState::Unapproved
            | RunState::Rejected
            | RunState::Running
            | RunState::Stopped
            | RunState::Finished
            | RunState::Cancelled => check_resumable(&self.journal, run),
        }
    }

    /// A run that may not be continued leaves the queue.
    fn refused(&self, run: &Run, failure: Failure) -> End {
        // Any other failure is the journal's.
        if failure.exit != USAGE {
            return End::Lost { why: failure.message };
        }
        self.over(run, failure.exit, failure.message)
    }

    /// Takes a run out of the queue, for a reason that a user has to look at.
    fn over(&self, run: &Run, exit: u8, words: String) -> End {
        match queue::take_out(&self.journal, run) {
            Ok(_) => End::Over { exit, state: "stopped", words },
            Err(failure) => End::Lost { why: failure.message },
        }
    }

    /// What applies to the run. Credentials in the environment are for one site: they count for a run without a
    /// profile, and for the only profile that the worker was started with.
    fn app_of(&self, run: &Run) -> headcount_app::context::Context {
        let mut app = self.context.app.clone();
        let is_only = matches!(&*self.context.profiles, [one] if *one == run.profile);
        if run.profile != ENVIRONMENT && !is_only {
            app.environment = Environment::default();
        }
        app
    }

    /// Opens the site of the run and sends. The outer error: this worker cannot apply the run.
    async fn sent(
        &mut self,
        run: &Run,
        queued: &QueuedRun,
    ) -> Result<Result<Ending, Failure>, Failure> {
        let send = limits::with_kept(&SendArgs { yes: true, ..SendArgs::asking() }, run).options();
        let app = &self.app_of(run);
        let opened = open_site_of(&self.journal, run, Purpose::Send, &send, app).await?;
        check_own_account(run.job, &opened)?;
        let most = queue::max_changes(queued);
        let how = how(&send, &opened, run.job, most, true).await?.until(self.halt.clone());
        let (log, metrics, context) = (&self.log, &*self.metrics, &self.context);
        let mut watcher = Listener { log, metrics, context, run };
        let (journal, clock) = (&mut self.journal, app.clock);
        let ending = carry_out(journal, run, &opened, &how, clock, &mut watcher).await;
        Ok(ending.map_err(Failure::from))
    }

    fn after(&self, run: &Run, ending: &Ending) -> End {
        let counts = match self.journal.counts(&run.id) {
            Ok(counts) => counts,
            Err(error) => return End::Lost { why: Failure::from(error).message },
        };
        match ending {
            Ending::Finished => {
                let exit = if counts.all_well() { OK } else { ROWS };
                End::Over { exit, state: "finished", words: runs::short(&counts) }
            }
            Ending::Stopped(stop) => match stop.kind {
                StopKind::Interrupted => End::Lost { why: stop.why.clone() },
                StopKind::Credential
                | StopKind::Blocked
                | StopKind::Redirected
                | StopKind::OutOfReach
                | StopKind::Refused => {
                    self.note(run, &stop.why);
                    End::Left { exit: stop.kind.exit_code(), why: stop.why.clone() }
                }
                StopKind::Canary | StopKind::Declined | StopKind::Failures | StopKind::Bound => {
                    // A user has to look at it; `run resume` or `run queue` continues it. A run that was started has
                    // left the queue already, in the transaction that stopped it.
                    let words = format!("{}; {}", stop.why, runs::short(&counts));
                    self.over(run, stop.kind.exit_code(), words)
                }
            },
        }
    }

    /// Notes in the queue why this worker left the run.
    fn note(&self, run: &Run, why: &str) {
        let noted = queue::of(&self.journal).and_then(|mut queue| Ok(queue.note(&run.id, why)?));
        if let Err(failure) = noted {
            self.log.line(&Line::of("journal-unreachable", &failure.message));
        }
    }
}

/// Reports the end of a run's thread.
struct Report {
    ended: UnboundedSender<(i64, End)>,
    run: i64,
    end: Option<End>,
}

impl Drop for Report {
    fn drop(&mut self) {
        let broken = || End::Lost { why: "headcount failed; please report this".to_owned() };
        let end = self.end.take().unwrap_or_else(broken);
        // The worker may have ended.
        let _ = self.ended.send((self.run, end));
    }
}

/// Counts a run's events, and writes those that are not about a row.
struct Listener<'l> {
    log: &'l Log,
    metrics: &'l Metrics,
    context: &'l Context,
    run: &'l Run,
}

impl Watcher for Listener<'_> {
    fn event(&mut self, event: &Event) {
        let id = self.run.id.as_str();
        if self.context.json {
            let clock = self.context.app.clock;
            self.context.events.write(clock, id, &self.run.site, event);
        }
        match event {
            Event::Settled { outcome, .. } => self.metrics.settled(*outcome),
            Event::Canary { row, ok, .. } => {
                let words = if *ok { "is as wanted" } else { "is not as wanted" };
                self.log.line(&Line::of("canary", &format!("row {row} {words}")).run(id));
            }
            Event::Waiting { until, why } => {
                self.metrics.waited();
                let words = format!("until {until}: {why}");
                self.log.line(&Line::of("waiting", &words).run(id));
            }
            Event::Stopped { .. }
            | Event::Planned { .. }
            | Event::Finished { .. }
            | Event::Seats { .. } => {}
        }
    }

    async fn go_on(&mut self, _: &[CanaryReport], _: u64) -> bool {
        true
    }
}
