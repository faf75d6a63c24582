//! One thread writes; any number of answers wait for it.

use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::watch;

use crate::http::Stored;
use crate::org::{Change, Org};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durable {
    UpTo(u64),
    /// The disk failed, so nothing more can be stored.
    Failed,
}

#[derive(Default)]
struct Queue {
    bytes: Vec<u8>,
    /// The number of the last line that was queued.
    last: u64,
    closed: bool,
}

struct Shared {
    queue: Mutex<Queue>,
    filled: Condvar,
}

/// The open state file.
pub(crate) struct Store {
    shared: Arc<Shared>,
    durable: watch::Receiver<Durable>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Locked until the store is closed.
    lock: Mutex<Option<File>>,
}

impl Store {
    /// Takes over a file, positioned at its end, and its lock.
    pub(super) fn start(file: File, lock: File) -> Self {
        let shared = Arc::new(Shared { queue: Mutex::default(), filled: Condvar::new() });
        let (sender, durable) = watch::channel(Durable::UpTo(0));
        let inner = Arc::clone(&shared);
        let thread = std::thread::spawn(move || write_all(file, &inner, &sender));
        Self { shared, durable, thread: Mutex::new(Some(thread)), lock: Mutex::new(Some(lock)) }
    }

    /// Queues changes. Returns the number to wait for; without changes, the number of the last queued line.
    pub(crate) fn append(&self, changes: &[Stored]) -> u64 {
        let mut queue = lock(&self.shared.queue);
        for change in changes {
            // The sandbox's own types always serialize.
            if serde_json::to_writer(&mut queue.bytes, change).is_ok() {
                queue.bytes.push(b'\n');
            }
        }
        if !changes.is_empty() {
            queue.last += 1;
            self.shared.filled.notify_one();
        }
        queue.last
    }

    /// Queues a new snapshot: everything before it no longer counts.
    pub(crate) fn restart(&self, org: &Org) -> u64 {
        let changes = std::iter::once(Change::Reset).chain(org.snapshot());
        let lines: Vec<_> =
            changes.map(|change| Stored { change, at_ms: 0, actor: "".into() }).collect();
        self.append(&lines)
    }

    /// Waits until all lines up to a number are on disk. Returns false if that will never happen.
    pub(crate) async fn wait(&self, number: u64) -> bool {
        let reached = |durable: &Durable| match durable {
            Durable::UpTo(done) => *done >= number,
            Durable::Failed => true,
        };
        let mut durable = self.durable.clone();
        let end = match durable.wait_for(reached).await {
            Ok(end) => *end,
            Err(_) => Durable::Failed,
        };
        end != Durable::Failed
    }

    /// Writes the rest and closes the file.
    pub(crate) fn close(&self) {
        lock(&self.shared.queue).closed = true;
        self.shared.filled.notify_one();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A thread that panicked has nothing left to write.
            let _ = thread.join();
        }
        // Connections may outlive the store, so the lock is released here.
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_all(mut file: File, shared: &Shared, durable: &watch::Sender<Durable>) {
    let mut batch = Vec::new();
    loop {
        let last = {
            let mut queue = lock(&shared.queue);
            while queue.bytes.is_empty() && !queue.closed {
                queue = shared.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
            if queue.bytes.is_empty() {
                return;
            }
            batch.clear();
            std::mem::swap(&mut batch, &mut queue.bytes);
            queue.last
        };
        if file.write_all(&batch).and_then(|()| file.sync_data()).is_err() {
            durable.send_replace(Durable::Failed);
            return;
        }
        durable.send_replace(Durable::UpTo(last));
    }
}
