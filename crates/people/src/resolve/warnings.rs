//! What is to be looked at twice: noted with a step, shown with the plan, and no reason to leave a row
//! out.
//!
//! No call of these credentials shows which groups make administrators. The groups that Atlassian makes
//! (`site-admins`, `org-admins`, `jira-administrators`, `confluence-administrators`,
//! `system-administrators`, with a site's name behind them in newer organizations) say it in their
//! names, and so do those that people make for it; a name is a hint and no more (an assumption).

use crate::directory::{Directory, GroupIndex, Person};
use crate::steps::{Note, Wanted};
use headcount_model::user::{AccountStatus, Standing};

/// Of adding a user to a group; `None`: they are yet to be created.
pub(crate) fn of_addition(
    person: Option<&Person>,
    group: GroupIndex,
    directory: &Directory,
) -> Wanted {
    let has = person.and_then(|person| person.products.as_deref()).unwrap_or_default();
    let gives = directory.given_by(group);
    let given = gives.iter().filter(|product| !has.contains(product));
    let mut notes = Vec::new();
    if directory.asked_for_products && directory.gives_apps(group).is_none() {
        notes.push(Note::AppsUnseen);
    }
    if makes_administrators(&directory.group(group).name) {
        notes.push(Note::Administrators);
    }
    let opens = directory.group_size(group).and_then(|(_, apps)| apps).unwrap_or(0);
    // Jira's own were named already.
    if opens as usize > gives.len() {
        notes.push(Note::OpensApps);
    }
    notes.extend(person.and_then(rests));
    Wanted { gives: given.copied().collect(), notes, ..Wanted::default() }
}

/// Somebody who cannot sign in.
pub(crate) fn rests(person: &Person) -> Option<Note> {
    match (person.status, person.standing) {
        (Some(AccountStatus::Inactive), _) | (_, Some(Standing::Deactivated)) => {
            Some(Note::Deactivated)
        }
        (_, Some(Standing::Suspended)) => Some(Note::Suspended),
        _ => None,
    }
}

/// Whether a group's name says that it makes administrators.
pub(crate) fn makes_administrators(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| matches!(word, "admin" | "admins" | "administrator" | "administrators"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_make_administrators_say_so_in_a_word_of_their_own() {
        for name in [
            "site-admins",
            "org-admins",
            "jira-administrators",
            "confluence-administrators-acme",
            "Jira Admins (EU)",
            "ADMIN",
        ] {
            assert!(makes_administrators(name), "{name}");
        }
        for name in ["administration", "badminton", "houston-sales", "administrative-staff", ""] {
            assert!(!makes_administrators(name), "{name}");
        }
    }
}
