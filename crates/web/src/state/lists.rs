//! Finished exports: a CSV file with a line of data about each, in a folder next to the journal that only its
//! owner can open. After a restart, any page on the same journal finds them again.
//!
//! They contain names, so only a few are kept, and none longer than [`DAYS`].

use std::fs::File;
use std::path::{Path, PathBuf};

use headcount_app::failure::Failure;
use headcount_app::journal::make_private_folder;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::access::secret;

/// The most exports that are kept; the oldest is removed.
const MOST: usize = 8;

/// How many days an export is kept.
pub const DAYS: i64 = 30;

const FOLDER: &str = "headcount-lists";

/// Data about an export.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct About {
    /// The kind of list, by its name in addresses.
    pub key: String,
    /// The name of the profile.
    pub profile: String,
    /// The result, in a sentence.
    pub done: String,
    /// The number of rows below the heading.
    pub rows: u64,
    /// The number of different users in it.
    pub users: u64,
    /// What the export does not contain.
    pub notes: Vec<String>,
    /// When it was made.
    pub at: Timestamp,
}

/// A finished export.
pub struct Made {
    /// Its name in addresses, which cannot be guessed.
    pub id: String,
    /// Data about it.
    pub about: About,
    /// Its file.
    pub file: PathBuf,
}

/// The exports next to a journal.
pub struct Lists {
    folder: PathBuf,
}

impl Lists {
    /// The exports next to this journal. Removes those that are too old.
    pub fn new(journal: &Path) -> Self {
        let beside = journal.parent().filter(|folder| !folder.as_os_str().is_empty());
        let lists = Self { folder: beside.unwrap_or_else(|| Path::new(".")).join(FOLDER) };
        lists.sweep(Timestamp::now());
        lists
    }

    /// Keeps a finished file. Returns the export's id.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep(&self, about: &About, file: NamedTempFile) -> Result<String, Failure> {
        make_private_folder(&self.folder)?;
        let id = secret()?;
        let line = NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer(&line, about).map_err(std::io::Error::from)?;
        let persist = |file: NamedTempFile, kind: &str| {
            file.persist(self.path(&id, kind)).map_err(|error| error.error)
        };
        persist(file, "csv")?;
        // The export exists once its line of data exists.
        persist(line, "json")?;
        for old in self.all().into_iter().skip(MOST) {
            self.throw_away(&old.id);
        }
        Ok(id)
    }

    /// All exports, the newest first.
    pub fn all(&self) -> Vec<Made> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let ids = entries.flatten().filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some(name.strip_suffix(".json")?.to_owned())
        });
        let mut all: Vec<_> = ids.filter_map(|id| self.find(&id)).collect();
        all.sort_by(|one, other| (other.about.at, &other.id).cmp(&(one.about.at, &one.id)));
        all
    }

    /// The export with this id.
    pub fn find(&self, id: &str) -> Option<Made> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let about = serde_json::from_reader(File::open(self.path(id, "json")).ok()?).ok()?;
        let file = self.path(id, "csv");
        file.is_file().then(|| Made { id: id.to_owned(), about, file })
    }

    /// Removes an export.
    pub fn throw_away(&self, id: &str) {
        if self.find(id).is_some() {
            // Another page may remove it at the same time.
            let _ = std::fs::remove_file(self.path(id, "json"));
            let _ = std::fs::remove_file(self.path(id, "csv"));
        }
    }

    fn path(&self, id: &str, kind: &str) -> PathBuf {
        self.folder.join(format!("{id}.{kind}"))
    }

    fn sweep(&self, now: Timestamp) {
        let is_old =
            |made: &Made| now.duration_since(made.about.at) > SignedDuration::from_hours(24 * DAYS);
        for old in self.all().into_iter().filter(is_old) {
            self.throw_away(&old.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(lists: &Lists, at: Timestamp) -> String {
        let about = About {
            key: "people".into(),
            profile: "acme".into(),
            done: "1 user".into(),
            rows: 1,
            users: 1,
            notes: Vec::new(),
            at,
        };
        let file = NamedTempFile::new_in(lists.folder.parent().unwrap()).unwrap();
        std::fs::write(&file, "User id\n1\n").unwrap();
        lists.keep(&about, file).unwrap()
    }

    #[test]
    fn lists_are_found_again_few_and_not_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.db");
        let lists = Lists::new(&journal);
        let now = Timestamp::now();
        let old = make(&lists, now - SignedDuration::from_hours(24 * DAYS + 1));
        let first = make(&lists, now - SignedDuration::from_hours(2));
        assert_eq!(lists.all().len(), 2);
        let again = Lists::new(&journal);
        assert!(again.find(&old).is_none());
        let found = again.find(&first).unwrap();
        assert_eq!(std::fs::read_to_string(found.file).unwrap(), "User id\n1\n");
        for _ in 0..MOST {
            make(&lists, now);
        }
        assert!(again.find(&first).is_none());
        assert_eq!(again.all().len(), MOST);
        let left = again.all().remove(0).id;
        again.throw_away(&left);
        assert_eq!(again.all().len(), MOST - 1);
        for odd in ["", "..", "../journal", "x/y", "ab.json"] {
            assert!(again.find(odd).is_none(), "{odd}");
        }
    }
}
