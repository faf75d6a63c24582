//! Exports that were given with a sheet: they tell who is who instead of the site.
//!
//! People's ids come from one of them, groups' ids from one, which may be the same; what is given later
//! takes the place of what was given before. The files lie where the sheet lies and go with it.

use std::path::Path;
use std::sync::Arc;

use headcount_app::failure::{Failure, USAGE};
use headcount_app::identity_exports::{ExportFile, Exports, Whose, told_by};
use headcount_model::job::Job;
use headcount_people::directory::Directory;
use headcount_people::directory::exports::Notices;
use headcount_people::jobs;
use headcount_sheet::Problem;
use tempfile::TempPath;

/// An export, and what was seen in it.
#[derive(Clone, Debug)]
pub struct Given {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub file: Arc<TempPath>,
    /// People or groups in it.
    pub told: u64,
    /// What is odd in it: the first of it.
    pub odd: Vec<Problem>,
    /// How much more is odd.
    pub more: u64,
}

/// Which exports tell who is who; the site is asked for what none of them tells.
#[derive(Clone, Debug, Default)]
pub struct WhoIsWho {
    /// People.
    pub users: Option<Given>,
    /// Groups.
    pub groups: Option<Given>,
}

impl WhoIsWho {
    /// Each of them.
    pub fn each(&self) -> impl Iterator<Item = (Whose, &Given)> {
        let users = self.users.iter().map(|given| (Whose::Users, given));
        users.chain(self.groups.iter().map(|given| (Whose::Groups, given)))
    }

    /// Their files.
    pub fn files(&self) -> Exports {
        let file =
            |given: &Given| ExportFile { path: given.file.to_path_buf(), name: given.name.clone() };
        Exports { users: self.users.as_ref().map(file), groups: self.groups.as_ref().map(file) }
    }

    /// What was given later takes its place.
    pub fn add(&mut self, later: Self) {
        self.users = later.users.or(self.users.take());
        self.groups = later.groups.or(self.groups.take());
    }
}

/// What a job takes from exports: a job that names no group needs none of groups.
pub fn taken(job: Job) -> &'static [Whose] {
    let exports = jobs::of(job).exports;
    match (exports.users, exports.groups) {
        (true, true) => &[Whose::Users, Whose::Groups],
        (true, false) => &[Whose::Users],
        (false, true) => &[Whose::Groups],
        (false, false) => &[],
    }
}

/// Looks into a file for what the job takes. It waits for the disk.
///
/// # Errors
/// The file cannot be read, or tells nothing of it.
pub fn read(job: Job, name: &str, file: TempPath) -> Result<WhoIsWho, Failure> {
    let told = told_by(taken(job), &file, name)?;
    let file = Arc::new(file);
    let mut given = WhoIsWho::default();
    for whose in told {
        let one = Some(look_into(whose, name, &file)?);
        match whose {
            Whose::Users => given.users = one,
            Whose::Groups => given.groups = one,
        }
    }
    if given.each().next().is_some() {
        return Ok(given);
    }
    let message = format!("{name} tells nothing of who is who");
    Err(Failure::new(USAGE, message).hint(wanted(job)))
}

/// What an export has for the job.
fn wanted(job: Job) -> &'static str {
    match taken(job) {
        [Whose::Users] => "an export of users has the columns `User id` and `email`",
        [Whose::Groups] => {
            "an export of users with their groups has the columns `Group id` and `Group name`"
        }
        _ => {
            "an export of users has the columns `User id` and `email`; with their groups, pivoted to \
             columns, it has `Group id` and `Group name`, too"
        }
    }
}

fn look_into(whose: Whose, name: &str, file: &Arc<TempPath>) -> Result<Given, Failure> {
    let path: &Path = file;
    let Notices { added, first, more, .. } = whose.read(path, name, &mut Directory::default())?;
    Ok(Given { name: name.to_owned(), file: Arc::clone(file), told: added, odd: first, more })
}
