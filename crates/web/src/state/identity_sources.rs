//! Exports that were uploaded with a spreadsheet: users and groups are looked up in them instead of on the site.
//!
//! One of them has the users' ids, one the groups' ids; it may be the same file. A later upload replaces an
//! earlier one. They are in memory and are removed together with the spreadsheet.

use headcount_app::failure::{Failure, USAGE};
use headcount_app::identity_exports::{ExportFile, Exports, Whose, told_by};
use headcount_model::job::Job;
use headcount_people::directory::Directory;
use headcount_people::directory::exports::Notices;
use headcount_people::jobs;
use headcount_sheet::Problem;

/// An export and its content.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its name and its bytes.
    pub file: ExportFile,
    /// The number of users or groups in it.
    pub told: u64,
    /// The first notices about it.
    pub odd: Vec<Problem>,
    /// The number of further notices.
    pub more: u64,
}

/// The exports in which users and groups are looked up; all others are looked up on the site.
#[derive(Clone, Debug, Default)]
pub struct WhoIsWho {
    /// The export with users.
    pub users: Option<Given>,
    /// The export with groups.
    pub groups: Option<Given>,
}

impl WhoIsWho {
    /// The exports.
    pub fn each(&self) -> impl Iterator<Item = (Whose, &Given)> {
        let users = self.users.iter().map(|given| (Whose::Users, given));
        users.chain(self.groups.iter().map(|given| (Whose::Groups, given)))
    }

    /// Their files.
    pub fn files(&self) -> Exports {
        let file = |given: &Given| given.file.clone();
        Exports { users: self.users.as_ref().map(file), groups: self.groups.as_ref().map(file) }
    }

    /// Adds later uploads, which replace the earlier ones.
    pub fn add(&mut self, later: Self) {
        self.users = later.users.or(self.users.take());
        self.groups = later.groups.or(self.groups.take());
    }
}

/// What a job takes from exports: a job without groups takes no groups.
pub fn taken(job: Job) -> &'static [Whose] {
    let exports = jobs::of(job).exports;
    match (exports.users, exports.groups) {
        (true, true) => &[Whose::Users, Whose::Groups],
        (true, false) => &[Whose::Users],
        (false, true) => &[Whose::Groups],
        (false, false) => &[],
    }
}

/// Reads the users or groups that the job needs from a file. This takes some time.
///
/// # Errors
/// The file cannot be read or is not an export.
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

/// What the job needs from an export.
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
