//! Names → directory: the only part of planning that asks the site, and only by reading. Here are the
//! parts of which each [job](crate::jobs) makes its own look-up.
//!
//! ```text
//! names   the draft's names, a page at a time
//! parts   what is read besides the names
//! undo    what is read before an undo is planned
//! ```

mod names;
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

pub use undo::LookupBack;

/// Rows a batch.
pub(crate) const BATCH: u64 = 2_000;

/// What a name in a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NameKind {
    /// A mail address, in the form of [`mail_key`](headcount_model::user::mail_key).
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

/// A look-up under way.
pub type LookingUp<'a> = LocalBoxFuture<'a, Result<(), PlanError>>;

/// The look-up of a draft's names.
pub struct Lookup<'a> {
    /// Where the draft is.
    pub journal: &'a mut Journal,
    /// The draft.
    pub run: &'a Run,
    /// What its rows ask for.
    pub intents: &'a Intents,
    /// What is asked.
    pub site: &'a Site,
    /// What is filled.
    pub directory: &'a mut Directory,
    /// Gets how many more are done.
    pub progress: Progress<'a>,
    /// Who runs headcount, as far as it is known: a search that does not show them proves no user's
    /// absence.
    pub own_account: &'a OwnAccount,
    /// The directory's people are those of an export: who is who is not asked again.
    pub people_from_exports: bool,
    /// Its groups are those of an export.
    pub groups_from_exports: bool,
}

impl<'a> Lookup<'a> {
    fn witness(&self) -> Witness<'a> {
        let OwnAccount { account, mail } = self.own_account;
        Witness { account: account.as_ref(), mail: mail.as_deref() }
    }
    /// The memberships the rows are about, each once: what has to be read before they can be planned.
    pub fn pairs(&self) -> Vec<(PersonIndex, GroupIndex)> {
        let mut pairs = BTreeSet::new();
        for (user, groups) in self.intents.targets() {
            let person = user.and_then(|user| only_person(user, self.directory));
            let Some(person) = person else { continue };
            let groups = groups.iter().filter_map(|one| only_group(one, self.directory));
            pairs.extend(groups.map(|group| (person, group)));
        }
        pairs.into_iter().collect()
    }

    /// The people the rows are about, each once.
    pub fn people(&self) -> Vec<PersonIndex> {
        let mut people = BTreeSet::new();
        for (user, _) in self.intents.targets() {
            people.extend(user.and_then(|user| only_person(user, self.directory)));
        }
        people.into_iter().collect()
    }

    /// The groups the rows are about, each once.
    pub fn groups(&self) -> Vec<GroupIndex> {
        let mut groups = BTreeSet::new();
        for (_, named) in self.intents.targets() {
            groups.extend(named.iter().filter_map(|one| only_group(one, self.directory)));
        }
        groups.into_iter().collect()
    }
}
