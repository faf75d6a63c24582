//! The failure of a file that cannot be written: its name, the reason, and what to do next.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, USAGE};

/// The failure of a command that cannot write this file.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let (why, next) = reason(path, error);
    let mut failure = Failure::new(USAGE, format!("{} cannot be written", path.display()));
    failure.causes.push(why);
    failure.hint(next)
}

/// The reason, and what to do next. The error itself may name a temporary file, which means nothing to a user.
fn reason(path: &Path, error: &io::Error) -> (String, &'static str) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match error.kind() {
        ErrorKind::NotFound if folder.is_some_and(|folder| !folder.exists()) => (
            format!("the folder {} does not exist", folder.unwrap_or(path).display()),
            "make the folder, or name a file in one that exists",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            ("its disk is full".to_owned(), "make room, or name a file on another disk")
        }
        ErrorKind::IsADirectory => ("it is a folder".to_owned(), "name a file"),
        ErrorKind::PermissionDenied => {
            ("you may not write there".to_owned(), "name a file in a folder that you may write to")
        }
        kind => {
            let code = error.raw_os_error().map(io::Error::from_raw_os_error);
            let plain = code.unwrap_or_else(|| kind.into());
            (plain.to_string(), "name another file, in a folder that exists")
        }
    }
}

/// A file whose errors contain its name, because the code that writes a report does not know the file.
pub(crate) struct NamedFile {
    file: File,
    path: PathBuf,
}

impl NamedFile {
    /// Creates the file.
    ///
    /// # Errors
    /// It cannot be written there.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let file = File::create(path).map_err(|error| unwritable(path, &error))?;
        Ok(Self { file, path: path.to_owned() })
    }

    fn named<T>(&self, written: io::Result<T>) -> io::Result<T> {
        written.map_err(|error| {
            let (why, next) = reason(&self.path, &error);
            let name = self.path.display();
            io::Error::new(error.kind(), format!("{name} cannot be written: {why}; {next}"))
        })
    }
}

impl Write for NamedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        self.named(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.file.flush();
        self.named(flushed)
    }
}
