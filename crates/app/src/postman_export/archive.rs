//! The three files of an export in one ZIP archive, because the page can only offer one file at a time.

use std::fs::File;
use std::io::{self, Seek};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Exported;
use crate::failure::Failure;

/// Returns an archive with the files of an export, positioned at its beginning.
///
/// # Errors
/// A file cannot be read, or the archive cannot be written.
pub fn archive(exported: &Exported) -> Result<File, Failure> {
    let mut archive = ZipWriter::new(tempfile::tempfile()?);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for path in &exported.files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        archive.start_file(name, options).map_err(io::Error::from)?;
        io::copy(&mut File::open(path)?, &mut archive)?;
    }
    let mut archive = archive.finish().map_err(io::Error::from)?;
    archive.rewind()?;
    Ok(archive)
}
