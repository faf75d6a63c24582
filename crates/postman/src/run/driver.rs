//! Runs a collection: iterations one after another, or several at the same time.

use std::ops::Range;

use futures_util::{StreamExt, stream};

use crate::data::RowLost;
use crate::exchange::Sender;
use crate::script::Pool;

use super::execution::Execution;
use super::iteration::{Ending, Iteration, State, run_iteration};
use super::options::Run;

/// Events, in the order of the rows.
#[derive(Debug)]
pub enum Progress {
    /// An iteration begins; with its number, from 0.
    Iteration(usize),
    /// A request is done.
    Execution(Box<Execution>),
    /// An iteration has ended.
    Ended(usize, Ending),
}

/// The end of a run.
#[derive(Debug)]
pub struct Finished {
    /// The last iteration's variables.
    pub state: State,
    /// Whether it ended early.
    pub bailed: bool,
}

/// The rows to run, and the data for it.
#[derive(Debug)]
pub struct Rows<'r, S> {
    /// The run.
    pub run: &'r Run,
    /// The iterations, from 0.
    pub range: Range<usize>,
    /// How many at the same time.
    pub concurrency: usize,
    /// The network.
    pub sender: &'r S,
    /// The engines for scripts.
    pub pool: &'r Pool,
}

/// Runs iterations, `concurrency` of them at the same time. With 1, variables and cookies pass from one to the
/// next, as in Newman; with more, each starts with those of the files.
///
/// # Errors
/// A row can't be read again; the run ends before it.
pub async fn run_all<S: Sender>(
    with: Rows<'_, S>,
    start: State,
    report: impl FnMut(Progress),
) -> Result<Finished, RowLost> {
    match with.concurrency {
        0 | 1 => in_turn(with, start, report).await,
        _ => at_once(with, report).await,
    }
}

async fn in_turn<S: Sender>(
    with: Rows<'_, S>,
    mut state: State,
    mut report: impl FnMut(Progress),
) -> Result<Finished, RowLost> {
    let Rows { run, range, sender, pool, .. } = with;
    for number in range {
        let row = run.row(number)?;
        report(Progress::Iteration(number));
        let with = Iteration { run, number, row, sender, pool };
        let ending = run_iteration(&with, &mut state, |execution| {
            report(Progress::Execution(Box::new(execution)));
        })
        .await;
        report(Progress::Ended(number, ending));
        if ending == Ending::Bailed {
            return Ok(Finished { state, bailed: true });
        }
    }
    Ok(Finished { state, bailed: false })
}

async fn at_once<S: Sender>(
    with: Rows<'_, S>,
    mut report: impl FnMut(Progress),
) -> Result<Finished, RowLost> {
    let Rows { run, range, concurrency, sender, pool } = with;
    let one = |number| async move {
        let mut state = State::new(run);
        let mut executions = Vec::new();
        let with = Iteration { run, number, row: run.row(number)?, sender, pool };
        let ending = run_iteration(&with, &mut state, |execution| executions.push(execution)).await;
        Ok((number, executions, state, ending))
    };
    let mut rows = std::pin::pin!(stream::iter(range).map(one).buffered(concurrency));
    let mut last = State::new(run);
    while let Some(row) = rows.next().await {
        let (number, executions, state, ending) = row?;
        report(Progress::Iteration(number));
        for execution in executions {
            report(Progress::Execution(Box::new(execution)));
        }
        report(Progress::Ended(number, ending));
        last = state;
        if ending == Ending::Bailed {
            return Ok(Finished { state: last, bailed: true });
        }
    }
    Ok(Finished { state: last, bailed: false })
}
