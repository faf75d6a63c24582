//! The lock of a run.

use std::any::Any;
use std::fmt;

/// Held as long as a run is drafted or applied; dropping it gives the run free, and so does the end of
/// its process.
pub struct RunLock {
    _held: Box<dyn Any + Send + Sync>,
}

impl RunLock {
    /// A lock that is held until this value is dropped; for stores.
    pub fn new(held: impl Any + Send + Sync) -> Self {
        Self { _held: Box::new(held) }
    }
}

impl fmt::Debug for RunLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunLock")
    }
}
