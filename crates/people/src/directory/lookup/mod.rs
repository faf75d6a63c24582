//! Fills a [`Directory`](super::Directory) from the site, with the cheapest documented calls that the credentials allow.
//!
//! | data | with an organization API key | else, with the API token |
//! | --- | --- | --- |
//! | users by email | `users/search`, 100 exact emails per call, every state | `user/search`, one email per call; no hidden emails, no deactivated users |
//! | users by id | users that Jira does not know, or not by email: `users/search`, 10 ids per call | `user/bulk`, 80 ids per call |
//! | groups | `groups/search`, 100 exact names per call; shows which are synced | `group/bulk`, about 50 names per call |
//! | memberships | – | by group in pages of 50, or by user: whichever needs fewer calls |
//! | whether it may be deactivated | `manage` and `manage/profile`, two calls per user | – |
//! | whether its deletion is scheduled | deactivated accounts: `users/{id}`, one call per user | – |
//!
//! Rules:
//! - What a credential cannot see is recorded and never guessed. With Jira alone, an email that is not found belongs to no
//!   user *or* is hidden. With the organization API key too, a user counts as absent only if every call was answered and
//!   the search finds your own account.
//! - A user who is not found is data. An error stops the whole lookup: a refused credential, a site that cannot be reached,
//!   and answers that contradict themselves ([`LookupError::Incredible`]). An empty page with another total would let a
//!   plan remove whole departments. If only a group's list contradicts itself, its users are requested one by one.
//! - Answers are applied in the order of the calls, whenever they arrive, so that a simulated run can be replayed.
//!
//! `progress` receives how many more names (or pairs, or users) are done.

mod accounts;
mod all_users;
mod compared;
mod deletions;
mod domains;
mod error;
mod failed;
mod groups;
mod halving;
mod members;
mod memberships;
mod namesakes;
mod people;
mod products;
mod records;
mod roles;
mod standing;
mod tokens;
mod user_apps;
mod user_count;
mod users_of_domains;
mod whole_groups;
mod written_members;

pub use accounts::{lifecycles, organization_facts, products_of};
pub(crate) use all_users::list;
pub use all_users::{A_PAGE, AllUsers, all_users};
pub use compared::{compare, compare_groups};
pub use deletions::{deletions, deletions_again, standing_of};
pub use domains::domains;
pub use error::LookupError;
pub(crate) use error::is_closed;
pub use groups::{group_owners, groups};
pub use memberships::{Memberships, memberships};
pub use namesakes::namesakes;
pub use people::people;
pub use products::products;
pub use records::records;
pub use roles::roles;
pub(crate) use roles::takes_seats;
pub use standing::{accesses, group_sizes, on_site, standings};
pub use tokens::tokens;
pub use user_apps::{UserApps, user_apps};
pub use user_count::{COUNTING, Counted, count_people};
pub use users_of_domains::users_of_domains;
pub use whole_groups::whole_groups;
pub use written_members::{read as read_members, written_members};

use super::person::Person;
use headcount_atlassian::records::PersonRecord;
use headcount_model::user::AccountId;

/// Receives how many more are done.
pub type Progress<'a> = &'a mut (dyn FnMut(u64) + Send);

/// The credential's own account, as far as known. A search must find it before its result proves that another user
/// is absent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Witness<'a> {
    /// The account.
    pub account: Option<&'a AccountId>,
    /// The email address.
    pub mail: Option<&'a str>,
}

pub(crate) fn person(facts: PersonRecord) -> Person {
    Person {
        mail: facts.mail,
        name: facts.name,
        status: facts.status,
        managed: facts.managed,
        synced: facts.synced,
        org_admin: facts.org_admin,
        standing: facts.standing,
        account_type: facts.account_type,
        ..Person::new(facts.id)
    }
}
