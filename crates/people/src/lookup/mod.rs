//! Looks up names on the site. This is the only part of planning that uses the site, and it only reads. Each
//! [job](crate::jobs) composes its lookup from these parts.
//!
//! ```text
//! names   the draft's names, a page at a time
//! parts   facts besides the names
//! own_deletions   accounts that this journal's runs have deleted
//! undo    what is read before an undo is planned
//! ```

mod names;
mod own_deletions;
mod parts;
mod undo;

use std::collections::BTreeSet;

use futures_util::future::LocalBoxFuture;
use headcount_atlassian::Site;
use headcount_journal::{Journal, Run};

use crate::directory::lookup::{Progress, Witness};
use crate::directory::{Directory, GroupIndex, PersonIndex};
use crate::error::PlanError;
use crate::resolve::OwnAccount;
use crate::resolve::find::{only_group, only_person};
use crate::rows::Intents;

pub(crate) use parts::people_of;
pub use undo::LookupBack;

/// Rows in a batch.
pub(crate) const BATCH: u64 = 2_000;

/// The kind of a name in a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NameKind {
    /// An email address, in the form of [`mail_key`](headcount_model::user::mail_key).
    Mail,
    /// An account id.
    Account,
    /// A group's name as written.
    GroupName,
    /// A group's id.
    GroupId,
}

impl NameKind {
    /// The word in the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Account => "account",
            Self::GroupName => "group-name",
            Self::GroupId => "group-id",
        }
    }
}

/// A lookup in progress.
pub type LookingUp<'a> = LocalBoxFuture<'a, Result<(), PlanError>>;

/// The lookup of a draft's names.
pub struct Lookup<'a> {
    /// The journal with the draft.
    pub journal: &'a mut Journal,
    /// The draft.
    pub run: &'a Run,
    /// What its rows ask for.
    pub intents: &'a Intents,
    /// The site.
    pub site: &'a Site,
    /// The directory to fill.
    pub directory: &'a mut Directory,
    /// Receives how many more are done.
    pub progress: Progress<'a>,
    /// The credential's own account, as far as known. A search that does not find it does not prove that another
    /// user is absent.
    pub own_account: &'a OwnAccount,
    /// Whether the directory's users come from an export, so that they are not looked up on the site.
    pub people_from_exports: bool,
    /// Whether its groups come from an export.
    pub groups_from_exports: bool,
    /// The kinds of names that were read already.
    pub read: &'a mut NamesRead,
}

/// The kinds of names of a draft that were read already. Where the rows belong to several jobs, each job's lookup asks
/// for them.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamesRead {
    accounts: bool,
    mails: bool,
    groups: bool,
}

impl<'a> Lookup<'a> {
    fn witness(&self) -> Witness<'a> {
        let OwnAccount { account, mail } = self.own_account;
        Witness { account: account.as_ref(), mail: mail.as_deref() }
    }
    /// The memberships of the rows, each once, by groups; they must be read before the rows can be resolved.
    pub fn pairs(&self) -> Vec<(PersonIndex, GroupIndex)> {
        let directory = &*self.directory;
        self.intents
            .pairs(|user| only_person(user, directory), |group| only_group(group, directory))
    }

    /// The users of the rows, each once.
    pub fn people(&self) -> Vec<PersonIndex> {
        let mut people = BTreeSet::new();
        for (user, _) in self.intents.targets() {
            people.extend(user.and_then(|user| only_person(user, self.directory)));
        }
        people.into_iter().collect()
    }

    /// The groups of the rows, each once.
    pub fn groups(&self) -> Vec<GroupIndex> {
        let mut groups = BTreeSet::new();
        for named in self.intents.groups() {
            groups.extend(named.iter().filter_map(|one| only_group(one, self.directory)));
        }
        groups.into_iter().collect()
    }
}
