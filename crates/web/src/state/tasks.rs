//! What takes a while before there is a page of it: a plan, an export, a rehearsal. Each on a thread
//! of its own (an open journal belongs to one thread at a time, and waits for the disk), whether a
//! page looks or not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_app::failure::{Failure, USAGE};
use headcount_app::plan::Phase;
use headcount_people::export::Far;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};

use crate::access::secret;

/// Tasks that are remembered; those that ended give way.
const MOST: usize = 50;

/// What a task makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A plan.
    Plan,
    /// A file of what the site shows.
    Export,
    /// A job on a copy.
    Rehearsal,
}

/// What a task does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// The site is opened: the keys are fetched and tried.
    Opening,
    /// A plan is made; the number so far.
    Planning(Phase, u64),
    /// People and groups are read; the number so far, and of how many if the site says it.
    Site(u64, Option<u64>),
    /// The copy is made.
    Double,
    /// Rows are applied to the copy; the number so far, and of how many.
    Rows(u64, u64),
}

/// How far a task is.
#[derive(Clone, Debug)]
pub enum Stage {
    /// On its way.
    Doing(Doing),
    /// It came to nothing.
    Failed(Arc<Failure>),
    /// What it made is at this address.
    Done(String),
}

/// A task.
pub struct Task {
    /// What it makes.
    pub kind: Kind,
    /// The profile of its site.
    pub profile: String,
    /// What it is called.
    pub title: String,
    /// Where to go back to if it fails.
    pub back: String,
    stage: watch::Sender<Stage>,
    stop: Notify,
}

impl Task {
    /// Its stage now, and every later one.
    pub fn watch(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    /// Tells what it does now.
    pub fn does(&self, doing: Doing) {
        self.stage.send_replace(Stage::Doing(doing));
    }

    /// Tells how much of the site was read.
    pub fn reads(&self, far: Far) {
        self.stage.send_modify(|stage| {
            let (done, all) = match stage {
                Stage::Doing(Doing::Site(done, all)) => (*done, *all),
                _ => (0, None),
            };
            *stage = Stage::Doing(match far {
                Far::Total(many) => Doing::Site(done, Some(many)),
                Far::More(more) => Doing::Site(done + more, all),
            });
        });
    }

    /// It is not wanted any more.
    pub fn stop(&self) {
        self.stop.notify_one();
    }
}

/// All of them.
#[derive(Default)]
pub struct Tasks(Mutex<HashMap<String, Arc<Task>>>);

impl Tasks {
    /// The task of an id.
    pub fn find(&self, id: &str) -> Option<Arc<Task>> {
        self.lock().get(id).cloned()
    }

    /// Begins a task on a thread of its own; the address to look at it by. `make` gives the address of
    /// what was made.
    ///
    /// # Errors
    /// This machine gives no random number for its address.
    pub fn begin<F>(
        &self,
        kind: Kind,
        profile: String,
        title: String,
        back: String,
        make: impl FnOnce(Arc<Task>) -> F + Send + 'static,
    ) -> Result<String, Failure>
    where
        F: Future<Output = Result<String, Failure>>,
    {
        let stage = watch::Sender::new(Stage::Doing(Doing::Opening));
        let task = Arc::new(Task { kind, profile, title, back, stage, stop: Notify::new() });
        let id = self.add(&task)?;
        let handle = Handle::current();
        std::thread::spawn(move || run(&handle, &task, make));
        Ok(format!("/tasks/{id}"))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Task>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, task: &Arc<Task>) -> Result<String, Failure> {
        let id = secret()?;
        let mut all = self.lock();
        if all.len() >= MOST {
            all.retain(|_, task| matches!(*task.stage.borrow(), Stage::Doing(_)));
        }
        all.insert(id.clone(), Arc::clone(task));
        Ok(id)
    }
}

fn run<F>(handle: &Handle, task: &Arc<Task>, make: impl FnOnce(Arc<Task>) -> F)
where
    F: Future<Output = Result<String, Failure>>,
{
    let making = std::panic::AssertUnwindSafe(|| {
        handle.block_on(async {
            tokio::select! {
                made = make(Arc::clone(task)) => made,
                // What it had begun goes with it.
                () = task.stop.notified() => Ok(task.back.clone()),
            }
        })
    });
    task.stage.send_replace(match std::panic::catch_unwind(making) {
        Ok(Ok(address)) => Stage::Done(address),
        Ok(Err(failure)) => Stage::Failed(Arc::new(failure)),
        Err(_) => {
            Stage::Failed(Arc::new(Failure::new(USAGE, "headcount has a bug; nothing was sent")))
        }
    });
}
