//! The jobs in a page's words.

use headcount_core::journal::Run;
use headcount_core::values::job::Job;
use maud::{Markup, PreEscaped};

/// A job as the page offers it.
pub struct Offer {
    /// The job.
    pub job: Job,
    /// Its name in addresses.
    pub key: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// What a row of its sheet holds.
    pub needs: &'static str,
    /// The paths of its picture, in a box of 24 by 24.
    picture: &'static str,
}

/// What the page offers, in its order.
pub const OFFERS: [Offer; 5] = [
    Offer {
        job: Job::CreateUsers,
        key: "create",
        title: "Create users",
        about: "Invite new people to the site, with the products they need.",
        needs: "one e-mail address in each row; products if they differ",
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M18 14v7M14.5 17.5h7'/>",
    },
    Offer {
        job: Job::AddMembers,
        key: "add",
        title: "Add to groups",
        about: "Put people into groups. Who is in already stays as they are.",
        needs: "a person (e-mail or account id) and a group in each row",
        picture: "<circle cx='9' cy='8' r='3.5'/><path d='M2.5 20c0-3.6 2.9-6 6.5-6 1 0 2 .2 2.8.5'/><circle cx='17' cy='9' r='2.5'/><path d='M18 14v7M14.5 17.5h7'/>",
    },
    Offer {
        job: Job::RemoveMembers,
        key: "remove",
        title: "Remove from groups",
        about: "Take people out of groups. Their accounts stay.",
        needs: "a person (e-mail or account id) and a group in each row",
        picture: "<circle cx='9' cy='8' r='3.5'/><path d='M2.5 20c0-3.6 2.9-6 6.5-6 1 0 2 .2 2.8.5'/><circle cx='17' cy='9' r='2.5'/><path d='M14.5 17.5h7'/>",
    },
    Offer {
        job: Job::DeactivateUsers,
        key: "deactivate",
        title: "Deactivate accounts",
        about: "Close the accounts of people who have left. It can be taken back.",
        needs: "a person (e-mail or account id) in each row",
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><circle cx='17.5' cy='17.5' r='4'/><path d='M14.8 20.2l5.4-5.4'/>",
    },
    Offer {
        job: Job::ActivateUsers,
        key: "reactivate",
        title: "Reactivate accounts",
        about: "Open deactivated accounts again.",
        needs: "a person (e-mail or account id) in each row",
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><path d='M14 18l2.7 2.7L22 15.5'/>",
    },
];

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
        let paths = self.picture;
        PreEscaped(format!(
            "<svg class=\"picture\" viewBox=\"0 0 24 24\" width=\"28\" height=\"28\" aria-hidden=\"true\">{paths}</svg>"
        ))
    }
}

/// What a job is called, also one that only the command line offers.
pub fn title(job: Job) -> &'static str {
    match job {
        Job::CreateUsers => "Create users",
        Job::AddMembers => "Add to groups",
        Job::RemoveMembers => "Remove from groups",
        Job::DeactivateUsers => "Deactivate accounts",
        Job::ActivateUsers => "Reactivate accounts",
        Job::SuspendUsers => "Suspend users",
        Job::RestoreUsers => "Restore users",
        Job::RemoveUsers => "Take users off the site",
        Job::CreateGroups => "Create groups",
        Job::RemoveGroups => "Delete groups",
    }
}

/// What a run is called.
pub fn run_title(run: &Run) -> String {
    match &run.undoes {
        Some(undone) => format!("Undo of run {undone}: {}", title(run.job).to_lowercase()),
        None => title(run.job).to_owned(),
    }
}
