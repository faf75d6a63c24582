//! The file with the members of groups that are deleted with them. It is complete and on the disk before the plan
//! can be applied, and no deletion is sent without it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use headcount_journal::{Journal, Run};
use headcount_people::directory::Directory;
use headcount_people::jobs::MEMBERS_FILE;
use headcount_people::plan::{MEMBER_HEADINGS, members_of_deleted};
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::atomic_file::AtomicFile;
use crate::failure::{Failure, USAGE};
use crate::unwritable::unwritable;

/// The key of the file's digest in the run's options.
const DIGEST: &str = "members_digest";

/// The key of the number of rows.
const ROWS: &str = "members_written";

/// Writes the members of all groups that the draft deletes.
///
/// # Errors
/// The file exists already, or cannot be written.
pub fn write(
    journal: &mut Journal,
    run: &Run,
    directory: &Directory,
    path: &Path,
) -> Result<(), Failure> {
    check_is_new(path)?;
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(MEMBER_HEADINGS).map_err(std::io::Error::from)?;
    let mut rows = 0_u64;
    members_of_deleted(journal, run, directory, |cells| -> Result<(), Failure> {
        rows += 1;
        let cells = cells.map(headcount_sheet::safe);
        csv.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(std::io::Error::from)?;
        Ok(())
    })?;
    let bytes = csv.into_inner().map_err(|error| unwritable(path, error.error()))?;
    let mut file = AtomicFile::begin(Some(path))?;
    file.write_all(&bytes).map_err(|error| unwritable(path, &error))?;
    file.end(|| Box::new(std::io::sink()))?;
    sync_folder(path)?;
    journal.add_options(&run.id, &json!({ DIGEST: digest(&bytes), ROWS: rows }))?;
    Ok(())
}

/// A new file's name: `members-20261129-215000.csv`.
pub fn name() -> String {
    Timestamp::now().strftime("members-%Y%m%d-%H%M%S.csv").to_string()
}

/// A new file in the journal's folder.
pub fn next_to(journal: &Path) -> PathBuf {
    journal.parent().unwrap_or(Path::new(".")).join(name())
}

/// Refuses a file that exists, because it may hold the members of other groups.
///
/// # Errors
/// The file exists.
pub fn check_is_new(path: &Path) -> Result<(), Failure> {
    match path.exists() {
        false => Ok(()),
        true => {
            let message =
                format!("--with-members: {} exists already; nothing was sent", path.display());
            Err(Failure::new(USAGE, message).hint("give the name of a new file"))
        }
    }
}

/// Makes the new name of a file durable, too. Only Unix has a call for it.
fn sync_folder(path: &Path) -> Result<(), Failure> {
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        fs::File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| unwritable(folder, &error))?;
    }
    Ok(())
}

/// The file of a run and its number of rows, if the run deletes groups with their members.
pub fn of(run: &Run) -> Option<(&str, u64)> {
    Some((run.options[MEMBERS_FILE].as_str()?, run.options[ROWS].as_u64()?))
}

/// Checks that the file is still there, before a run is sent.
///
/// # Errors
/// It is gone, or was changed.
pub fn check(run: &Run) -> Result<(), Failure> {
    let Some((path, _)) = of(run) else { return Ok(()) };
    let Err(what) = unchanged(run, path) else { return Ok(()) };
    let message = format!(
        "the file {path} with the members of the groups {what}; without it, the memberships cannot be restored. Nothing was sent"
    );
    Err(Failure::new(USAGE, message).hint("put the file back, or make a new plan"))
}

/// The content of the file, if the run has one.
///
/// # Errors
/// It is gone, was changed, or is on another computer.
pub fn content(run: &Run) -> Result<Option<Vec<u8>>, Failure> {
    let Some((path, _)) = of(run) else { return Ok(None) };
    unchanged(run, path).map(Some).map_err(|what| {
        let message = format!("the file {path} with the members of the groups {what}");
        Failure::new(USAGE, message).hint("look for it on the computer where the plan was made")
    })
}

/// The file's bytes, or in words why they are not those that were written.
fn unchanged(run: &Run, path: &str) -> Result<Vec<u8>, String> {
    match fs::read(path) {
        Ok(bytes) if run.options[DIGEST] == digest(&bytes).as_str() => Ok(bytes),
        Ok(_) => Err("was changed".to_owned()),
        Err(error) => Err(format!("cannot be read ({error})")),
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
