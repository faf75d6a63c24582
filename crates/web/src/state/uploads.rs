//! Uploaded spreadsheets, until their plan is sent.
//!
//! They may contain passwords as well as names, so they are only in memory and never written to disk as uploaded.
//! The journal stores their rows without cells of password columns. Only a few are kept; each is removed when its
//! plan is sent or discarded, when it is removed itself, when newer ones replace it, or when the program ends, in
//! whatever way.
//!
//! Rehearsals contain names, too, and need files. Those are in a folder that only its owner can open, next to the
//! journal. A program that was killed leaves its folder, and the next program removes it: if the folder's lock is
//! free, its program is gone.

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
use crate::state::reading::Reading;

/// The largest file, in bytes: more than a million rows.
pub const LARGEST: usize = 256 * 1024 * 1024;

/// The largest form without its file, in bytes.
pub const FORM: usize = 64 * 1024;

/// The most spreadsheets in memory; the oldest is removed.
const MOST: usize = 12;

/// The most memory for all of them, in bytes. The oldest are removed, but the newest always stays.
const HELD: usize = 2 * LARGEST;

const PREFIX: &str = "headcount-sheets-";

/// A spreadsheet that was uploaded.
pub struct Paper {
    /// Its id in addresses, which cannot be guessed.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its bytes as uploaded.
    content: Arc<[u8]>,
    /// When it was uploaded.
    pub at: Timestamp,
    /// The job that it was uploaded for.
    pub job: Job,
    /// The site that it was uploaded for.
    pub site: String,
    /// When its users were read; absent for a file of the user.
    pub reading: Option<Reading>,
    said: Mutex<Said>,
}

/// The user's choices for a spreadsheet on its page.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The fields of its form, as last sent.
    pub fields: Fields,
    /// Corrected cells; the file itself stays unchanged.
    pub corrected: Corrections,
    /// Exports in which users and groups are looked up.
    pub who: WhoIsWho,
    /// Why the last uploaded export is not one.
    pub no_export: Option<Arc<Failure>>,
    /// The run of its last plan.
    pub plan: Option<String>,
}

impl Paper {
    /// A new spreadsheet, which is not on the desk before [`Desk::lay`].
    ///
    /// # Errors
    /// The system returns no random number for its id.
    pub fn new(content: Vec<u8>, name: &str, job: Job, site: &str) -> Result<Self, Failure> {
        let (name, site, at) = (name.to_owned(), site.to_owned(), Timestamp::now());
        let content = content.into();
        Ok(Self {
            id: secret()?,
            name,
            content,
            at,
            job,
            site,
            reading: None,
            said: Mutex::default(),
        })
    }

    /// The same, of users that were read then.
    pub fn of(self, reading: Reading) -> Self {
        Self { reading: Some(reading), ..self }
    }

    /// The source from which it is opened.
    pub fn source(&self) -> Source {
        let bytes = Cursor::new(Arc::clone(&self.content));
        Source { name: self.name.clone(), input: Input::Stream(Box::new(bytes)) }
    }

    /// The user's choices.
    pub fn said(&self) -> Said {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the user's choices.
    pub fn say<T>(&self, change: impl FnOnce(&mut Said) -> T) -> T {
        change(&mut self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// All uploaded spreadsheets.
pub struct Desk {
    beside: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Created when it is first needed.
    folder: Option<Folder>,
    papers: VecDeque<Arc<Paper>>,
}

impl State {
    /// How much memory the spreadsheets take, in bytes.
    fn held(&self) -> usize {
        self.papers.iter().map(|paper| paper.content.len()).sum()
    }
}

/// The folder, with the lock that shows that its program runs.
struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The next program removes what is left.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

impl Desk {
    /// Uploads next to this journal. Removes files that killed programs left.
    pub fn new(journal: &Path) -> Self {
        let beside = journal.parent().filter(|folder| !folder.as_os_str().is_empty());
        let beside = beside.unwrap_or_else(|| Path::new(".")).to_owned();
        sweep(&beside);
        Self { beside, state: Mutex::new(State::default()) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder for files that contain names and must not be left behind.
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

    /// Adds a spreadsheet.
    pub fn lay(&self, paper: Paper) -> Arc<Paper> {
        let paper = Arc::new(paper);
        let mut state = self.lock();
        state.papers.push_back(Arc::clone(&paper));
        while state.papers.len() > 1 && (state.papers.len() > MOST || state.held() > HELD) {
            state.papers.pop_front();
        }
        paper
    }

    /// All spreadsheets, the newest first.
    pub fn all(&self) -> Vec<Arc<Paper>> {
        self.lock().papers.iter().rev().cloned().collect()
    }

    /// The spreadsheet with this id.
    pub fn find(&self, id: &str) -> Option<Arc<Paper>> {
        self.lock().papers.iter().find(|paper| paper.id == id).cloned()
    }

    /// Removes a spreadsheet.
    pub fn throw_away(&self, id: &str) {
        self.lock().papers.retain(|paper| paper.id != id);
    }

    /// Removes all spreadsheets, and the folder.
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

/// Locks a folder. The lock file gets its name only after it is locked, so that another program finds either no
/// lock file or a locked one.
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
            // A folder without a lock file is being made now, or was left at that moment.
            lock.map_or_else(|_| is_old(&entry), |lock| lock.try_lock().is_ok())
        };
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) && is_left() {
            // Another program may remove it at the same time.
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

    /// Another program removes folders while they are made; no folder in use is removed.
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
