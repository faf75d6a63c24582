//! A pool of engines for scripts. An engine runs one script at a time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::engine::{Engine, EngineError, EngineLimits};
use super::modules::Modules;
use super::output::Pending;

/// A script that took at most this time at its last runs stays on its thread: passing it to another thread costs as
/// much as running it.
const QUICK: Duration = Duration::from_millis(2);

/// After this number of longer runs in a row, a script is passed to another thread. One alone says little: on a busy
/// machine, any thread waits for its turn.
const SLOW_TIMES: u32 = 2;

/// How long a script waits for other computing scripts before it runs at the same time.
const PATIENCE: Duration = Duration::from_millis(200);

/// A pool of engines. It has about as many engines as there are processors, because building one takes as long as
/// hundreds of scripts; it grows if scripts wait for responses or compute for long.
#[derive(Debug)]
pub struct Pool {
    limits: EngineLimits,
    modules: Modules,
    idle: Mutex<Vec<Engine>>,
    computing: Semaphore,
    building: Semaphore,
    /// How often each script was slow the last times.
    slow: Mutex<HashMap<String, u32>>,
}

impl Pool {
    /// A pool without engines.
    pub fn new(limits: EngineLimits, modules: Modules) -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        let (computing, building) = (Semaphore::new(processors), Semaphore::new(processors));
        let (idle, slow) = (Mutex::default(), Mutex::default());
        Self { limits, modules, idle, computing, building, slow }
    }

    /// Runs the first step of a script on an idle engine, or on a new one.
    ///
    /// # Errors
    /// There is no memory for a new engine, or the script was stopped.
    pub(super) async fn begin(
        &self,
        source: &str,
        step: impl FnOnce(&Engine) -> Result<Pending, EngineError> + Send + 'static,
    ) -> Result<(Engine, Pending), EngineError> {
        let _turn = self.turn().await;
        let engine = match self.take() {
            Some(engine) => engine,
            None => self.build().await?,
        };
        let start = Instant::now();
        let begun = match self.is_quick(source) {
            true => step(&engine).map(|begun| (engine, begun)),
            false => apart(move || step(&engine).map(|begun| (engine, begun))).await,
        };
        self.note(source, start.elapsed());
        begun
    }

    /// Runs a further step of a script. If the step was stopped, its engine is dropped.
    ///
    /// # Errors
    /// The script was stopped.
    pub(super) async fn go_on(
        &self,
        engine: Engine,
        step: impl FnOnce(&Engine) -> Result<Pending, EngineError> + Send + 'static,
    ) -> Result<(Engine, Pending), EngineError> {
        let _turn = self.turn().await;
        apart(move || step(&engine).map(|pending| (engine, pending))).await
    }

    /// A new engine, or one that has become idle meanwhile. However many scripts have lost their patience, no
    /// more engines are built at once than there are processors: building has an end, and the first one that
    /// is ready runs them all.
    async fn build(&self) -> Result<Engine, EngineError> {
        let _place = self.building.acquire().await.ok();
        match self.take() {
            Some(engine) => Ok(engine),
            None => {
                let (limits, modules) = (self.limits, self.modules.clone());
                apart(move || Engine::new(limits, &modules)).await
            }
        }
    }

    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        timeout(PATIENCE, self.computing.acquire()).await.ok()?.ok()
    }

    fn is_quick(&self, source: &str) -> bool {
        let slow = self.slow.lock().unwrap_or_else(PoisonError::into_inner);
        slow.get(source).is_some_and(|times| *times < SLOW_TIMES)
    }

    fn note(&self, source: &str, time: Duration) {
        let mut slow = self.slow.lock().unwrap_or_else(PoisonError::into_inner);
        match slow.get_mut(source) {
            Some(times) if time > QUICK => *times = times.saturating_add(1),
            Some(times) => *times = 0,
            None => {
                let times = if time > QUICK { SLOW_TIMES } else { 0 };
                slow.insert(source.to_owned(), times);
            }
        }
    }

    /// An idle engine.
    pub fn take(&self) -> Option<Engine> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Takes back an engine whose script has ended normally.
    pub fn give(&self, engine: Engine) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(engine);
    }

    /// The packages.
    pub fn modules(&self) -> &Modules {
        &self.modules
    }
}

/// Runs a function on a thread of its own, so that a script that computes for long does not delay other rows.
async fn apart<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    let joined = tokio::task::spawn_blocking(run).await;
    joined.unwrap_or_else(|error| Err(EngineError::NotStarted(error.to_string())))
}
