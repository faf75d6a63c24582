//! The jobs: what each one is, in a file of its own.
//!
//! A [`JobSpec`] is data and plain functions, and all of it is required, so that the compiler asks a new
//! job for everything. The command line's sentences, the page's tiles, templates and forms, the report's
//! headings, the planner and the guards take what they need from here; nothing else lists the jobs.

mod activate_users;
mod add_members;
mod asked;
mod create_groups;
mod create_users;
mod creation;
mod deactivate_users;
mod families;
mod need;
mod page;
mod phrases;
pub(crate) mod remove_groups;
mod remove_members;
mod remove_users;
#[cfg(test)]
mod resolve_tests;
mod restore_users;
mod run_collection;
mod spared;
mod suspend_users;

use crate::rows::{Columns, SheetJob};
use headcount_journal::{ReasonCount, Run};
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_sheet::{Problem, Raw};

pub use crate::directory::lookup::Counted;
use crate::directory::{Directory, Person};
use crate::lookup::{LookingUp, Lookup, LookupBack};
use crate::resolve::{Resolved, Resolver, Spec, Touches};
use crate::rows::Intent;
use crate::steps::No;

pub use need::{Credentials, Need};
pub use page::{Area, Tile};
pub use phrases::Phrases;

/// What a job is.
#[derive(Debug)]
pub struct JobSpec {
    /// Which one, as the journal knows it.
    pub job: Job,
    /// Its help on the command line; `None`: only an undo has it.
    pub help: Option<&'static str>,
    /// The options that it takes besides those of every job.
    pub options: &'static [&'static str],
    /// Its sentences.
    pub phrases: Phrases,
    /// The same where the organization's directory does it; only where it does something else there.
    pub phrases_in_directory: Option<Phrases>,
    /// How the page offers it; `None`: only an undo has it.
    pub tile: Option<Tile>,
    /// Headings of a template, and the cells of a row as an example.
    pub template: Template,
    /// Which columns its spreadsheets have.
    pub sheet: SheetJob,
    /// What a row asks for; or all that is wrong with it.
    pub read: fn(&Raw, &Columns) -> Result<Intent, Vec<Problem>>,
    /// The words of an `Action` cell that ask for it.
    pub asked: &'static [&'static str],
    /// Which of Atlassian's exports say who or what its rows mean.
    pub exports: Exports,
    /// What a rehearsal's copy of the site must hold for it.
    pub copy: Copied,
    /// Which credentials it needs.
    pub need: Need,
    /// It takes something away: the count is typed or limited, and administrators are left alone.
    pub takes_away: bool,
    /// It can take your own access away: your own account is left alone.
    pub own_access: bool,
    /// Whom and what it never changes, in the page's words.
    pub spared: &'static [&'static str],
    /// Whether an identity provider owns a user, who is then left alone.
    pub owner: fn(&Person) -> Option<No>,
    /// Of which users a share is counted.
    pub counted: Counted,
    /// What has to be read from the site before its rows can be planned.
    pub look_up: for<'a> fn(Lookup<'a>) -> LookingUp<'a>,
    /// The same before an undo that amounts to this job is planned.
    pub look_up_undo: for<'a> fn(LookupBack<'a>) -> LookingUp<'a>,
    /// What becomes of a row. Pure: no clock, no network, no journal.
    pub resolve: fn(&Intent, Resolver<'_>) -> Result<Resolved, No>,
    /// The job that its undo amounts to.
    pub inverse: Job,
    /// What it creates, which an undo removes only if asked to.
    pub creates: Creates,
    /// Whether there is anything that its undo could send; otherwise its plan says what to do by hand.
    pub undo_sends: bool,
    /// Whether an undo reverses the rows that ended for this reason.
    pub is_undoable: fn(&ReasonCount) -> bool,
}

/// Headings of a template, and the cells of a row as an example.
pub type Template = (&'static [&'static str], &'static [&'static str]);

/// Which of Atlassian's exports a job takes names from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exports {
    /// An export of users.
    pub users: bool,
    /// An export of groups.
    pub groups: bool,
}

/// What a job creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creates {
    /// Nothing.
    Nothing,
    /// Users.
    Users,
    /// Groups.
    Groups,
}

/// What a copy of the site must hold for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Users.
    pub users: bool,
    /// Groups.
    pub groups: bool,
    /// Which user is in which group.
    pub members: bool,
}

impl Copied {
    /// Users alone.
    pub const USERS: Self = Self { users: true, groups: false, members: false };
    /// Groups alone.
    pub const GROUPS: Self = Self { users: false, groups: true, members: false };
    /// Users, groups, and which user is in which group.
    pub const MEMBERSHIPS: Self = Self { users: true, groups: true, members: true };
}

/// What a job is.
pub fn of(job: Job) -> &'static JobSpec {
    match job {
        Job::CreateUsers => &create_users::JOB,
        Job::DeactivateUsers => &deactivate_users::JOB,
        Job::ActivateUsers => &activate_users::JOB,
        Job::SuspendUsers => &suspend_users::JOB,
        Job::RestoreUsers => &restore_users::JOB,
        Job::RemoveUsers => &remove_users::JOB,
        Job::CreateGroups => &create_groups::JOB,
        Job::RemoveGroups => &remove_groups::JOB,
        Job::AddMembers => &add_members::JOB,
        Job::RemoveMembers => &remove_members::JOB,
        Job::RunCollection => &run_collection::JOB,
    }
}

/// What becomes of a row.
pub fn resolve(intent: &Intent, directory: &Directory, spec: &Spec) -> Resolved {
    let job = of(spec.job);
    let with = Resolver { directory, spec, touches: job.touches() };
    (job.resolve)(intent, with).unwrap_or_else(Resolved::from)
}

/// The jobs that the page offers, in its order.
pub fn tiles() -> impl Iterator<Item = (&'static JobSpec, &'static Tile)> {
    Job::ALL.into_iter().map(of).filter_map(|spec| Some((spec, spec.tile.as_ref()?)))
}

impl JobSpec {
    /// Whether it takes an option of the command line besides those of every job.
    pub fn takes(&self, option: &str) -> bool {
        self.options.contains(&option)
    }

    /// The credentials with which it can be done in some way.
    pub fn credentials(&self) -> Credentials {
        if self.takes("by") { Credentials::Either } else { self.need.credentials() }
    }

    /// What it does to a user, for the guards.
    pub fn touches(&self) -> Touches {
        let Self { takes_away, own_access, owner, .. } = *self;
        Touches { takes_away, own_access, owner }
    }

    /// The sentences of a run: of what its API does.
    pub fn phrases_of(&self, run: &Run) -> &Phrases {
        let in_directory = self.phrases_in_directory.as_ref();
        in_directory.filter(|_| run.goes_through(Api::Directory)).unwrap_or(&self.phrases)
    }

    /// What it is called on the page.
    pub fn title(&self) -> &'static str {
        self.tile.as_ref().map_or(self.phrases.title, |tile| tile.title)
    }
}
