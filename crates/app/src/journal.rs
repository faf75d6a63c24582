//! Opening the journal.

use std::path::Path;

use headcount_journal::{Journal, JournalError};

use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::hint::Hint;

/// Opens the journal, in a folder that only its owner can read, because it contains names.
pub fn open(context: &Context) -> Result<Journal, Failure> {
    if let Some(folder) = context.journal.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_private_folder(folder)?;
    }
    make_private_file(&context.journal);
    let mut journal = open_file(&context.journal)?;
    journal.sweep_drafts()?;
    Ok(journal)
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
