//! Reads Atlassian's exports of users and groups into a directory.

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
    /// Reads a file into the directory. Returns the notices about it.
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

    /// `--map` applies only to the spreadsheet, so the required columns of an export are listed here.
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

/// An export and its name.
#[derive(Clone, Debug)]
pub struct ExportFile {
    /// The location of its bytes.
    pub content: Content,
    /// What it is called.
    pub name: String,
}

/// The location of an export's bytes.
#[derive(Clone, Debug)]
pub enum Content {
    /// A file of the user.
    File(PathBuf),
    /// In memory: an upload, which is never written to disk.
    Held(Arc<[u8]>),
}

impl ExportFile {
    /// The source from which it is opened.
    pub fn source(&self) -> Source {
        let input = match &self.content {
            Content::File(path) => Input::File(path.clone()),
            Content::Held(bytes) => Input::Stream(Box::new(Cursor::new(Arc::clone(bytes)))),
        };
        Source { name: self.name.clone(), input }
    }

    /// Its path, if it is a file.
    pub fn path(&self) -> Option<&Path> {
        match &self.content {
            Content::File(path) => Some(path),
            Content::Held(_) => None,
        }
    }
}

/// The exports in which users and groups are looked up; all others are looked up on the site.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    /// The users' export.
    pub users: Option<ExportFile>,
    /// The groups' export.
    pub groups: Option<ExportFile>,
}

impl Exports {
    /// Files, named by their paths.
    pub fn of(users: Option<&Path>, groups: Option<&Path>) -> Self {
        let file = |path: &Path| ExportFile {
            content: Content::File(path.into()),
            name: path.display().to_string(),
        };
        Self { users: users.map(file), groups: groups.map(file) }
    }

    /// The exports from which the job reads ids.
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

    /// The names of the users' and the groups' export.
    pub fn names(&self) -> Vec<&str> {
        self.users.iter().chain(&self.groups).map(|file| file.name.as_str()).collect()
    }

    /// Reads them into the directory; `noticed` receives the notices about each.
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

/// Which of the wanted data a file has, by its headings. One file may have both.
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

/// Reading options apply only to a job's spreadsheet: an export is read as Atlassian writes it.
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
