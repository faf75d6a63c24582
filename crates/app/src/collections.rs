//! Plans and applies the run of a Postman collection.

use std::sync::Arc;
use std::time::Duration;

pub use headcount_collections::is_collection;
use headcount_collections::{
    CollectionExecutor, NotLoaded, NotPlanned, NotResumed, NotStarted, RowLost, Totals,
};
use headcount_engine::{
    DAY, Ending, Halt, Patience, RunContext, RunError, RunOptions, Verify, Watcher, carry_out,
    settle,
};
use headcount_journal::{Count, Journal, Run};
use headcount_model::clock::Clock;
use headcount_people::plan::{PlanError, Summary, summary};

use crate::failure::{Failure, USAGE};
use crate::options::SendOptions;

/// Refuses an action that a collection's run does not support.
///
/// # Errors
/// The run is a collection's.
pub fn check_undoable(run: &Run) -> Result<(), Failure> {
    if !is_collection(run) {
        return Ok(());
    }
    let message = format!(
        "run {} is a Postman collection's: headcount does not know what undoes its requests",
        run.id
    );
    Err(Failure::new(USAGE, message).hint("run a collection that reverses them").of_run(run))
}

/// The summary of the plan of any run.
///
/// # Errors
/// The journal can't be read.
pub fn summary_of(journal: &Journal, run: &Run) -> Result<Summary, PlanError> {
    if !is_collection(run) {
        return summary(journal, &run.id);
    }
    let mut summary = Summary::default();
    summary.counts = journal.counts(&run.id)?;
    summary.reasons = journal.reasons(&run.id)?;
    summary.steps = journal.count(&run.id, Count::OpenSteps)?;
    Ok(summary)
}

/// The options for sending its rows. Rows cannot be verified, because no read shows what a collection wants.
pub fn options(send: &SendOptions) -> RunOptions {
    RunOptions {
        canary: send.canary,
        verify: Verify::None,
        max_failures: send.max_failures,
        max_changes: None,
        recheck: false,
        rereads_unknown: false,
        patience: Patience {
            without_progress: Duration::from_secs(send.patience),
            longest_wait: send.max_wait.map_or(DAY, |most| DAY.min(Duration::from_secs(most))),
            looks: Vec::new(),
            looks_for_undone: Vec::new(),
            looks_before_failing: Vec::new(),
            // A row is sent again only if no request of it was sent, so there is no limit.
            sendings: u32::MAX,
            ..Patience::default()
        },
    }
}

/// Sends the rows; the caller holds the run's lock.
///
/// # Errors
/// The journal can't be written.
pub async fn send<W: Watcher>(
    journal: &mut Journal,
    run: &Run,
    executor: Arc<CollectionExecutor>,
    options: &RunOptions,
    clock: Clock,
    watcher: &mut W,
) -> Result<Ending, RunError> {
    let mut totals = Totals::of_run(journal, run)?;
    let (sent, halt) = (Arc::clone(&executor), executor.halt());
    let context =
        RunContext { journal: &mut *journal, run, executor, options, halt, clock, watcher };
    let ending = carry_out(context).await?;
    totals.add(sent.totals());
    totals.keep(journal, run)?;
    Ok(ending)
}

/// Records an outcome for rows without a response, and sends nothing.
///
/// # Errors
/// The journal can't be written.
pub async fn settle_started<W: Watcher>(
    journal: &mut Journal,
    run: &Run,
    executor: Arc<CollectionExecutor>,
    clock: Clock,
    watcher: &mut W,
) -> Result<(), RunError> {
    let (options, halt) = (options(&SendOptions::default()), Halt::default());
    let options = &options;
    settle(RunContext { journal, run, executor, options, halt, clock, watcher }).await.map(drop)
}

impl From<NotLoaded> for Failure {
    fn from(error: NotLoaded) -> Self {
        Self::new(USAGE, error.to_string()).hint("nothing was sent")
    }
}

impl From<RowLost> for Failure {
    fn from(lost: RowLost) -> Self {
        Self::new(USAGE, lost.to_string()).hint("check the disk that holds temporary files")
    }
}

impl From<NotPlanned> for Failure {
    fn from(error: NotPlanned) -> Self {
        match error {
            NotPlanned::Journal(error) => error.into(),
            NotPlanned::Row(lost) => lost.into(),
        }
    }
}

impl From<NotStarted> for Failure {
    fn from(error: NotStarted) -> Self {
        match error {
            NotStarted::Journal(error) => error.into(),
            NotStarted::Network(why) => Self::new(USAGE, why),
        }
    }
}

impl From<NotResumed> for Failure {
    fn from(error: NotResumed) -> Self {
        let hint = match &error {
            NotResumed::Journal(_) => None,
            NotResumed::NotLoaded(_) => Some("nothing was sent".to_owned()),
            NotResumed::Unknown(_) => Some("run the collection again, with the rows that are left".to_owned()),
            NotResumed::Uploaded { run } => Some(format!(
                "nothing was sent; open run {run} on the page (headcount ui) and give the files again"
            )),
            NotResumed::Values { run, missing } => Some(format!(
                "nothing was sent; give them again: headcount run resume {run} {}",
                missing.join(" ")
            )),
            NotResumed::Changed { .. } => Some(
                "nothing was sent; restore the file, or run the collection again with the rows that are \
                 left"
                    .to_owned(),
            ),
            NotResumed::State { row, .. } => Some(format!(
                "nothing was sent; check the row before it on the site, then run the collection with a \
                 data file that begins with row {row}"
            )),
        };
        let failure = match error {
            NotResumed::Journal(error) => return error.into(),
            other => Self::new(USAGE, other.to_string()),
        };
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
