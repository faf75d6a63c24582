//! A file that is written completely or not at all.
//!
//! It is written next to its place and renamed at the end, so that neither a failure nor `kill -9` leaves half a
//! file that looks complete. Output to standard output cannot be taken back, so it is first written to a temporary
//! file.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::failure::Failure;
use crate::unwritable::{NamedFile, unwritable};

/// A file, or standard output, while it is being written.
pub struct AtomicFile {
    out: BufWriter<Place>,
    /// The file's place; `None` for standard output.
    to: Option<PathBuf>,
}

enum Place {
    /// In a temporary file next to its place.
    Beside(NamedTempFile),
    /// In a temporary file, for standard output.
    Held(File),
}

impl Write for Place {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Beside(file) => file.write(bytes),
            Self::Held(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Beside(file) => file.flush(),
            Self::Held(file) => file.flush(),
        }
    }
}

impl AtomicFile {
    /// Starts a file; `None` and `-` mean standard output. An existing file stays unchanged until the end.
    ///
    /// # Errors
    /// The place cannot be written.
    pub fn begin(to: Option<&Path>) -> Result<Self, Failure> {
        let to = to.filter(|path| *path != Path::new("-"));
        // A pipe or a device is written directly, not replaced.
        let place = match to.filter(|path| path.is_file() || !path.exists()) {
            Some(path) => Place::Beside(beside(path).map_err(|error| unwritable(path, &error))?),
            None => {
                if let Some(folder) = to.filter(|path| path.is_dir()) {
                    let error = std::io::Error::from(std::io::ErrorKind::IsADirectory);
                    return Err(unwritable(folder, &error));
                }
                Place::Held(tempfile::tempfile()?)
            }
        };
        Ok(Self { out: BufWriter::new(place), to: to.map(Path::to_owned) })
    }

    /// Puts the complete file in its place. `standard_output` is only called for standard output.
    ///
    /// # Errors
    /// The place cannot be written.
    pub fn end(self, standard_output: impl FnOnce() -> Box<dyn Write>) -> Result<(), Failure> {
        let whole = self.out.into_inner().map_err(std::io::IntoInnerError::into_error);
        let place = match (whole, &self.to) {
            (Ok(place), _) => place,
            (Err(error), Some(to)) => return Err(unwritable(to, &error)),
            (Err(error), None) => return Err(error.into()),
        };
        match (place, self.to) {
            (Place::Beside(file), Some(to)) => {
                file.as_file().sync_all().map_err(|error| unwritable(&to, &error))?;
                file.persist(&to).map(drop).map_err(|error| unwritable(&to, &error.error))
            }
            (Place::Held(mut file), to) => {
                file.seek(SeekFrom::Start(0))?;
                let mut out: Box<dyn Write> = match &to {
                    Some(path) => Box::new(NamedFile::create(path)?),
                    None => standard_output(),
                };
                std::io::copy(&mut file, &mut out)?;
                Ok(out.flush()?)
            }
            (Place::Beside(_), None) => Ok(()),
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// Only its owner can read it, because it contains names and addresses. A link is followed, so that its target is
/// replaced.
fn beside(path: &Path) -> std::io::Result<NamedTempFile> {
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = real.parent().filter(|folder| !folder.as_os_str().is_empty());
    Builder::new()
        .prefix(".headcount-")
        .suffix(".partial")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
}
