//! The lock of a run.

use std::any::Any;
use std::fmt;

/// The lock of a run, held while the run is drafted or applied. It ends when it is dropped or its process ends.
pub struct RunLock {
    _held: Box<dyn Any + Send + Sync>,
}

impl RunLock {
    /// A store's lock; it ends when this value is dropped.
    pub fn new(held: impl Any + Send + Sync) -> Self {
        Self { _held: Box::new(held) }
    }
}

impl fmt::Debug for RunLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunLock")
    }
}
