//! Spreadsheets that were uploaded, until their plan is sent.
//!
//! They may hold passwords as well as names, so they are held in memory alone and never written to disk
//! as they came: what the journal keeps of their rows has no cell of a password column. They are few,
//! and each is gone once its plan is sent or discarded, it is discarded itself or pushed out by newer
//! ones, or the program ends, however that ends.
//!
//! Rehearsals hold names, too, and need files: those lie in a folder that only its owner can enter,
//! next to the journal. A program that was killed leaves its folder; the next one sweeps it: if its
//! lock can be taken, its program is gone.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_app::failure::{Failure, USAGE};
use headcount_app::journal::make_private_folder;
use headcount_model::job::Job;
use headcount_sheet::{Corrections, Input, Source};
use jiff::Timestamp;

use crate::access::secret;
use crate::state::fields::Fields;
use crate::state::identity_sources::WhoIsWho;

/// The largest sheet that is taken, in bytes: a million rows and more.
pub const LARGEST: usize = 256 * 1024 * 1024;

/// Bytes of a form without its spreadsheet.
pub const FORM: usize = 64 * 1024;

/// Spreadsheets that are held at once; the oldest gives way.
const MOST: usize = 12;

/// What they may take altogether, in bytes; the oldest give way, but the newest stays.
const HELD: usize = 2 * LARGEST;

const PREFIX: &str = "headcount-sheets-";

/// A spreadsheet that was uploaded.
pub struct Paper {
    /// Its name in addresses, which cannot be guessed.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its bytes, as they came.
    content: Arc<[u8]>,
    /// When it came.
    pub at: Timestamp,
    /// The job it was brought for.
    pub job: Job,
    /// The site it was brought for.
    pub site: String,
    said: Mutex<Said>,
}

/// The choices that a user made for a spreadsheet on its page.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The fields of its form, as they came last.
    pub fields: Fields,
    /// Cells that were corrected; the file itself stays as it came.
    pub corrected: Corrections,
    /// Exports in which users and groups are looked up.
    pub who: WhoIsWho,
    /// Why what was given last as an export is none.
    pub no_export: Option<Arc<Failure>>,
    /// The run of the plan that was made of it last.
    pub plan: Option<String>,
}

impl Paper {
    /// A new one. It is on the desk once it is [`laid`](Desk::lay) there.
    ///
    /// # Errors
    /// The system gives no random number for its id.
    pub fn new(content: Vec<u8>, name: &str, job: Job, site: &str) -> Result<Self, Failure> {
        let (name, site, at) = (name.to_owned(), site.to_owned(), Timestamp::now());
        let content = content.into();
        Ok(Self { id: secret()?, name, content, at, job, site, said: Mutex::default() })
    }

    /// To be opened.
    pub fn source(&self) -> Source {
        let bytes = Cursor::new(Arc::clone(&self.content));
        Source { name: self.name.clone(), input: Input::Stream(Box::new(bytes)) }
    }

