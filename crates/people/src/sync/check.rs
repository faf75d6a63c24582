//! Refuses a list that is empty, or that was cut off. Pure.

use std::collections::BTreeSet;

use super::error::ListError;
use super::list::List;
use crate::directory::{Directory, PersonIndex};
use headcount_model::protected::Protected;

/// The most protected users that a message names.
const NAMED: usize = 5;

/// Refuses an empty list, one that does not name a protected user that it owns, and one with fewer than half of the
/// users that it owns.
pub(super) fn check(
    list: &List,
    (owned, absent): (&BTreeSet<PersonIndex>, &[PersonIndex]),
    counts_half: bool,
    protected: &Protected,
    directory: &Directory,
) -> Result<(), ListError> {
    if list.users.is_empty() {
        return Err(ListError::Empty);
    }
    let is_protected = |at: &&PersonIndex| {
        let person = directory.person(**at);
        protected.person(&person.id, person.mail.as_deref()).is_some()
    };
    let users = absent.iter().filter(is_protected).take(NAMED);
    let users: Vec<_> = users.map(|at| directory.person(*at).shown().to_owned()).collect();
    if !users.is_empty() {
        return Err(ListError::Protected { users });
    }
    let listed = (owned.len() - absent.len()) as u64;
    let owned = owned.len() as u64;
    if counts_half && listed * 2 < owned {
        return Err(ListError::Half { listed, owned });
    }
    Ok(())
}
