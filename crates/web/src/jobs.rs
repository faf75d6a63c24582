//! The jobs in the words of the page.

use headcount_app::export::What;
use headcount_journal::Run;
use headcount_model::job::Job;
use headcount_people::jobs::{self, JobSpec, Tile};
use headcount_people::plan::chosen;
use maud::{Markup, PreEscaped};

/// A job that the page offers.
#[derive(Clone, Copy)]
pub struct Offer {
    /// The job.
    pub spec: &'static JobSpec,
    /// Its tile on the start page.
    pub tile: &'static Tile,
}

impl Offer {
    /// All offered jobs, in the page's order.
    pub fn all() -> impl Iterator<Item = Self> {
        jobs::tiles().map(|(spec, tile)| Self { spec, tile })
    }

    /// The job with this name in addresses.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::all().find(|offer| offer.tile.key == key)
    }

    /// The offer of a job, if the page has one.
    pub fn of(job: Job) -> Option<Self> {
        Self::all().find(|offer| offer.spec.job == job)
    }

    /// The job's icon.
    pub fn picture(&self) -> Markup {
        picture(self.tile.picture)
    }
}

/// Whether the job cannot be undone.
pub fn is_irreversible(job: Job) -> bool {
    !jobs::of(job).undo_sends
}

/// A list that the page can export. Exporting only reads.
pub struct List {
    /// The kind of list.
    pub what: What,
    /// Its name in addresses.
    pub key: &'static str,
    /// Its title.
    pub title: &'static str,
    /// A sentence about its content.
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
        about: "All users that the site shows: name, email, account id, state.",
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
    /// The list with this name in addresses.
    pub fn of_key(key: &str) -> Option<&'static Self> {
        LISTS.iter().find(|list| list.key == key)
    }

    /// The list's icon.
    pub fn picture(&self) -> Markup {
        picture(self.picture)
    }
}

/// The icon of collections.
pub fn postman() -> Markup {
    picture("<path d='M4 6.5h11M4 12h11M4 17.5h11'/><path d='M18 9.5l3 2.5-3 2.5'/>")
}

/// The icon of *Find people*.
pub fn find_people() -> Markup {
    picture("<circle cx='10' cy='10' r='6.5'/><path d='M15 15l6 6'/><path d='M7 10h6M7 12.5h4'/>")
}

fn picture(paths: &str) -> Markup {
    PreEscaped(format!(
        "<svg class=\"picture\" viewBox=\"0 0 24 24\" width=\"28\" height=\"28\" aria-hidden=\"true\">{paths}</svg>"
    ))
}

/// The title of a job, including jobs that only an undo has.
pub fn title(job: Job) -> &'static str {
    jobs::of(job).title()
}

/// The title of a run.
pub fn run_title(run: &Run) -> String {
    match &run.undoes {
        Some(undone) => {
            let some = if chosen(run).is_some() { "some rows of " } else { "" };
            format!("Undo of {some}run {undone}: {}", title(run.job).to_lowercase())
        }
        None => title(run.job).to_owned(),
    }
}
