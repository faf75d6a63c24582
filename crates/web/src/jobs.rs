//! The jobs in a page's words.

use headcount_app::export::What;
use headcount_core::journal::Run;
use headcount_core::plan::chosen;
use headcount_core::values::job::Job;
use maud::{Markup, PreEscaped};

/// Under which heading the start page has a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// What is done to people.
    People,
    /// What is done to groups.
    Groups,
}

/// Which key a job needs, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The organisation's.
    Organisation,
    /// Either will do.
    Either,
}

impl Key {
    /// In words, after "needs".
    pub fn words(self) -> &'static str {
        match self {
            Self::Organisation => "an organization API key",
            Self::Either => "an API token or an organization API key",
        }
    }
}

/// A job as the page offers it.
pub struct Offer {
    /// The job.
    pub job: Job,
    /// Its name in addresses.
    pub key: &'static str,
    /// Where it stands.
    pub area: Area,
    /// What it is called.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// What a row of its sheet holds.
    pub needs: &'static str,
    /// Which key the site's profile must have.
    pub with: Key,
    /// The paths of its picture, in a box of 24 by 24.
    picture: &'static str,
}

const PERSON: &str = "a user (email or account id) in each row";
const PERSON_AND_GROUP: &str = "a user (email or account id) and a group in each row";

/// What the page offers, in its order.
pub const OFFERS: [Offer; 9] = [
    Offer {
        job: Job::CreateUsers,
        key: "create",
        area: Area::People,
        title: "Create users",
        about: "Invite new users to the site, with the apps they need.",
        needs: "one email address in each row; apps if they differ",
        with: Key::Either,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M18 14v7M14.5 17.5h7'/>",
    },
    Offer {
        job: Job::DeactivateUsers,
        key: "deactivate",
        area: Area::People,
        title: "Deactivate accounts",
        about: "Close the Atlassian accounts of people who have left. You can undo it.",
        needs: PERSON,
        with: Key::Organisation,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><circle cx='17.5' cy='17.5' r='4'/><path d='M14.8 20.2l5.4-5.4'/>",
    },
    Offer {
        job: Job::ActivateUsers,
        key: "reactivate",
        area: Area::People,
        title: "Reactivate accounts",
        about: "Open deactivated accounts again.",
        needs: PERSON,
        with: Key::Organisation,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><path d='M14 18l2.7 2.7L22 15.5'/>",
    },
    Offer {
        job: Job::SuspendUsers,
        key: "suspend",
        area: Area::People,
        title: "Suspend users",
        about: "Keep users out of your organization's apps for now. Restoring them brings back groups and roles.",
        needs: PERSON,
        with: Key::Organisation,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M16.2 14.5v6.5M20 14.5v6.5'/>",
    },
    Offer {
        job: Job::RestoreUsers,
        key: "restore",
        area: Area::People,
        title: "Restore users",
        about: "Let suspended users in again, with their groups and roles.",
        needs: PERSON,
        with: Key::Organisation,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M16 14.2l5.2 3.3-5.2 3.3z'/>",
    },
    Offer {
        job: Job::RemoveUsers,
        key: "take-off",
        area: Area::People,
        title: "Take users off the site",
        about: "They lose the site and their groups there. Their Atlassian accounts stay.",
        needs: PERSON,
        with: Key::Either,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M15.2 15.2l5.3 5.3M20.5 15.2l-5.3 5.3'/>",
    },
    Offer {
        job: Job::AddMembers,
        key: "add",
        area: Area::Groups,
        title: "Add to groups",
        about: "Add users to groups. Users who are already members stay as they are.",
        needs: PERSON_AND_GROUP,
        with: Key::Either,
        picture: "<circle cx='9' cy='8' r='3.5'/><path d='M2.5 20c0-3.6 2.9-6 6.5-6 1 0 2 .2 2.8.5'/><circle cx='17' cy='9' r='2.5'/><path d='M18 14v7M14.5 17.5h7'/>",
    },
    Offer {
        job: Job::RemoveMembers,
        key: "remove",
        area: Area::Groups,
        title: "Remove from groups",
        about: "Remove users from groups. Their accounts stay.",
        needs: PERSON_AND_GROUP,
        with: Key::Either,
        picture: "<circle cx='9' cy='8' r='3.5'/><path d='M2.5 20c0-3.6 2.9-6 6.5-6 1 0 2 .2 2.8.5'/><circle cx='17' cy='9' r='2.5'/><path d='M14.5 17.5h7'/>",
    },
    Offer {
        job: Job::CreateGroups,
        key: "create-groups",
        area: Area::Groups,
        title: "Create groups",
        about: "Create new, empty groups. A group that already exists stays as it is.",
        needs: "a group's name in each row; a description if you like",
        with: Key::Either,
        picture: "<rect x='3' y='4' width='11' height='11' rx='2.5'/><path d='M17.5 8.5V17a2.5 2.5 0 0 1-2.5 2.5H7'/><path d='M8.5 6.8v5.4M5.8 9.5h5.4'/>",
    },
];

