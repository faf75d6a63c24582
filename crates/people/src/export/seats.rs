//! `user seats`: how many seats each app takes, and how many a list of users would free.

use super::chosen::{Found, chosen};
use super::error::ExportError;
use super::{Exported, Progress};
use crate::choose::{App, Apps, Filters, Verdict};
use crate::directory::lookup::{Witness, person};
use crate::resolve::{self, Guards, Touches};
use headcount_atlassian::Site;
use headcount_atlassian::records::{ListedPerson, PersonRecord};
use headcount_model::user::{AccountType, Standing};

/// What suspending or deactivating would leave alone, as those jobs do.
const TOUCHES: Touches =
    Touches { takes_away: true, own_access: true, owner: resolve::directory_owner, scim: false };

/// The seats of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSeats {
    /// Which.
    pub app: App,
    /// Active people with access. (Guests of Jira take no seat, an assumption; the listing does not
    /// show who is one, so they are counted.)
    pub taken: u64,
    /// Of them, people that the filters list and that no guard protects.
    pub would_free: u64,
}

/// The seats of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seats {
    /// Each app, in the organization's order.
    pub apps: Vec<AppSeats>,
    /// Users whose state or apps are not shown: in no count.
    pub unknown: u64,
    /// Users that the filters list and that take a seat, but that jobs leave alone.
    pub kept: u64,
    /// Users that the filters list, that would free a seat, and that the organization does not manage:
    /// `user deactivate` cannot change them.
    pub unmanaged: u64,
    /// How the listing went.
    pub listing: Exported,
}

/// Counts the seats of all apps, and those that the listed users take.
///
/// # Errors
/// As of [`users`](super::users); there is no organization API key.
pub async fn seats(
    site: &Site,
    own_account: Witness<'_>,
    guards: &Guards,
    filters: &Filters,
    progress: Progress<'_>,
) -> Result<Seats, ExportError> {
    let Some(admin) = &site.admin else {
        let needs = "an organization API key";
        return Err(ExportError::NoWay { what: "the seats of all apps", needs });
    };
    let mut known = Apps::default();
    let (mut taken, mut free) = (Vec::new(), Vec::new());
    let (mut unknown, mut kept, mut unmanaged) = (0, 0, 0);
    let listing = chosen((site, admin), own_account, filters, progress, &mut |found| {
        let (user, verdict) = match found {
            Found::Apps(apps) => {
                known = apps.clone();
                taken = vec![0_u64; apps.0.len()];
                free = vec![0_u64; apps.0.len()];
                return Ok(());
            }
            Found::User(user, verdict) => (user, verdict),
        };
        let Some(apps) = seats_of(user, &known) else {
            unknown += 1;
            return Ok(());
        };
        apps.iter().for_each(|&at| taken[at] += 1);
        if verdict != Verdict::Listed || apps.is_empty() {
            return Ok(());
        }
        if is_kept(guards, &user.person) {
            kept += 1;
            return Ok(());
        }
        apps.iter().for_each(|&at| free[at] += 1);
        unmanaged += u64::from(user.person.managed != Some(true));
        Ok(())
    })
    .await?;
    let counts = taken.into_iter().zip(free);
    let apps = known.0.into_iter().zip(counts);
    let apps = apps.map(|(app, (taken, would_free))| AppSeats { app, taken, would_free }).collect();
    Ok(Seats { apps, unknown, kept, unmanaged, listing })
}

/// Whether jobs that take access away skip the user.
pub(crate) fn is_kept(guards: &Guards, user: &PersonRecord) -> bool {
    user.org_admin.is_none() || guards.person(TOUCHES, &person(user.clone()), None).is_some()
}

/// The apps in which a user takes a seat; `None` where that is not shown.
pub(crate) fn seats_of(user: &ListedPerson, known: &Apps) -> Option<Vec<usize>> {
    if user.person.account_type.is_some_and(|kind| kind != AccountType::Person)
        || user.person.standing? != Standing::Active
    {
        return Some(Vec::new());
    }
    let mut apps: Vec<_> =
        user.apps.as_ref()?.iter().filter_map(|one| known.by_id(&one.app)).collect();
    apps.sort_unstable();
    apps.dedup();
    Some(apps)
}
