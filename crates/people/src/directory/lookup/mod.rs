//! Fills a [`Directory`](super::Directory) from the site: the cheapest documented way that the
//! keys allow.
//!
//! | wanted | with an organization API key | else, with the API token |
//! | --- | --- | --- |
//! | people by mail | `users/search`, 100 exact mails a call, every state | `user/search`, one mail a call; no hidden mails, no deactivated people |
//! | people by id | users that Jira does not know, or not by mail: `users/search`, 10 ids a call | `user/bulk`, 80 ids a call |
//! | groups | `groups/search`, 100 exact names a call; shows who is synced | `group/bulk`, about 50 names a call |
//! | memberships | – | per group in pages of 50, or per person: whichever needs fewer calls |
//! | may it be deactivated | `manage` and `manage/profile`, two calls a person | – |
//!
//! Rules:
//! - What a key cannot see is recorded, never guessed: with Jira alone a mail that is not found
//!   belongs to no user *or* is hidden. With the organization API key too, a user counts as absent
//!   only if every question was answered and the search shows the own account.
//! - A user who is not found is data. What stops the whole lookup is an error: a refused credential,
//!   a site out of reach, and answers that cannot be true ([`LookupError::Incredible`]): an empty
//!   page where the total says otherwise would let a plan remove whole departments. A group's list
//!   that can't be true is only doubted: its users are asked about one by one.
//! - Answers are applied in the order of the questions, however they come in, so that a simulated
//!   run replays.
//!
//! `progress` gets how many more names (or pairs, or people) are done.

mod accounts;
mod all_users;
mod compared;
mod error;
mod failed;
mod groups;
mod halving;
mod members;
mod memberships;
mod people;
mod products;
mod standing;
mod user_count;

pub use accounts::{lifecycles, organization_facts, products_of};
pub(crate) use all_users::list;
pub use all_users::{A_PAGE, AllUsers, all_users};
pub use compared::{compare, compare_groups};
pub use error::LookupError;
pub(crate) use error::is_closed;
pub use groups::{group_owners, groups};
pub use memberships::{Memberships, memberships};
pub use people::people;
pub use products::products;
pub use standing::{accesses, group_sizes, on_site, standings};
pub use user_count::{COUNTING, Counted, count_people};

use super::people::Person;
use headcount_atlassian::records::PersonRecord;
use headcount_model::user::AccountId;

/// Gets how many more are done.
pub type Progress<'a> = &'a mut (dyn FnMut(u64) + Send);

/// The user who runs headcount, as far as known: a search must show them before it is believed that
/// another user is not there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Witness<'a> {
    /// The account.
    pub account: Option<&'a AccountId>,
    /// The mail address.
    pub mail: Option<&'a str>,
}

fn person(facts: PersonRecord) -> Person {
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