    /// The choices that were made for it.
    pub fn said(&self) -> Said {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the choices.
    pub fn say<T>(&self, change: impl FnOnce(&mut Said) -> T) -> T {
        change(&mut self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The place for uploads.
pub struct Desk {
    beside: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Made when it is first needed.
    folder: Option<Folder>,
    papers: VecDeque<Arc<Paper>>,
}

impl State {
    /// How much memory the spreadsheets take, in bytes.
    fn held(&self) -> usize {
        self.papers.iter().map(|paper| paper.content.len()).sum()
    }
}

/// The folder, with the lock that says that its program lives.
struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Whatever stays is swept by the next program.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

impl Desk {
    /// Uploads next to the journal; files that killed programs left there are removed.
    pub fn new(journal: &Path) -> Self {
        let beside = journal.parent().filter(|folder| !folder.as_os_str().is_empty());
        let beside = beside.unwrap_or_else(|| Path::new(".")).to_owned();
        sweep(&beside);
        Self { beside, state: Mutex::new(State::default()) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder of files that hold names and are not to be left behind.
    pub fn folder(&self) -> Result<PathBuf, Failure> {
        let mut state = self.lock();
        if let Some(folder) = &state.folder {
            return Ok(folder.path.clone());
        }
        let folder = Folder::make(&self.beside)?;
        let path = folder.path.clone();
        state.folder = Some(folder);
        Ok(path)
    }

    /// Lays a written sheet on the desk.
    pub fn lay(&self, paper: Paper) -> Arc<Paper> {
        let paper = Arc::new(paper);
        let mut state = self.lock();
        state.papers.push_back(Arc::clone(&paper));
        while state.papers.len() > 1 && (state.papers.len() > MOST || state.held() > HELD) {
            state.papers.pop_front();
        }
        paper
    }

    /// All sheets, the newest first.
    pub fn all(&self) -> Vec<Arc<Paper>> {
        self.lock().papers.iter().rev().cloned().collect()
    }

    /// The sheet of an id.
    pub fn find(&self, id: &str) -> Option<Arc<Paper>> {
        self.lock().papers.iter().find(|paper| paper.id == id).cloned()
    }

    /// Takes a sheet away.
    pub fn throw_away(&self, id: &str) {
        self.lock().papers.retain(|paper| paper.id != id);
    }

    /// Takes all away, and the folder.
    pub fn clear(&self) {
        *self.lock() = State::default();
    }
}

impl Folder {
    fn make(beside: &Path) -> Result<Self, Failure> {
        let path = beside.join(format!("{PREFIX}{}", &secret()?[..16]));
        make_private_folder(&path)?;
        let lock = hold(&path).map_err(|error| {
            Failure::new(USAGE, format!("{} cannot be written", path.display())).because(&error)
        })?;
        Ok(Self { path, _lock: lock })
    }
}

/// A folder's lock. It has its name once it is held: a sweep finds none, or a held one.
fn hold(folder: &Path) -> std::io::Result<File> {
    let new = folder.join("lock.new");
    let lock = File::create(&new)?;
    lock.try_lock()?;
    std::fs::rename(new, folder.join("lock"))?;
    Ok(lock)
}

/// Removes the folders of programs that are gone.
fn sweep(beside: &Path) {
    let Ok(entries) = std::fs::read_dir(beside) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let is_left = || {
            let lock = File::options().write(true).open(entry.path().join("lock"));
            // A folder without its lock is being made now, or was left then.
            lock.map_or_else(|_| is_old(&entry), |lock| lock.try_lock().is_ok())
        };
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) && is_left() {
            // Another program may sweep it at the same time.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn is_old(entry: &std::fs::DirEntry) -> bool {
    let made = entry.metadata().and_then(|about| about.modified()).ok();
    made.and_then(|made| made.elapsed().ok()).is_some_and(|age| age.as_secs() > 60)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    fn bring(desk: &Desk, bytes: usize) -> Arc<Paper> {
        let content = vec![b'a'; bytes];
        desk.lay(Paper::new(content, "a.csv", Job::AddMembers, "sandbox").unwrap())
    }

    #[test]
    fn uploads_are_few_and_write_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::new(&folder.path().join("journal.db"));
        let first = bring(&desk, 6).id.clone();
        assert!(desk.find(&first).is_some());
        for _ in 0..MOST {
            bring(&desk, 6);
        }
        assert!(desk.find(&first).is_none());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        desk.folder().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        desk.clear();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn large_uploads_push_out_older_ones_and_the_newest_stays() {
        let desk = Desk::new(Path::new("journal.db"));
        let large = HELD / 2 + 1;
        let first = bring(&desk, large);
        let second = bring(&desk, large);
        assert!(desk.find(&first.id).is_none() && desk.find(&second.id).is_some());
    }

    /// Another program sweeps while folders are made: none is taken away.
    #[test]
    fn a_folder_is_held_from_its_first_moment() {
        let folder = tempfile::tempdir().unwrap();
        let ended = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    sweep(folder.path());
                }
            });
            let made = std::panic::catch_unwind(|| {
                for _ in 0..300 {
                    let made = Folder::make(folder.path()).unwrap();
                    assert!(made.path.join("lock").exists());
                }
            });
            ended.store(true, Ordering::Relaxed);
            made.unwrap();
        });
    }

    #[test]
    fn what_a_killed_program_left_is_swept_and_what_a_living_one_has_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.db");
        let left = folder.path().join(format!("{PREFIX}0123456789abcdef"));
        std::fs::create_dir(&left).unwrap();
        std::fs::write(left.join("lock"), "").unwrap();
        std::fs::write(left.join("people"), "Email\n").unwrap();
        let living = Desk::new(&journal);
        assert!(!left.exists());
        let folder = living.folder().unwrap();
        let _other = Desk::new(&journal);
        assert!(folder.exists());
    }
}
