//! The users of a roster that filters list, with what that means for seats.

use super::last_use::LastUses;
use super::{AppLastUse, AskedGroups, Roster, RosterUser, Seat};
use crate::choose::{Filters, LastUse, Tally, UnknownApp, Verdict, judge};
use crate::export::{AppSeats, Seats};

/// The users that filters list.
#[derive(Debug)]
pub struct Selection {
    /// How many were looked at, and why the others are left out.
    pub tally: Tally,
    /// The places of the listed users in the roster; the longest without use first, after those that
    /// never used an app.
    pub listed: Vec<usize>,
    /// The seats of the apps.
    pub seats: Seats,
    /// When each app was last used.
    pub last_use: Vec<AppLastUse>,
}

impl Roster {
    /// Decides about all users. `groups` are those that the filters name.
    ///
    /// # Errors
    /// A filter names an app that is not there.
    pub fn select(&self, filters: &Filters, groups: &AskedGroups) -> Result<Selection, UnknownApp> {
        let apps = self.apps.named(&filters.products)?;
        let any_use = Filters { inactive_days: None, never_seen: false, ..filters.clone() };
        let mut tally = Tally::default();
        let mut listed = Vec::new();
        let mut seats = SeatCount::new(self);
        let mut last_use = LastUses::new(self);
        for (at, user) in self.users.iter().enumerate() {
            let facts = user.facts(groups, filters);
            let verdict = judge(filters, apps.as_deref(), &facts, self.at);
            let is_listed = tally.add(verdict);
            let is_counted =
                is_listed || judge(&any_use, apps.as_deref(), &facts, self.at) == Verdict::Listed;
            if is_counted {
                last_use.add(user, is_listed);
            }
            seats.add(user, is_listed);
            if is_listed {
                listed.push(at);
            }
        }
        listed.sort_by_key(|at| {
            let last = match self.users[*at].last_use() {
                LastUse::Never => (0, None),
                LastUse::At(last) => (1, Some(last)),
                LastUse::Unknown => (2, None),
            };
            (last, *at)
        });
        Ok(Selection { tally, listed, seats: seats.end(), last_use: last_use.end() })
    }
}

/// Counts seats as `user seats` does.
struct SeatCount<'r> {
    roster: &'r Roster,
    taken: Vec<u64>,
    would_free: Vec<u64>,
    unknown: u64,
    kept: u64,
    unmanaged: u64,
}

impl<'r> SeatCount<'r> {
    fn new(roster: &'r Roster) -> Self {
        let none = vec![0; roster.apps.0.len()];
        let (unknown, kept, unmanaged) = (0, 0, 0);
        Self { roster, taken: none.clone(), would_free: none, unknown, kept, unmanaged }
    }

    fn add(&mut self, user: &RosterUser, is_listed: bool) {
        match user.seat {
            Seat::Unknown => return self.unknown += 1,
            Seat::Free => return,
            Seat::Taken => {}
        }
        let mut apps: Vec<_> = user.apps().collect();
        apps.sort_unstable();
        apps.dedup();
        apps.iter().for_each(|&at| self.taken[at] += 1);
        match (is_listed, user.is_kept) {
            (false, _) => {}
            (true, true) => self.kept += 1,
            (true, false) => {
                apps.iter().for_each(|&at| self.would_free[at] += 1);
                self.unmanaged += u64::from(user.managed != Some(true));
            }
        }
    }

    fn end(self) -> Seats {
        let counts = self.taken.into_iter().zip(self.would_free);
        let apps = self.roster.apps.0.iter().cloned().zip(counts);
        let apps = apps.map(|(app, (taken, would_free))| AppSeats { app, taken, would_free });
        let (unknown, kept, unmanaged) = (self.unknown, self.kept, self.unmanaged);
        let listing = self.roster.listing.clone();
        Seats { apps: apps.collect(), unknown, kept, unmanaged, listing }
    }
}
