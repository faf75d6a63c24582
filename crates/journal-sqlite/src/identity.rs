//! Which file a path names. An open file that is deleted or replaced can still be written, but what is written is
//! lost.

use std::path::Path;

/// A file, apart from its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    device: u64,
    number: u64,
}

impl Identity {
    /// The file with this name; `None` if there is none.
    #[cfg(unix)]
    pub(crate) fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let file = std::fs::metadata(path).ok()?;
        Some(Self { device: file.dev(), number: file.ino() })
    }

    /// Elsewhere an open file cannot be deleted or replaced.
    #[cfg(not(unix))]
    pub(crate) fn of(_path: &Path) -> Option<Self> {
        Some(Self { device: 0, number: 0 })
    }
}
