//! The result of an export in words, and what it does not contain.

use std::path::Path;

use headcount_people::export::{Exported, Reviewed, Way};

use super::{clean, many, people, thousands};

/// The kind of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Users.
    People,
    /// Groups.
    Groups {
        /// Whether it has one row for each membership.
        members: bool,
    },
}

/// What the credentials did not show, one sentence each.
pub fn notes(what: What, exported: &Exported) -> Vec<String> {
    let mut notes = Vec::new();
    if exported.closed {
        notes.push(
            "the organization's directory could not be read with these credentials (not \
             available in Atlassian's older user management)"
                .into(),
        );
    }
    match (exported.way, what) {
        (Way::Managed, _) => notes.push(
            "managed accounts only: users outside the organization's domains are not in the file"
                .into(),
        ),
        (Way::Jira, What::People | What::Groups { members: true }) => notes.push(
            "read from Jira, which shows only whether a user is active, and lists no managed account that \
             was never invited to the site; with an organization API key, the file also has these \
             accounts, suspensions, join dates and organization roles"
                .into(),
        ),
        _ => {}
    }
    if exported.hidden > 0 {
        let of = people(exported.hidden);
        notes
            .push(format!("the email of {of} is hidden from these credentials; the cell is empty"));
    }
    if exported.empty > 0 {
        let of = many(exported.empty, "group");
        let (have, they, them) = match exported.empty {
            1 => ("has", "it is", "it"),
            _ => ("have", "they are", "them"),
        };
        notes.push(format!(
            "{of} {have} no members, so {they} missing here; the list of groups (`headcount group \
             export`) has {them}"
        ));
    }
    if exported.short > 0 {
        let of = many(exported.short, "group");
        let are = if exported.short == 1 { "is" } else { "are" };
        notes.push(format!("{of} {are} incomplete: these credentials cannot see all members"));
    }
    if exported.nameless > 0 {
        let of = many(exported.nameless, "group");
        notes.push(format!("{of} left out: the site does not show the id"));
    }
    notes.extend(notes_of_apps(exported));
    if exported.others > 0 {
        let of = if exported.others == 1 {
            "1 other directory".to_owned()
        } else {
            format!("{} other directories", thousands(exported.others))
        };
        notes.push(format!("{of} left out: the profile names only one (directory_id)"));
    }
    notes
}

/// What an access review lacks, a sentence each.
pub fn notes_of_review(reviewed: &Reviewed) -> Vec<String> {
    let mut notes = Vec::new();
    if reviewed.unread > 0 {
        let of = people(reviewed.unread);
        notes.push(format!(
            "the roles of {of} could not be read: their rows have the role unknown, which `access revoke` does not take"
        ));
    }
    if reviewed.unread_groups > 0 {
        let of = many(reviewed.unread_groups, "group");
        notes.push(format!(
            "the roles or members of {of} could not be read, so some names of groups are missing"
        ));
    }
    notes
}

/// What the columns for apps lack, a sentence each.
fn notes_of_apps(exported: &Exported) -> Vec<String> {
    let mut notes = Vec::new();
    if exported.no_others {
        notes.push(
            "apps and customers of help desks are not in the list: only Jira lists them, with an API token"
                .into(),
        );
    }
    if exported.no_apps {
        notes.push(
            "these credentials do not show the organization's apps, so the columns for apps are missing"
                .into(),
        );
    }
    if exported.unlisted > 0 {
        let of = people(exported.unlisted);
        notes.push(format!(
            "{of} with an app that the organization does not list; it has no column and no seats here"
        ));
    }
    notes
}

/// The result in words: how many, from which site, and the file.
pub fn end(what: What, exported: &Exported, site: &str, to: Option<&Path>) -> String {
    let much = match what {
        What::People => people(exported.people),
        What::Groups { members: false } => many(exported.groups, "group"),
        What::Groups { members: true } => {
            format!("{} with {} in them", many(exported.groups, "group"), people(exported.people))
        }
    };
    let whole = match to {
        Some(path) if path != Path::new("-") => format!(" in {}", path.display()),
        _ => String::new(),
    };
    clean(&format!("Exported {much} from {site}{whole}")).into_owned()
}
