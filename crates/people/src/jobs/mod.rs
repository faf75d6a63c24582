//! The jobs, each in a file of its own.
//!
//! A [`JobSpec`] is data and plain functions. All of it is required, so the compiler asks a new job for
//! everything. The command line's sentences, the page's tiles, templates and forms, the headings of reports, the
//! planner and the guards take their data from here; no other code lists the jobs.

mod action;
mod activate_users;
mod add_members;
mod asked;
mod cancel_delete_users;
mod change_emails;
mod create_groups;
mod create_users;
mod creation;
mod deactivate_users;
mod delete_users;
pub(crate) mod families;
mod grant_access;
mod need;
mod page;
mod phrases;
pub(crate) mod remove_groups;
mod remove_members;
mod remove_users;
#[cfg(test)]
mod resolve_tests;
mod restore_users;
mod revoke_access;
mod revoke_tokens;
mod run_collection;
mod spared;
mod suspend_users;
mod sync;
mod unlink_users;
mod verbs;

use crate::rows::{Columns, SheetJob};
use headcount_journal::{ReasonCount, Run};
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_sheet::{Problem, Raw};
use jiff::Timestamp;

pub use crate::directory::lookup::Counted;
use crate::directory::{Directory, Person};
use crate::error::PlanError;
use crate::lookup::{LookingUp, Lookup, LookupBack};
use crate::resolve::{Resolved, Resolver, Touches};
use crate::rows::Intent;
use crate::steps::No;

pub use action::Action;
pub use need::{BY_SCIM, Credentials, Need, is_provisioned};
pub use page::{Area, Tile};
pub use phrases::Phrases;
pub use remove_groups::MEMBERS_FILE;

/// Orders the steps of all resolved rows.
pub type Arrange = fn(Vec<(u64, Resolved)>, &Directory) -> Result<Vec<Placed>, PlanError>;

/// The definition of a job.
#[derive(Debug)]
pub struct JobSpec {
    /// The job, as the journal names it.
    pub job: Job,
    /// Its help on the command line; `None` if only an undo has it.
    pub help: Option<&'static str>,
    /// Its options in addition to those of every job.
    pub options: &'static [&'static str],
    /// Its sentences.
    pub phrases: Phrases,
    /// The sentences for the organization's directory, if it does something else there.
    pub phrases_in_directory: Option<Phrases>,
    /// Its tile on the page; `None` if only an undo has it.
    pub tile: Option<Tile>,
    /// The headings of its template, and the cells of an example row.
    pub template: Template,
    /// The columns of its spreadsheets.
    pub sheet: SheetJob,
    /// Reads what a row asks for, or everything that is wrong with the row.
    pub read: fn(&Raw, &Columns) -> Result<Intent, Vec<Problem>>,
    /// The words in an `Action` cell that ask for it.
    pub asked: &'static [&'static str],
    /// The word of an access review's `Decision` column that asks for it. Rows with another decision are left out.
    pub decision: Option<&'static str>,
    /// The exports from which it reads ids.
    pub exports: Exports,
    /// What a rehearsal's copy of the site must contain for it.
    pub copy: Copied,
    /// The credentials that it needs.
    pub need: Need,
    /// It takes something away: the number of changes is typed or limited, and administrators are not changed.
    pub takes_away: bool,
    /// It can take your own access away, so your own account is not changed.
    pub own_access: bool,
    /// What its plan says about the consequences of its changes, if it is applied now: sentences without a full stop.
    pub consequences: fn(Timestamp) -> Vec<String>,
    /// The users and groups that it never changes, in the page's words.
    pub spared: &'static [&'static str],
    /// Whether an identity provider owns a user, who is then not changed.
    pub owner: fn(&Person) -> Option<No>,
    /// The users that a percentage refers to.
    pub counted: Counted,
    /// Reads from the site what its rows need before they can be resolved.
    pub look_up: for<'a> fn(Lookup<'a>) -> LookingUp<'a>,
    /// Reads the same for an undo that amounts to this job.
    pub look_up_undo: for<'a> fn(LookupBack<'a>) -> LookingUp<'a>,
    /// Resolves a row. Pure: no clock, no network, no journal.
    pub resolve: fn(&Intent, Resolver<'_>) -> Result<Resolved, No>,
    /// Orders the steps of a plan if their order matters, for all resolved rows together; also for an undo.
    pub arrange: Option<Arrange>,
    /// The job that its undo amounts to.
    pub inverse: Job,
    /// What it creates. An undo removes that only if asked to.
    pub creates: Creates,
    /// Whether its undo can send anything; otherwise the undo's plan says what to do by hand.
    pub undo_sends: bool,
    /// Whether an undo reverses rows with this reason.
    pub is_undoable: fn(&ReasonCount) -> bool,
}

