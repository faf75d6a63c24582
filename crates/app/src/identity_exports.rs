//! Atlassian's exports for who is who, read into a directory.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use headcount_model::job::Job;
use headcount_people::directory::Directory;
use headcount_people::directory::exports::{Notices, read_groups, read_users};
use headcount_people::jobs;
use headcount_people::rows::Columns;
use headcount_people::rows::{SheetJob, open};
use headcount_sheet::{Input, Options, SheetError, Source};

use crate::failure::{Failure, USAGE};
use crate::hint::Hint;
pub use crate::hint::Whose;

impl Whose {
    /// Reads a file into the directory; what was odd in it.
    pub fn read(self, file: &ExportFile, directory: &mut Directory) -> Result<Notices, Failure> {
        let options = Options::default();
        let read = match self {
            Self::Users => read_users,
            Self::Groups => read_groups,
        };
        let sheet = open(file.source(), &options);
        let notices = sheet.and_then(|sheet| read(directory, sheet, &options));
        notices.map_err(|error| self.not_an_export(error))
    }

    /// `--map` is for the sheet alone, so what an export must have is said here.
    fn not_an_export(self, error: SheetError) -> Failure {
        let is_another = matches!(error, SheetError::MissingColumn { .. });
        let failure = unreadable(error);
        if is_another { failure.hint(Hint::ExportHas(self)) } else { failure }
    }

    fn columns(self) -> SheetJob {
        match self {
            Self::Users => SheetJob::UsersExport,
            Self::Groups => SheetJob::GroupsExport,
        }
    }
}

/// An export, and what it is called.
#[derive(Clone, Debug)]
pub struct ExportFile {
    /// Where its bytes are.
    pub content: Content,
    /// What it is called.
    pub name: String,
}

/// Where the bytes of an export are.
#[derive(Clone, Debug)]
pub enum Content {
    /// In a file of the user.
    File(PathBuf),
    /// In memory: an upload, which is never written to disk.
    Held(Arc<[u8]>),
}

impl ExportFile {
    /// To be opened.
    pub fn source(&self) -> Source {
        let input = match &self.content {
            Content::File(path) => Input::File(path.clone()),
            Content::Held(bytes) => Input::Stream(Box::new(Cursor::new(Arc::clone(bytes)))),
        };
        Source { name: self.name.clone(), input }
    }

    /// Its path, where it is a file.
    pub fn path(&self) -> Option<&Path> {
        match &self.content {
            Content::File(path) => Some(path),
            Content::Held(_) => None,
        }
    }
}

/// The exports that identify users and groups; the site is asked for the rest.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    /// The users'.
    pub users: Option<ExportFile>,
    /// The groups'.
    pub groups: Option<ExportFile>,
}

impl Exports {
    /// Files that are called by their paths.
    pub fn of(users: Option<&Path>, groups: Option<&Path>) -> Self {
        let file = |path: &Path| ExportFile {
            content: Content::File(path.into()),
            name: path.display().to_string(),
        };
        Self { users: users.map(file), groups: groups.map(file) }
    }

    /// Those that the job reads ids from.
    pub fn read_by(self, job: Job) -> Self {
        let read = jobs::of(job).exports;
        let (users, groups) =
            (self.users.filter(|_| read.users), self.groups.filter(|_| read.groups));
        Self { users, groups }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.users.is_none() && self.groups.is_none()
    }

    /// What they are called: the users', then the groups'.
    pub fn names(&self) -> Vec<&str> {
        self.users.iter().chain(&self.groups).map(|file| file.name.as_str()).collect()
    }

    /// Reads them into the directory; `noticed` receives what was odd in each.
    pub fn read(
        &self,
        directory: &mut Directory,
        noticed: &mut dyn FnMut(&str, Notices),
    ) -> Result<(), Failure> {
        let users = self.users.iter().map(|file| (Whose::Users, file));
        let groups = self.groups.iter().map(|file| (Whose::Groups, file));
        for (whose, file) in users.chain(groups) {
            noticed(&file.name, whose.read(file, directory)?);
        }
        Ok(())
    }
}

/// What of this can be taken from a file, by its headings: one file may tell both.
pub fn told_by(wanted: &[Whose], file: &ExportFile) -> Result<Vec<Whose>, Failure> {
    let options = Options::default();
    let sheet = open(file.source(), &options).map_err(unreadable)?;
    let mut told = Vec::new();
    for whose in wanted {
        match Columns::of(&sheet, whose.columns(), &options) {
            Ok(_) => told.push(*whose),
            Err(SheetError::MissingColumn { .. }) => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    Ok(told)
}

/// How a file is read can be said of the sheet of a job alone: an export is read as Atlassian writes it.
fn unreadable(error: SheetError) -> Failure {
    match error {
        SheetError::SeveralSheets { name, sheets, .. } => {
            let message = format!("{name} has {} sheets, and an export has one", sheets.len());
            Failure::new(USAGE, message).hint("save the sheet with the export as a separate file")
        }
        error @ SheetError::OnlyHiddenSheets { .. } => Failure::from(error.without_options())
            .hint("show the sheet with the export, and save the file"),
        error => Failure::from(error.without_options()),
    }
}
