//! Who carries which run, and which runs wait.

use headcount_journal::{CarriedRun, Journal, JournalError, QueuedRun, Run, RunState, WorkerEntry};
use headcount_model::outcome::Counts;

use crate::words;

/// The workers of a journal, and its runs that are carried, wait, or were interrupted.
#[derive(Debug)]
pub struct Overview {
    /// The workers, the oldest first.
    pub workers: Vec<WorkerEntry>,
    /// The runs that processes carry, also commands and pages, which are no workers.
    pub carried: Vec<Carried>,
    /// The runs that wait for a worker, in the order in which they are taken.
    pub waiting: Vec<(QueuedRun, Run)>,
    /// The runs whose process ended, and that no worker takes over, because they are not in the queue.
    pub interrupted: Vec<Run>,
}

/// A run that a process carries.
#[derive(Debug)]
pub struct Carried {
    /// The process, and how fast it is.
    pub entry: CarriedRun,
    /// The run.
    pub run: Run,
    /// Its rows.
    pub counts: Counts,
}

impl Overview {
    /// Reads it; `None`: the journal is in a file, which workers cannot share.
    ///
    /// # Errors
    /// The journal can't be read.
    pub fn read(journal: &Journal) -> Result<Option<Self>, JournalError> {
        let Some(mut queue) = journal.queue()? else { return Ok(None) };
        let (workers, entries, queued) = (queue.workers()?, queue.carried()?, queue.queued()?);
        let mut carried = Vec::with_capacity(entries.len());
        for entry in entries {
            let run = journal.run(entry.run.as_str())?;
            let counts = journal.counts(&run.id)?;
            carried.push(Carried { entry, run, counts });
        }
        let mut waiting = Vec::new();
        for one in queued {
            if !carried.iter().any(|carried| carried.run.id == one.run) {
                let run = journal.run(one.run.as_str())?;
                waiting.push((one, run));
            }
        }
        let interrupted = |run: &Run| {
            run.state == RunState::Running && words::runs::state(journal, run) == "interrupted"
        };
        let interrupted = journal.runs()?.into_iter().filter(interrupted).collect();
        Ok(Some(Self { workers, carried, waiting, interrupted }))
    }

    /// The runs that a worker carries, or, without a worker, those of commands and pages.
    pub fn of(&self, worker: Option<i64>) -> impl Iterator<Item = &Carried> {
        self.carried.iter().filter(move |carried| carried.entry.worker == worker)
    }
}

impl Carried {
    /// What its process does with it.
    pub fn doing(&self) -> &'static str {
        match self.run.state {
            RunState::Draft => "being planned",
            RunState::Running => "being applied",
            RunState::Unapproved
            | RunState::Rejected
            | RunState::Sealed
            | RunState::Stopped
            | RunState::Finished
            | RunState::Cancelled => "held",
        }
    }
}