/// A row at its place in a plan whose order matters.
#[derive(Debug)]
pub struct Placed {
    /// The row.
    pub row: u64,
    /// Its result.
    pub resolved: Resolved,
    /// The row whose step has to be done first. It comes earlier in the plan.
    pub after: Option<u64>,
}

/// The job whose rows are the differences between a list and the site.
pub const SYNC: Job = Job::Sync;

/// The option of a run whose deactivations also revoke API tokens.
pub const REVOKE_TOKENS: &str = "revoke_tokens";

/// The headings of a template, and the cells of an example row.
pub type Template = (&'static [&'static str], &'static [&'static str]);

/// The exports from which a job reads ids.
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

/// What a copy of the site must contain for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Users.
    pub users: bool,
    /// Groups.
    pub groups: bool,
    /// Memberships.
    pub members: bool,
    /// API tokens.
    pub tokens: bool,
    /// Why no copy is enough for the job. Then the job cannot be rehearsed.
    pub lacks: Option<&'static str>,
}

impl Copied {
    /// Only users.
    pub const USERS: Self =
        Self { users: true, groups: false, members: false, tokens: false, lacks: None };
    /// Only groups.
    pub const GROUPS: Self = Self { users: false, groups: true, ..Self::USERS };
    /// Users, groups and memberships.
    pub const MEMBERSHIPS: Self = Self { groups: true, members: true, ..Self::USERS };
    /// Roles in apps. The sandbox has Jira's apps alone, and a group there gives one role in one app.
    pub const ROLES: Self = Self {
        lacks: Some("only Jira's apps, with one role for each group, and not your organization's"),
        ..Self::MEMBERSHIPS
    };
    /// Users and their API tokens.
    pub const TOKENS: Self = Self { tokens: true, ..Self::USERS };
    /// Users of an identity provider.
    pub const PROVIDERS: Self = Self { lacks: Some("no identity provider"), ..Self::USERS };
}

/// The definition of a job.
pub fn of(job: Job) -> &'static JobSpec {
    match job {
        Job::CreateUsers => &create_users::JOB,
        Job::DeactivateUsers => &deactivate_users::JOB,
        Job::ActivateUsers => &activate_users::JOB,
        Job::SuspendUsers => &suspend_users::JOB,
        Job::RestoreUsers => &restore_users::JOB,
        Job::RemoveUsers => &remove_users::JOB,
        Job::DeleteUsers => &delete_users::JOB,
        Job::CancelDeleteUsers => &cancel_delete_users::JOB,
        Job::ChangeEmails => &change_emails::JOB,
        Job::UnlinkUsers => &unlink_users::JOB,
        Job::CreateGroups => &create_groups::JOB,
        Job::RemoveGroups => &remove_groups::JOB,
        Job::AddMembers => &add_members::JOB,
        Job::RemoveMembers => &remove_members::JOB,
        Job::GrantAccess => &grant_access::JOB,
        Job::RevokeAccess => &revoke_access::JOB,
        Job::RevokeTokens => &revoke_tokens::JOB,
        Job::Sync => &sync::JOB,
        Job::RunCollection => &run_collection::JOB,
    }
}

/// The jobs on the page, in its order.
pub fn tiles() -> impl Iterator<Item = (&'static JobSpec, &'static Tile)> {
    Job::ALL.into_iter().map(of).filter_map(|spec| Some((spec, spec.tile.as_ref()?)))
}

impl JobSpec {
    /// Whether it has this command line option besides those of every job.
    pub fn takes(&self, option: &str) -> bool {
        self.options.contains(&option)
    }

    /// The credentials with which it works in some way.
    pub fn credentials(&self) -> Credentials {
        if self.takes("by") { Credentials::Either } else { self.need.credentials() }
    }

    /// What it does to a user, for the guards.
    pub fn touches(&self) -> Touches {
        let Self { takes_away, own_access, owner, .. } = *self;
        Touches { takes_away, own_access, owner, scim: self.takes("scim") }
    }

    /// The sentences of a run, for the API that it uses.
    pub fn phrases_of(&self, run: &Run) -> &Phrases {
        let in_directory = self.phrases_in_directory.as_ref();
        in_directory.filter(|_| run.goes_through(Api::Directory)).unwrap_or(&self.phrases)
    }

    /// Its title on the page.
    pub fn title(&self) -> &'static str {
        self.tile.as_ref().map_or(self.phrases.title, |tile| tile.title)
    }
}
