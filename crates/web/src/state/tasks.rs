//! Tasks that take some time before their page exists: a plan, an export, a rehearsal. Each runs on a thread of
//! its own, whether a page shows it or not. (An open journal belongs to one thread at a time, and blocks on the
//! disk.)

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_app::failure::{Failure, USAGE};
use headcount_app::plan::Phase;
use headcount_people::export::Far;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};

use crate::access::secret;

/// How many tasks are remembered; finished ones are removed first.
const MOST: usize = 50;

/// The kind of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A plan.
    Plan,
    /// A file with users or groups of the site.
    Export,
    /// A job on a copy of the site.
    Rehearsal,
}

/// What a task does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It opens the site: reads the credentials and checks them.
    Opening,
    /// It makes a plan; with the number so far.
    Planning(Phase, u64),
    /// It reads users and groups; with the number so far, and the total if the site says it.
    Site(u64, Option<u64>),
    /// It makes the copy.
    Double,
    /// It applies rows to the copy; with the number so far, and the total.
    Rows(u64, u64),
}

/// The stage of a task.
#[derive(Clone, Debug)]
pub enum Stage {
    /// In progress.
    Doing(Doing),
    /// It failed.
    Failed(Arc<Failure>),
    /// Its result is at this address.
    Done(String),
}

/// A task.
pub struct Task {
    /// Its kind.
    pub kind: Kind,
    /// The profile of its site.
    pub profile: String,
    /// Its title.
    pub title: String,
    /// The address to return to if it fails.
    pub back: String,
    stage: watch::Sender<Stage>,
    stop: Notify,
}

impl Task {
    /// Its stage now and later.
    pub fn watch(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    /// Sets what it does now.
    pub fn does(&self, doing: Doing) {
        self.stage.send_replace(Stage::Doing(doing));
    }

    /// Sets how much of the site was read.
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

    /// Stops it.
    pub fn stop(&self) {
        self.stop.notify_one();
    }
}

/// All tasks.
#[derive(Default)]
pub struct Tasks(Mutex<HashMap<String, Arc<Task>>>);

impl Tasks {
    /// The task with this id.
    pub fn find(&self, id: &str) -> Option<Arc<Task>> {
        self.lock().get(id).cloned()
    }

    /// Starts a task on a thread of its own. Returns the address of its page. `make` returns the address of the
    /// result.
    ///
    /// # Errors
    /// The system returns no random number for the task's id.
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
                // Stopping drops everything that it has begun.
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
