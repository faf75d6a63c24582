//! Which process applies a run: a lock of the operating system, which ends with its process.
//!
//! The lock is a file next to the journal. SQLite's own locks last one transaction and can't say
//! "this run is mine until I end"; a process id written somewhere outlives its process.
//!
//! A process that only checks whether it is held takes a shared lock for a moment; a process that
//! starts the run can distinguish a shared lock from an exclusive one, so checking never blocks it.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use headcount_journal::{Holder, JournalError, RunId};

use super::error::place;

/// A process that only checks releases it after some microseconds. One that does not (it was stopped just then) is
/// waited for this often.
const LOOKERS: u32 = 1000;

/// And so long each time.
const LOOKING: Duration = Duration::from_millis(1);

/// Held as long as a run is drafted or applied; dropping it gives the run free.
#[derive(Debug)]
pub struct FileLock {
    file: File,
    path: PathBuf,
}

impl FileLock {
    /// Takes the lock, or says that another process has it.
    pub(crate) fn take(journal: &Path, run: &RunId) -> Result<Self, JournalError> {
        let path = lock_path(journal, run);
        let failed = |source| JournalError::LockFile { place: place(&path), source };
        let mut lookers = 0;
        loop {
            let file = File::options()
                .create(true)
                .truncate(false)
                .read(true)
                .write(true)
                .open(&path)
                .map_err(failed)?;
            match file.try_lock() {
                Ok(()) if still_named(&file, &path) => {
                    sign(&file);
                    return Ok(Self { file, path });
                }
                // Its last holder took the file away between our open and our lock.
                Ok(()) => continue,
                Err(TryLockError::WouldBlock) if lookers < LOOKERS && is_shared(&file) => {
                    lookers += 1;
                    std::thread::sleep(LOOKING);
                }
                Err(TryLockError::WouldBlock) => {
                    let holder =
                        holder(&file).map(|process| Holder { process, host: None, ends_in: None });
                    return Err(JournalError::Locked { run: run.clone(), holder });
                }
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
    }

    /// Whether a process holds it now. Nothing is made or changed by asking.
    pub(crate) fn is_held(journal: &Path, run: &RunId) -> bool {
        let file = File::open(lock_path(journal, run));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Unlinked while the lock is held; who opened the file before and locks it after is sent
        // back by `still_named`.
        let _ = std::fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

/// Whether those who have it locked share it: they only look.
fn is_shared(file: &File) -> bool {
    file.try_lock_shared().is_ok_and(|()| file.unlock().is_ok())
}

/// Writes down which process holds it, for people: no decision depends on it. It says nothing where it cannot
/// be written (a full disk): the lock holds all the same.
fn sign(mut file: &File) {
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
}

/// The process that holds it. On systems other than Unix a locked file cannot be read.
fn holder(mut file: &File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn lock_path(journal: &Path, run: &RunId) -> PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(format!(".{run}.lock"));
    PathBuf::from(name)
}

/// Whether the name still leads to the file that was locked.
#[cfg(unix)]
fn still_named(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(held), Ok(named)) => held.dev() == named.dev() && held.ino() == named.ino(),
        _ => false,
    }
}

/// Elsewhere an open file can't be removed.
#[cfg(not(unix))]
fn still_named(_file: &File, path: &Path) -> bool {
    path.exists()
}
