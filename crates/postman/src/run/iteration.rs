//! One iteration: the requests in order, or as `setNextRequest` says.

use std::sync::Arc;

use serde_json::Value;

use crate::exchange::{Jar, Sender};
use crate::script::Pool;
use crate::variables::{Row, Scopes};

use super::execution::{Cursor, Execution};
use super::item::{Next, OneItem, Running, begun};
use super::options::{Bail, Run};

/// The most requests of an iteration, because a loop of `setNextRequest` would never end.
const MOST: usize = 10_000;

/// The state that one iteration passes to the next in Newman: all variables and the cookies.
#[derive(Debug, Default)]
pub struct State {
    /// The variables.
    pub scopes: Scopes,
    /// The cookies.
    pub jar: Jar,
}

impl State {
    /// The state in the files.
    pub fn new(run: &Run) -> Self {
        Self { scopes: run.scopes.clone(), jar: Jar::default() }
    }
}

/// The end of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It reached its end, or a script ended it.
    Reached,
    /// It ended early, and the run with it.
    Bailed,
    /// Its requests form a loop.
    Endless,
}

/// The data for running an iteration.
#[derive(Debug)]
pub struct Iteration<'i, S> {
    /// The run.
    pub run: &'i Run,
    /// Its number, from 0.
    pub number: usize,
    /// Its row.
    pub row: Arc<Row>,
    /// The network.
    pub sender: &'i S,
    /// The engines for scripts.
    pub pool: &'i Pool,
}

/// Runs one iteration; `done` receives each finished request.
pub async fn run_iteration<S: Sender>(
    with: &Iteration<'_, S>,
    state: &mut State,
    mut done: impl FnMut(Execution),
) -> Ending {
    let Iteration { run, number, row, sender, pool } = with;
    state.scopes.data = Arc::clone(row);
    let mut position = 0;
    let mut count = 0;
    while let Some(item) = run.items.get(position) {
        count += 1;
        if count > MOST {
            return Ending::Endless;
        }
        if !run.options.delay.is_zero() {
            tokio::time::sleep(run.options.delay).await;
        }
        let cursor = Cursor {
            iteration: *number,
            position,
            length: run.items.len(),
            cycles: run.iterations,
        };
        let running = Running { run, sender: *sender, pool, jar: &state.jar };
        let one = OneItem::new(running, &mut state.scopes, begun(item, cursor));
        let (execution, next) = one.finish().await;
        let bails = bails(run.options.bail, &execution);
        done(execution);
        if bails {
            return Ending::Bailed;
        }
        position = match next {
            Next(None) => position + 1,
            Next(Some(name)) => match place(run, &name) {
                Some(place) => place,
                None => break,
            },
        };
    }
    Ending::Reached
}

fn bails(bail: Bail, execution: &Execution) -> bool {
    match bail {
        Bail::No => false,
        Bail::Folder => execution.has_error(),
        Bail::Failure => execution.has_error() || execution.has_failed_assertion(),
    }
}

/// The request that `setNextRequest` names: by id, or by name; if several have the name, the last one.
fn place(run: &Run, name: &Value) -> Option<usize> {
    let name = match name {
        Value::Null => return None,
        name => crate::value::shown(name),
    };
    let by_id = run.items.iter().rposition(|item| item.id == name);
    by_id.or_else(|| run.items.iter().rposition(|item| !name.is_empty() && item.name == name))
}
