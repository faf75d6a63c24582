//! The uploaded files of a collection's run, and the values that were typed for them.
//!
//! Both may be secret, so they are only in memory, until their run has ended, its plan is discarded, newer ones
//! replace them, or the program ends.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_app::failure::Failure;
use headcount_app::words::thousands;
use headcount_collections::{
    Data, File, FileKind, Files, Given, GivenAs, Inspected, Source, inspect,
};
use jiff::Timestamp;

use crate::access::secret;
use crate::state::uploads::LARGEST;

/// The most collections in memory; the oldest is removed.
const MOST: usize = 8;

/// The most memory for all of them, in bytes. The oldest are removed, but the newest always stays.
const HELD: usize = LARGEST;

/// The most iterations that can be typed.
const ITERATIONS: usize = 1_000_000;

/// The most files of one collection's run, including wrong ones.
pub const FILES: usize = 12;

/// A file that was uploaded.
#[derive(Clone)]
pub struct Upload {
    /// Its number in addresses.
    pub number: u64,
    /// The file.
    pub file: Arc<File>,
    /// What it is.
    pub inspected: Inspected,
}

/// A value that is in no file.
#[derive(Clone)]
pub struct Typed {
    /// The variable.
    pub name: String,
    /// Its value.
    pub value: String,
    /// How the value is used.
    pub how: GivenAs,
}

/// What is run of the collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The folder; `None`: everything.
    pub folder: Option<String>,
    /// The number of iterations as it was typed; empty: one for each row.
    pub iterations: String,
    /// Whether the run stops at the first failed row.
    pub bails: bool,
}

impl Choice {
    /// The number of iterations; an error in a sentence.
    pub fn count(&self) -> Result<Option<usize>, String> {
        let typed = self.iterations.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let count = typed.parse().ok().filter(|count| (1..=ITERATIONS).contains(count));
        count.map(Some).ok_or_else(|| {
            format!(
                "The number of iterations must be a whole number from 1 to {}.",
                thousands(ITERATIONS as u64)
            )
        })
    }
}

/// The user's input for a bundle.
#[derive(Clone, Default)]
pub struct Said {
    /// Its files, in the order of their upload.
    pub uploads: Vec<Upload>,
    /// The values.
    pub typed: Vec<Typed>,
    /// What is run of the collection.
    pub choice: Choice,
    /// Why no plan could be made, in sentences.
    pub problems: Vec<String>,
    /// The run that was planned with these files, or continues with them.
    pub run: Option<String>,
    /// The run that the files were uploaded to continue.
    pub continues: Option<String>,
    /// headcount's own jobs that do the same.
    pub jobs: Vec<&'static str>,
    next: u64,
}

impl Said {
    /// Adds a file. It replaces a file with the same name.
    pub fn add(&mut self, file: File) {
        self.uploads.retain(|known| known.file.name != file.name);
        if self.uploads.len() < FILES {
            let (number, inspected) = (self.next, inspect(&file));
            self.next += 1;
            self.uploads.push(Upload { number, file: Arc::new(file), inspected });
        }
        self.problems.clear();
    }

    /// The files that were read as this kind.
    pub fn of_kind(&self, kind: FileKind) -> impl Iterator<Item = &Upload> {
        self.uploads.iter().filter(move |it| it.inspected.kind == Some(kind))
    }

    /// The files of a run; `None` if one is wrong, missing, or there twice.
    pub fn files(&self) -> Option<Files> {
        let is_wrong = |it: &Upload| it.inspected.kind.is_none() || it.inspected.holds.is_err();
        let is_twice = |kind: &FileKind| self.of_kind(*kind).nth(1).is_some();
        if self.uploads.iter().any(is_wrong) || FileKind::ALL.iter().any(is_twice) {
            return None;
        }
        let file = |kind| self.of_kind(kind).next().map(|it| File::clone(&it.file));
        Some(Files {
            collection: file(FileKind::Collection)?,
            environment: file(FileKind::Environment),
            globals: file(FileKind::Globals),
            data: self.of_kind(FileKind::Data).next().map(|it| Data::Held(Arc::clone(&it.file))),
        })
    }

    /// The source of these files, with what is run of them.
    ///
    /// # Errors
    /// The number of iterations cannot be used; a sentence says why.
    pub fn source(&self, files: &Files) -> Result<Source, String> {
        let iterations = self.choice.count()?;
        let folders = self.choice.folder.iter().cloned().collect();
        let bail = self.choice.bails.then(|| "failure".to_owned());
        Ok(Source { folders, iterations, bail, ..Source::uploaded(files) })
    }

