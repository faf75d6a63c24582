//! How a run ends for a worker.

/// How a run ended for this worker.
#[derive(Debug)]
pub enum End {
    /// It is over for all workers: it finished, or it stopped for a reason that a user has to look at.
    Over { exit: u8, state: &'static str, words: String },
    /// This worker cannot apply it now; the run stays in the queue.
    Left { exit: u8, why: String },
    /// The journal or the lease was lost, or the worker was asked to end: the run stays in the queue.
    Lost { why: String },
}
