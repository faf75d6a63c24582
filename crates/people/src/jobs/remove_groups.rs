//! Deletes groups: the undo of `group create`.

use crate::rows::SheetJob;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::families::{groups, never};
use super::{Copied, Counted, JobSpec, Need, Phrases, asked, spared};
use crate::resolve::{self, No};
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RemoveGroups,
    help: None,
    options: &[],
    phrases: Phrases {
        one: "group",
        imperative: ("delete", ""),
        title: "Delete groups",
        done: "Deleted",
        heading: "Groups deleted",
    },
    phrases_in_directory: None,
    tile: None,
    template: groups::TEMPLATE,
    sheet: SheetJob::CreateGroups,
    read: rows::new_group,
    asked: &[asked::REMOVE, asked::DELETE],
    exports: groups::NO_EXPORTS,
    copy: Copied::Groups,
    need: Need::DirectoryOrJira,
    takes_away: true,
    own_access: true,
    spared: spared::MEMBERS,
    owner: resolve::anyone,
    counted: Counted::OfTheSite,
    look_up: groups::look_up,
    look_up_undo: groups::look_up_undo,
    // Only an undo deletes groups yet.
    resolve: |_, _| Err(No::new(Reason::NotAllowed, "no spreadsheet asks for it")),
    inverse: Job::CreateGroups,
    creates: false,
    undo_sends: false,
    is_undoable: never,
};
