//! All users of an organization, read once, so that filters can be tried on them again and again.
//!
//! A user takes some 200 bytes: ids of apps are kept once, time stamps are numbers. The filters decide
//! as for `user export`, at the time when the roster was read.

mod last_use;
mod read;
mod selection;
mod sheet;

pub use crate::export::AskedGroups;
pub use last_use::{AppLastUse, Buckets};
pub use read::{groups, read};
pub use selection::Selection;

use jiff::Timestamp;

use crate::choose::{Added, AppFacts, Apps, Facts, Filters, LastUse, Status};
use crate::export::Exported;
use headcount_model::user::{AccountId, AccountType, Standing};

/// The users of an organization at one time.
#[derive(Debug)]
pub struct Roster {
    /// The apps, in the organization's order.
    pub apps: Apps,
    /// The users, in the order of the listing.
    pub users: Vec<RosterUser>,
    /// When it was read, by the site's clock.
    pub at: Timestamp,
    /// How the listing went.
    pub listing: Exported,
}

/// A user of a roster.
#[derive(Debug)]
pub struct RosterUser {
    /// The account id.
    pub id: AccountId,
    /// The display name.
    pub name: Option<Box<str>>,
    /// The email address; absent if it is hidden.
    pub mail: Option<Box<str>>,
    /// The user's state.
    pub standing: Option<Standing>,
    /// The apps that the user has, with their last use.
    pub uses: Option<Box<[AppFacts]>>,
    kind: Option<AccountType>,
    added: Option<Added>,
    managed: Option<bool>,
    synced: Option<bool>,
    org_admin: Option<bool>,
    roles: Option<Box<[Box<str>]>>,
    seat: Seat,
    /// Whether jobs that take access away skip the user.
    is_kept: bool,
}

/// Whether a user takes the seats of the user's apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seat {
    Taken,
    Free,
    Unknown,
}

impl RosterUser {
    /// The latest use of any app.
    pub fn last_use(&self) -> LastUse {
        let mut latest = LastUse::Never;
        for one in self.uses.iter().flatten() {
            latest = match (latest, one.last) {
                (LastUse::At(one), LastUse::At(other)) => LastUse::At(one.max(other)),
                (LastUse::At(at), _) | (_, LastUse::At(at)) => LastUse::At(at),
                (LastUse::Unknown, _) | (_, LastUse::Unknown) => LastUse::Unknown,
                (LastUse::Never, LastUse::Never) => LastUse::Never,
            };
        }
        if self.uses.is_none() { LastUse::Unknown } else { latest }
    }

    /// The places of the user's apps in [`Roster::apps`].
    pub fn apps(&self) -> impl Iterator<Item = usize> + '_ {
        self.uses.iter().flatten().filter_map(|one| one.app)
    }

    fn facts(&self, groups: &AskedGroups, filters: &Filters) -> Facts<'_> {
        let roles = |roles: &[Box<str>]| roles.iter().map(ToString::to_string).collect();
        Facts {
            kind: crate::export::kind_of(self.kind, &self.id, filters),
            status: self.standing.map(Status::Is),
            email: self.mail.as_deref(),
            added: self.added,
            managed: self.managed,
            synced: self.synced,
            roles: self.roles.as_deref().map(roles),
            in_group: groups.is_wanted(&self.id),
            in_excluded_group: groups.is_excluded(&self.id),
            apps: self.uses.as_deref().map(<[AppFacts]>::to_vec),
        }
    }
}
