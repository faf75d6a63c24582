//! Exports that were uploaded with a spreadsheet: users and groups are looked up in them instead of on the
//! site.
//!
//! People's ids come from one of them, groups' ids from one, which may be the same; what is given later
//! takes the place of what was given before. They are held in memory and go with the sheet.

use headcount_app::failure::{Failure, USAGE};
use headcount_app::identity_exports::{ExportFile, Exports, Whose, told_by};
use headcount_model::job::Job;
use headcount_people::directory::Directory;
use headcount_people::directory::exports::Notices;
use headcount_people::jobs;
use headcount_sheet::Problem;

/// An export, and what was seen in it.
#[derive(Clone, Debug)]
pub struct Given {
    /// What it is called, and its bytes.
    pub file: ExportFile,
    /// People or groups in it.
    pub told: u64,
    /// The first notices about it.
    pub odd: Vec<Problem>,
    /// How much more is odd.
    pub more: u64,
}

/// Exports in which users and groups are looked up; the rest is looked up on the site.
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
        let file = |given: &Given| given.file.clone();
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

/// Looks into a file for what the job takes. It takes a while.
///
/// # Errors
/// The file cannot be read, or is no export.
pub fn read(job: Job, file: ExportFile) -> Result<WhoIsWho, Failure> {
    let told = told_by(taken(job), &file)?;
    let mut given = WhoIsWho::default();
    for whose in told {
        let one = Some(look_into(whose, &file)?);
        match whose {
            Whose::Users => given.users = one,
            Whose::Groups => given.groups = one,
        }
    }
    if given.each().next().is_some() {
        return Ok(given);
    }
    let message = format!("{} is not an export of users or groups", file.name);
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
            "an export of users has the columns `User id` and `email`; choose “Pivot to column” to get \
             `Group id` and `Group name`, too"
        }
    }
}

fn look_into(whose: Whose, file: &ExportFile) -> Result<Given, Failure> {
    let Notices { added, first, more, .. } = whose.read(file, &mut Directory::default())?;
    Ok(Given { file: file.clone(), told: added, odd: first, more })
}