/// Whether nothing brings back what a job does.
pub fn is_irreversible(job: Job) -> bool {
    match job {
        Job::RemoveUsers | Job::RemoveGroups => true,
        Job::CreateUsers
        | Job::DeactivateUsers
        | Job::ActivateUsers
        | Job::SuspendUsers
        | Job::RestoreUsers
        | Job::CreateGroups
        | Job::AddMembers
        | Job::RemoveMembers => false,
    }
}

/// Whether a job takes something away from somebody, in any direction.
pub fn takes_away(job: Job) -> bool {
    job.takes_away() || job == Job::RemoveMembers
}

impl Offer {
    /// The offer of an address.
    pub fn of_key(key: &str) -> Option<&'static Self> {
        OFFERS.iter().find(|offer| offer.key == key)
    }

    /// The offer of a job, if the page has one.
    pub fn of(job: Job) -> Option<&'static Self> {
        OFFERS.iter().find(|offer| offer.job == job)
    }

    /// Its picture.
    pub fn picture(&self) -> Markup {
        picture(self.picture)
    }
}

/// A list that the page makes: only read, never changed.
pub struct List {
    /// Of what.
    pub what: What,
    /// Its name in addresses.
    pub key: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What is in it, in a sentence.
    pub about: &'static str,
    /// The file's name.
    pub file: &'static str,
    picture: &'static str,
}

/// The lists, in the page's order.
pub const LISTS: [List; 3] = [
    List {
        what: What::People,
        key: "people",
        title: "List of users",
        about: "Every user that the site shows: name, email, account id, state.",
        file: "users.csv",
        picture: "<circle cx='8' cy='7.5' r='3.2'/><path d='M2.5 18c0-3.2 2.4-5.5 5.5-5.5s5.5 2.3 5.5 5.5'/><path d='M16 7h6M16 11.5h6M17 16h5'/>",
    },
    List {
        what: What::Groups { members: false },
        key: "groups",
        title: "List of groups",
        about: "Every group: name, id, description.",
        file: "groups.csv",
        picture: "<rect x='3' y='4.5' width='6' height='6' rx='1.5'/><rect x='3' y='14' width='6' height='6' rx='1.5'/><path d='M13 7.5h8.5M13 17h8.5'/>",
    },
    List {
        what: What::Groups { members: true },
        key: "members",
        title: "Who is in which group",
        about: "A row for each user in each group.",
        file: "members.csv",
        picture: "<rect x='2.5' y='8' width='7' height='7' rx='2'/><path d='M9.5 11.5h4.5M14 11.5l3-5M14 11.5l3 5'/><circle cx='19' cy='5.5' r='2.3'/><circle cx='19' cy='17.5' r='2.3'/>",
    },
];

impl List {
    /// The list of an address.
    pub fn of_key(key: &str) -> Option<&'static Self> {
        LISTS.iter().find(|list| list.key == key)
    }

    /// The list of what was read.
    pub fn of(what: What) -> &'static Self {
        LISTS.iter().find(|list| list.what == what).unwrap_or(&LISTS[0])
    }

    /// Its picture.
    pub fn picture(&self) -> Markup {
        picture(self.picture)
    }
}

fn picture(paths: &str) -> Markup {
    PreEscaped(format!(
        "<svg class=\"picture\" viewBox=\"0 0 24 24\" width=\"28\" height=\"28\" aria-hidden=\"true\">{paths}</svg>"
    ))
}

/// What a job is called, also one that only an undo has.
pub fn title(job: Job) -> &'static str {
    let of_undo = if job == Job::RemoveGroups { "Delete groups" } else { job.command() };
    Offer::of(job).map_or(of_undo, |offer| offer.title)
}

/// What a run is called.
pub fn run_title(run: &Run) -> String {
    match &run.undoes {
        Some(undone) => {
            let some = if chosen(run).is_some() { "some rows of " } else { "" };
            format!("Undo of {some}run {undone}: {}", title(run.job).to_lowercase())
        }
        None => title(run.job).to_owned(),
    }
}
