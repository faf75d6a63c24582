//! Starting, applying and resuming: one way for all three.

use std::sync::Arc;

use super::canary::canary;
use super::dispatcher::Dispatcher;
use super::ending::{Ending, Stop, StopKind};
use super::hands::Hands;
use super::how::{Halt, How, Level, Verify};
use super::watcher::Watcher;
use headcount_journal::{Journal, JournalError, Run, RunState};
use headcount_model::clock::Clock;
use headcount_model::event::Event;

/// What makes the whole run impossible. A failed row is not among it: that is data.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The journal can't be read or written; nothing more was sent.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A worker died: a defect of the program. Its step is settled by the next resume.
    #[error("a worker of the run died; resume the run, which settles what it left")]
    Worker {
        /// How it died.
        #[source]
        source: tokio::task::JoinError,
    },
}

/// Carries out a sealed run, or goes on with one that stopped: settles what has no answer by
/// reading, then the canary, then the others. The caller holds the run's lock.
pub async fn carry_out<H: Hands, W: Watcher>(
    journal: &mut Journal,
    run: &Run,
    hands: Arc<H>,
    how: &How,
    halt: Halt,
    clock: Clock,
    watcher: &mut W,
) -> Result<Ending, RunError> {
    if let Some(stop) = bound(journal, run, how)? {
        watcher.event(&Event::Stopped { why: stop.why.clone() });
        return Ok(Ending::Stopped(stop));
    }
    if run.state == RunState::Finished {
        journal.reopen(&run.id, clock.now())?;
    }
    journal.start(&run.id, clock.now())?;
    let stop = send_all(journal, run, hands, how, halt.clone(), clock, watcher).await?;
    // Whoever stops without a word of the run's own was interrupted from outside.
    let stop = stop.or_else(|| {
        (halt.level() > Level::Go).then(|| Stop::new(StopKind::Interrupted, "interrupted"))
    });
    let left = journal.open_steps(&run.id)?;
    let stop = stop.filter(|_| left > 0);
    journal.end(&run.id, stop.as_ref().map(|stop| stop.why.as_str()), clock.now())?;
    Ok(match stop {
        None => Ending::Finished,
        Some(stop) => {
            watcher.event(&Event::Stopped { why: stop.why.clone() });
            Ending::Stopped(stop)
        }
    })
}

/// Whether more steps may be sent than are allowed; those that ended unknown may be sent again, and
/// after them what was not sent because of them.
fn bound(journal: &Journal, run: &Run, how: &How) -> Result<Option<Stop>, RunError> {
    let Some(most) = how.max_changes else { return Ok(None) };
    let steps = journal.sendable_steps(&run.id)?;
    let why = || format!("{steps} changes are left, --max-changes allows {most}; nothing was sent");
    Ok((steps > most).then(|| Stop::new(StopKind::Bound, why())))
}

/// Only reads the site for what has no answer, and sends nothing: so that a run that broke off can
/// be taken back or given up. The caller holds the run's lock.
pub async fn settle<H: Hands, W: Watcher>(
    journal: &mut Journal,
    run: &Run,
    hands: Arc<H>,
    how: &How,
    halt: Halt,
    clock: Clock,
    watcher: &mut W,
) -> Result<Option<Stop>, RunError> {
    if run.state == RunState::Finished {
        journal.reopen(&run.id, clock.now())?;
    }
    journal.start(&run.id, clock.now())?;
    let mut dispatcher = Dispatcher::new(journal, run, hands, how, halt, clock, watcher)?;
    let stop = dispatcher.settle_open().await?;
    let left = journal.open_steps(&run.id)?;
    let why = stop.as_ref().map_or("looked at, nothing sent", |stop| stop.why.as_str());
    journal.end(&run.id, (left > 0).then_some(why), clock.now())?;
    Ok(stop)
}

async fn send_all<H: Hands, W: Watcher>(
    journal: &mut Journal,
    run: &Run,
    hands: Arc<H>,
    how: &How,
    halt: Halt,
    clock: Clock,
    watcher: &mut W,
) -> Result<Option<Stop>, RunError> {
    let mut dispatcher = Dispatcher::new(journal, run, hands, how, halt, clock, watcher)?;
    dispatcher.tell_held()?;
    if let Some(stop) = dispatcher.settle_open().await? {
        return Ok(Some(stop));
    }
    if let Some(stop) = canary(&mut dispatcher).await? {
        return Ok(Some(stop));
    }
    dispatcher.send(None, how.verify == Verify::All).await
}
