//! The lock of a run.

use std::any::Any;
use std::fmt;
use std::time::Duration;

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

/// The process that carries a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its number on its machine.
    pub process: u32,
    /// The name of its machine; `None`: this machine.
    pub host: Option<String>,
    /// When its lease ends, unless it renews it; `None`: the lock ends with the process.
    pub ends_in: Option<Duration>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.process)?;
        if let Some(host) = &self.host {
            write!(f, " on {host}")?;
        }
        match self.ends_in {
            Some(left) => {
                write!(f, "; its lease ends in {} s, unless it renews it", left.as_secs() + 1)
            }
            None => Ok(()),
        }
    }
}
