//! Deletes groups: the undo of `group create`.

use headcount_model::job::Job;
use headcount_sheet::Job as SheetJob;

use super::{Copied, Counted, JobSpec, LookUp, Need, Owner, Phrases, asked, families};
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RemoveGroups,
    phrases: Phrases {
        one: "group",
        imperative: ("delete", ""),
        title: "Delete groups",
        done: "Deleted",
        heading: "Groups deleted",
    },
    phrases_in_directory: None,
    tile: None,
    template: families::GROUPS,
    sheet: SheetJob::CreateGroups,
    read: rows::group,
    asked: &[asked::REMOVE, asked::DELETE],
    exports: families::NO_EXPORTS,
    copy: Copied::Groups,
    need: Need::DirectoryOrJira,
    takes_away: true,
    own_access: true,
    owner: Owner::Anyone,
    counted: Counted::OfTheSite,
    look_up: LookUp::Groups,
    inverse: Job::CreateGroups,
    creates: false,
    undo_sends: false,
    is_undoable: families::never,
};
