//! Engines that wait for the next script. An engine runs one script at a time.

use std::sync::{Mutex, PoisonError};

use super::engine::{Engine, EngineError, EngineLimits};
use super::modules::Modules;

/// A pool of engines; it grows to as many as scripts wait at the same time.
#[derive(Debug)]
pub struct Pool {
    limits: EngineLimits,
    modules: Modules,
    idle: Mutex<Vec<Engine>>,
}

impl Pool {
    /// A pool without engines.
    pub fn new(limits: EngineLimits, modules: Modules) -> Self {
        Self { limits, modules, idle: Mutex::default() }
    }

    /// An idle engine, or a new one.
    ///
    /// # Errors
    /// Where there is no memory for a new one.
    pub fn take(&self) -> Result<Engine, EngineError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Engine::new(self.limits, &self.modules), Ok)
    }

    /// Takes back an engine whose script has ended by itself.
    pub fn give(&self, engine: Engine) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(engine);
    }

    /// The packages.
    pub fn modules(&self) -> &Modules {
        &self.modules
    }
}
