//! The filters on listings that show only id, name, email, kind and state: Jira's, and that of the
//! managed accounts.

use jiff::Timestamp;

use super::error::ExportError;
use crate::choose::{Facts, Filters, Status, Verdict, judge};
use headcount_atlassian::records::ListedPerson;
use headcount_model::user::{AccountId, AccountStatus, AccountType};

/// Refuses filters that these listings cannot decide.
pub(super) fn check(filters: &Filters) -> Result<(), ExportError> {
    match filters.needs_organization() {
        None => Ok(()),
        Some(what) => Err(ExportError::NoWay { what, needs: NEEDS }),
    }
}

const NEEDS: &str = "an organization API key that can read the organization's directory";

/// Decides about a user of such a listing.
pub(super) fn of_listing(filters: &Filters, listed: &ListedPerson) -> Verdict {
    let person = &listed.person;
    let not_active = || match person.status {
        Some(AccountStatus::Inactive) => Some(Status::NotActive),
        Some(AccountStatus::Active | AccountStatus::Closed) | None => None,
    };
    let facts = Facts {
        kind: kind(listed, filters),
        status: person.standing.map(Status::Is).or_else(not_active),
        email: person.mail.as_deref(),
        managed: person.managed,
        ..Facts::default()
    };
    // No filter that passes the check asks for the time.
    judge(filters, None, &facts, Timestamp::UNIX_EPOCH)
}

pub(super) fn kind(listed: &ListedPerson, filters: &Filters) -> Option<AccountType> {
    kind_of(listed.person.account_type, &listed.person.id, filters)
}

/// An account whose type is not shown is in a list of all users, and in no list that filters.
pub(crate) fn kind_of(
    shown: Option<AccountType>,
    id: &AccountId,
    filters: &Filters,
) -> Option<AccountType> {
    let by_id = || id.as_str().starts_with("qm:").then_some(AccountType::Customer);
    let person = || (!filters.is_given()).then_some(AccountType::Person);
    shown.or_else(by_id).or_else(person)
}
