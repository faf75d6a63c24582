//! The users of an organization, read once, on which the page *Find people* tries filters. Only in memory,
//! and only the newest few.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_people::choose::{Filters, UnknownApp};
use headcount_people::roster::{AskedGroups, Roster, Selection};
use jiff::Timestamp;

use crate::state::reading::Reading;

/// The most rosters that are kept.
pub const MOST: usize = 3;

/// The most named groups whose members are kept.
const MOST_GROUPS: usize = 8;

/// The users of an organization.
pub struct Find {
    /// The profile of the site.
    pub profile: String,
    /// The users.
    pub roster: Roster,
    /// When they were read.
    pub reading: Reading,
    groups: Mutex<Vec<(Named, Arc<AskedGroups>)>>,
    /// The last filters and what they list: another page of the table needs no new decision.
    last: Mutex<Option<(Filters, Arc<Selection>)>>,
}

/// The groups that filters name: those of `--group`, and those of `--not-group`.
type Named = (Vec<String>, Vec<String>);

fn named(filters: &Filters) -> Named {
    (filters.groups.clone(), filters.not_groups.clone())
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Find {
    /// A new one. `began` is when the reading began, by this computer's clock.
    pub fn new(profile: String, roster: Roster, began: Timestamp) -> Self {
        let reading = Reading { at: roster.at, began };
        Self { profile, roster, reading, groups: Mutex::default(), last: Mutex::default() }
    }

    /// Keeps the members of the groups that the filters name.
    pub fn add_groups(&self, filters: &Filters, groups: AskedGroups) {
        let mut all = lock(&self.groups);
        all.push((named(filters), Arc::new(groups)));
        if all.len() > MOST_GROUPS {
            all.remove(0);
        }
    }

    /// The members of the groups that the filters name; `None` if they were not read.
    pub fn groups(&self, filters: &Filters) -> Option<Arc<AskedGroups>> {
        if filters.groups.is_empty() && filters.not_groups.is_empty() {
            return Some(Arc::default());
        }
        let wanted = named(filters);
        let all = lock(&self.groups);
        all.iter().rev().find(|(names, _)| *names == wanted).map(|(_, groups)| Arc::clone(groups))
    }

    /// The users that the filters list; `None` if the members of their groups were not read.
    ///
    /// # Errors
    /// A filter names an app that is not there.
    pub fn select(&self, filters: &Filters) -> Result<Option<Arc<Selection>>, UnknownApp> {
        if let Some((_, selection)) = lock(&self.last).as_ref().filter(|(last, _)| last == filters)
        {
            return Ok(Some(Arc::clone(selection)));
        }
        let Some(groups) = self.groups(filters) else { return Ok(None) };
        let selection = Arc::new(self.roster.select(filters, &groups)?);
        *lock(&self.last) = Some((filters.clone(), Arc::clone(&selection)));
        Ok(Some(selection))
    }
}
