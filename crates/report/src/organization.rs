//! The organization of a run, for people.

use headcount_atlassian::access::ADMIN_URL;
use headcount_journal::Run;

/// The organization whose accounts a run changes, by its id, where the site's name does not show it;
/// with the address where that is neither Atlassian's own nor the site's.
pub fn organization(run: &Run) -> Option<String> {
    let name = run.organization.as_ref().filter(|name| **name != run.site)?;
    let (address, id) = name.split_once("/admin/v1/orgs/").unwrap_or(("", name));
    Some(match address {
        "" | ADMIN_URL => id.to_owned(),
        address if address == run.site => id.to_owned(),
        address => format!("{id} at {address}"),
    })
}
