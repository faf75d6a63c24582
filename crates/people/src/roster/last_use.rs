//! When the users of each app last used it, in classes of days.

use jiff::Timestamp;

use super::{Roster, RosterUser};
use crate::choose::LastUse;

/// The classes: their names, and the days after which each ends.
const DAYS: [(&str, i64); 6] = [
    ("7 days", 7),
    ("30 days", 30),
    ("90 days", 90),
    ("180 days", 180),
    ("1 year", 365),
    ("longer ago", i64::MAX),
];

/// How many users are in each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Buckets([u64; DAYS.len() + 2]);

impl Buckets {
    /// The names of the classes: used in the last…, and the rest.
    pub fn names() -> impl Iterator<Item = &'static str> {
        DAYS.iter().map(|(name, _)| *name).chain(["never", "unknown"])
    }

    /// The numbers, in the order of the names.
    pub fn counts(&self) -> &[u64] {
        &self.0
    }

    fn add(&mut self, last: LastUse, now: Timestamp) {
        let at = match last {
            LastUse::At(at) => {
                let days = now.duration_since(at).as_hours() / 24;
                DAYS.iter().position(|(_, until)| days < *until).unwrap_or(DAYS.len() - 1)
            }
            LastUse::Never => DAYS.len(),
            LastUse::Unknown => DAYS.len() + 1,
        };
        self.0[at] += 1;
    }
}

/// The last use of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppLastUse {
    /// `<Product> - <site>`.
    pub heading: String,
    /// Users with the app who pass all filters, except those on last use.
    pub all: Buckets,
    /// Of them, users that are listed.
    pub listed: Buckets,
}

/// Counts the users of each app.
pub(super) struct LastUses<'r> {
    roster: &'r Roster,
    of: Vec<AppLastUse>,
}

impl<'r> LastUses<'r> {
    pub(super) fn new(roster: &'r Roster) -> Self {
        let heading = |app: &crate::choose::App| AppLastUse {
            heading: app.heading.clone(),
            all: Buckets::default(),
            listed: Buckets::default(),
        };
        Self { roster, of: roster.apps.0.iter().map(heading).collect() }
    }

    pub(super) fn add(&mut self, user: &RosterUser, is_listed: bool) {
        for one in user.uses.iter().flatten() {
            let Some(of) = one.app.and_then(|app| self.of.get_mut(app)) else { continue };
            of.all.add(one.last, self.roster.at);
            if is_listed {
                of.listed.add(one.last, self.roster.at);
            }
        }
    }

    /// Apps that no counted user has are left out.
    pub(super) fn end(self) -> Vec<AppLastUse> {
        self.of.into_iter().filter(|of| of.all != Buckets::default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_use_is_in_one_class() {
        let now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let hours = |hours| LastUse::At(now - jiff::SignedDuration::from_hours(hours));
        for (last, class) in [
            (hours(-3), 0),
            (hours(0), 0),
            (hours(7 * 24 - 1), 0),
            (hours(7 * 24), 1),
            (hours(90 * 24), 3),
            (hours(20 * 365 * 24), 5),
            (LastUse::Never, 6),
            (LastUse::Unknown, 7),
        ] {
            let mut buckets = Buckets::default();
            buckets.add(last, now);
            assert_eq!(buckets.counts().iter().position(|count| *count == 1), Some(class));
        }
        assert_eq!(Buckets::names().count(), Buckets::default().counts().len());
    }
}
