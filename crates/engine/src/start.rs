//! Starting, applying and resuming a run: the same code for all three.

use super::canary::canary;
use super::context::RunContext;
use super::dispatcher::Dispatcher;
use super::error::RunError;
use super::executor::Executor;
use super::halt::Level;
use super::max_changes;
use super::options::{RunOptions, Verify};
use super::stop_reason::{Ending, Stop, StopKind};
use super::watcher::Watcher;
use headcount_journal::{Count, Journal, Run, RunState};
use headcount_model::clock::Clock;
use headcount_model::event::Event;

/// Applies a sealed run, or continues one that stopped: first it reads the steps without an answer, then it sends the
/// canary, then the rest.
///
/// # Errors
/// The journal can't be written, or a worker panicked.
pub async fn carry_out<E: Executor, W: Watcher>(
    context: RunContext<'_, E, W>,
) -> Result<Ending, RunError> {
    let RunContext { journal, run, executor, options, halt, clock, watcher } = context;
    if let Some(stop) = bound(journal, run, options)? {
        watcher.event(&Event::Stopped { why: stop.why.clone() });
        return Ok(Ending::Stopped(stop));
    }
    begin(journal, run, clock)?;
    let stop = send_all(RunContext {
        journal: &mut *journal,
        run,
        executor,
        options,
        halt: halt.clone(),
        clock,
        watcher: &mut *watcher,
    })
    .await?;
    // A stop without a reason of its own came from outside.
    let stop = stop.or_else(|| {
        let why = halt.why().unwrap_or("interrupted");
        (halt.level() > Level::Go).then(|| Stop::new(StopKind::Interrupted, why))
    });
    let left = journal.count(&run.id, Count::OpenSteps)?;
    let stop = stop.filter(|_| left > 0);
    match &stop {
        Some(stop) if stop.kind.needs_review() => {
            journal.stop_for_review(&run.id, &stop.why, clock.now())?;
        }
        stop => journal.end(&run.id, stop.as_ref().map(|stop| stop.why.as_str()), clock.now())?,
    }
    Ok(match stop {
        None => Ending::Finished,
        Some(stop) => {
            watcher.event(&Event::Stopped { why: stop.why.clone() });
            Ending::Stopped(stop)
        }
    })
}

fn begin(journal: &mut Journal, run: &Run, clock: Clock) -> Result<(), RunError> {
    if run.state == RunState::Finished {
        journal.reopen(&run.id, clock.now())?;
    }
    Ok(journal.start(&run.id, clock.now())?)
}

/// The caller compared before it asked; another process may have changed the run since.
fn bound(journal: &Journal, run: &Run, options: &RunOptions) -> Result<Option<Stop>, RunError> {
    let Some(most) = options.max_changes else { return Ok(None) };
    let why = |changes| {
        format!("the run has {changes} changes left, and the maximum is {most}; nothing was sent")
    };
    let changes = max_changes::more_than(journal, &run.id, most)?;
    Ok(changes.map(|changes| Stop::new(StopKind::Bound, why(changes))))
}

/// Reads the steps without an answer and settles them, and sends nothing, so that an interrupted run can be undone or
/// canceled.
///
/// # Errors
/// As [`carry_out`].
pub async fn settle<E: Executor, W: Watcher>(
    context: RunContext<'_, E, W>,
) -> Result<Option<Stop>, RunError> {
    let RunContext { journal, run, clock, .. } = context;
    begin(journal, run, clock)?;
    let context = RunContext { journal: &mut *journal, ..context };
    let stop = Dispatcher::new(context)?.settle_open().await?;
    let left = journal.count(&run.id, Count::OpenSteps)?;
    let why = stop
        .as_ref()
        .map_or("headcount checked the site and sent nothing", |stop| stop.why.as_str());
    journal.end(&run.id, (left > 0).then_some(why), clock.now())?;
    Ok(stop)
}

async fn send_all<E: Executor, W: Watcher>(
    context: RunContext<'_, E, W>,
) -> Result<Option<Stop>, RunError> {
    let verify = context.options.verify;
    let mut dispatcher = Dispatcher::new(context)?;
    dispatcher.tell_held()?;
    if let Some(stop) = dispatcher.settle_open().await? {
        return Ok(Some(stop));
    }
    if let Some(stop) = canary(&mut dispatcher).await? {
        return Ok(Some(stop));
    }
    dispatcher.send(None, verify == Verify::All).await
}
