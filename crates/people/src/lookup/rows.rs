//! The rows of a draft, and which users and groups they surely mean.

use std::collections::BTreeSet;

use super::Lookup;
use crate::directory::{GroupIndex, PersonIndex};
use crate::error::PlanError;
use crate::resolve::find::{only_group, only_person};
use headcount_journal::{Journal, Run, Undecided};
use headcount_sheet::Raw;

/// Rows a batch.
pub(crate) const BATCH: u64 = 2_000;

/// A page of the rows of which nothing is decided yet, as the reader gave them.
pub(crate) fn undecided(journal: &Journal, run: &Run, after: u64) -> Result<Vec<Raw>, PlanError> {
    let rows = journal.undecided(&run.id, after, BATCH)?.into_iter();
    let raw = |Undecided { row, line, cells }| Raw { number: row, line, cells, problem: None };
    Ok(rows.map(raw).collect())
}

impl Lookup<'_> {
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
