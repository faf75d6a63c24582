//! Opening the journal, in a file or on a server.

use std::fmt;
use std::path::{Path, PathBuf};

use headcount_journal::{Copied, Journal, JournalError, JournalVersion, RunId, RunState};
pub use headcount_journal_postgres::{Address, AddressError};

use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::hint::Hint;

/// Opens the journal, in a folder that only its owner can read, because it contains names.
pub fn open(context: &Context) -> Result<Journal, Failure> {
    let place = match &context.journal_server {
        Some(address) => Place::Server(Box::new(address.clone())),
        None => Place::File(context.journal.clone()),
    };
    // Other files of headcount are there, too.
    if let Some(folder) = context.journal.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_private_folder(folder)?;
    }
    let mut journal = place.open()?;
    journal.sweep_drafts()?;
    Ok(journal)
}

/// The place of a journal.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// A server; it is shown without its password.
    Server(Box<Address>),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Server(address) => write!(f, "{address}"),
        }
    }
}

impl Place {
    /// Opens a journal that is there.
    fn existing(&self) -> Result<Journal, Failure> {
        let is_there = match self {
            Self::File(path) => path.exists(),
            Self::Server(address) => headcount_journal_postgres::version(address)?.found.is_some(),
        };
        match is_there {
            true => self.open(),
            false => Err(Failure::new(USAGE, format!("there is no journal at {self}"))
                .hint("name the file, or the address of the database, of the journal to copy")),
        }
    }

    /// Opens a journal, and makes it if there is none.
    fn open(&self) -> Result<Journal, Failure> {
        Ok(match self {
            Self::File(path) => {
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
                {
                    make_private_folder(folder)?;
                }
                make_private_file(path);
                open_file(path)?
            }
            Self::Server(address) => headcount_journal_postgres::open(address)?,
        })
    }
}

/// Copies a whole journal to another place, where there is none or an empty one.
///
/// # Errors
/// A journal cannot be opened; the second is not empty; or a process plans or applies a run of the first.
pub fn copy(from: &Place, to: &Place) -> Result<Vec<Copied>, Failure> {
    let mut source = from.existing()?;
    source.sweep_drafts()?;
    Ok(source.copy_into(&mut to.open()?)?)
}

/// A journal as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its place: the file, or the address without a password.
    pub place: String,
    /// The version of its tables.
    pub version: JournalVersion,
    /// All runs.
    pub runs: usize,
    /// Runs that a process is planning or applying now.
    pub held: Vec<RunId>,
}

/// The journal as it is now. An older journal is not upgraded, and a file is not made.
///
/// # Errors
/// The journal cannot be opened.
pub fn status(context: &Context) -> Result<Status, Failure> {
    let (place, version) = match &context.journal_server {
        Some(address) => (address.to_string(), headcount_journal_postgres::version(address)?),
        None => {
            let known = headcount_journal_sqlite::VERSION;
            // Opening the file reports why it is none, or of a newer headcount.
            let version = || headcount_journal_sqlite::version(&context.journal).unwrap_or(known);
            let found = context.journal.exists().then(|| version().min(known));
            (context.journal.display().to_string(), JournalVersion { found, known })
        }
    };
    let mut status = Status { place, version, runs: 0, held: Vec::new() };
    if version.found != Some(version.known) {
        return Ok(status);
    }
    let journal = match &context.journal_server {
        Some(address) => headcount_journal_postgres::open(address)?,
        None => open_file(&context.journal)?,
    };
    let runs = journal.runs()?;
    status.runs = runs.iter().filter(|run| run.state != RunState::Draft).count();
    let held = runs.into_iter().map(|run| run.id).filter(|id| journal.is_held(id));
    status.held = held.collect();
    Ok(status)
}

/// Makes the journal's tables, or brings older ones up to date.
///
/// # Errors
/// The journal cannot be opened, or not be changed.
pub fn migrate(context: &Context) -> Result<(), Failure> {
    if let Some(address) = &context.journal_server {
        headcount_journal_postgres::migrate(address)?;
    }
    open(context).map(drop)
}

/// Opens the journal in a file. Only this function chooses the store.
///
/// # Errors
/// As [`headcount_journal_sqlite::open`].
pub fn open_file(path: &Path) -> Result<Journal, JournalError> {
    headcount_journal_sqlite::open(path)
}

/// Creates a folder that only its owner can open, if it does not exist.
pub fn make_private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Failure::new(USAGE, format!("the folder {} cannot be created", folder.display()))
            .because(&error)
            .hint(Hint::OtherJournal { instead: "", then: "" })
    })
}

/// Creates the file with its owner's permissions before the store would create it readable by all users. If that
/// fails, opening it reports why.
fn make_private_file(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}