    /// The values in the form that the plan takes.
    pub fn given(&self) -> Given {
        let all = |how| {
            let typed = self.typed.iter().filter(move |typed| typed.how == how);
            typed.map(|typed| (typed.name.clone(), typed.value.clone())).collect()
        };
        Given {
            environment: all(GivenAs::Environment),
            globals: all(GivenAs::Global),
            hidden: all(GivenAs::Hidden),
        }
    }

    /// The value that was typed for a variable.
    pub fn typed(&self, name: &str) -> Option<&Typed> {
        self.typed.iter().find(|typed| typed.name == name)
    }

    fn held(&self) -> usize {
        self.uploads.iter().map(|it| it.file.bytes.len()).sum()
    }
}

/// The files of one run.
pub struct Bundle {
    /// Its name in addresses, which cannot be guessed.
    pub id: String,
    /// The site that was chosen at the upload; used for jobs that do the same.
    pub site: String,
    /// When it was created.
    pub at: Timestamp,
    said: Mutex<Said>,
}

impl Bundle {
    /// An empty bundle.
    ///
    /// # Errors
    /// The system returns no random number for its id.
    pub fn new(site: String) -> Result<Self, Failure> {
        Ok(Self { id: secret()?, site, at: Timestamp::now(), said: Mutex::default() })
    }

    /// The user's input.
    pub fn said(&self) -> Said {
        self.lock().clone()
    }

    /// Changes the user's input.
    pub fn say<T>(&self, change: impl FnOnce(&mut Said) -> T) -> T {
        change(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All bundles.
#[derive(Default)]
pub struct Bundles(Mutex<VecDeque<Arc<Bundle>>>);

impl Bundles {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Bundle>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a bundle.
    pub fn add(&self, bundle: Bundle) -> Arc<Bundle> {
        let bundle = Arc::new(bundle);
        let mut all = self.lock();
        all.push_back(Arc::clone(&bundle));
        let held = |all: &VecDeque<Arc<Bundle>>| -> usize {
            all.iter().map(|bundle| bundle.lock().held()).sum()
        };
        while all.len() > 1 && (all.len() > MOST || held(&all) > HELD) {
            all.pop_front();
        }
        bundle
    }

    /// All bundles, the newest first.
    pub fn all(&self) -> Vec<Arc<Bundle>> {
        self.lock().iter().rev().cloned().collect()
    }

    /// The bundle with this id.
    pub fn find(&self, id: &str) -> Option<Arc<Bundle>> {
        self.lock().iter().find(|bundle| bundle.id == id).cloned()
    }

    /// The bundle of this run.
    pub fn of_run(&self, run: &str) -> Option<Arc<Bundle>> {
        self.lock().iter().rev().find(|bundle| bundle.lock().run.as_deref() == Some(run)).cloned()
    }

    /// Removes a bundle.
    pub fn throw_away(&self, id: &str) {
        self.lock().retain(|bundle| bundle.id != id);
    }

    /// Removes the bundles of a run.
    pub fn take_of_run(&self, run: &str) {
        self.lock().retain(|bundle| bundle.lock().run.as_deref() != Some(run));
    }

    /// Removes all bundles.
    pub fn clear(&self) {
        self.lock().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    const COLLECTION: &str = r#"{"info": {}, "item": [{"name": "a", "request": "http://a"}]}"#;

    #[test]
    fn a_run_has_one_file_of_a_kind_and_none_that_is_wrong() {
        let mut said = Said::default();
        assert!(said.files().is_none());
        said.add(file("c.json", COLLECTION));
        said.add(file("d.csv", "name\na\n"));
        assert!(said.files().is_some_and(|files| files.data.is_some()));
        said.add(file("d.csv", "name\n"));
        assert!(said.files().is_none(), "without a row");
        said.add(file("d.csv", "name\nb\n"));
        assert!(said.files().is_some(), "the same name takes its place");
        said.add(file("other.json", COLLECTION));
        assert!(said.files().is_none(), "two collections");
    }

    #[test]
    fn bundles_are_few_and_go_with_their_run() {
        let bundles = Bundles::default();
        let first = bundles.add(Bundle::new("sandbox".into()).unwrap()).id.clone();
        for _ in 0..MOST {
            bundles.add(Bundle::new("sandbox".into()).unwrap());
        }
        assert!(bundles.find(&first).is_none());
        let last = bundles.add(Bundle::new("sandbox".into()).unwrap());
        last.say(|said| said.run = Some("7".to_owned()));
        assert!(bundles.of_run("7").is_some() && bundles.of_run("8").is_none());
        bundles.take_of_run("7");
        assert!(bundles.of_run("7").is_none());
    }
}
