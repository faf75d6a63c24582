//! `group create`: creates groups.

use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_sheet::Job as SheetJob;

use super::{
    Area, Copied, Counted, Credential, JobSpec, LookUp, Need, Owner, Phrases, Tile, asked, families,
};
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::CreateGroups,
    phrases: Phrases {
        one: "group",
        imperative: ("create", ""),
        title: "Create groups",
        done: "Created",
        heading: "Groups created",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "create-groups",
        area: Area::Groups,
        title: "Create groups",
        about: "Create new, empty groups. A group that already exists stays as it is.",
        needs: "a group's name in each row; a description if you like",
        with: Credential::Either,
        picture: "<rect x='3' y='4' width='11' height='11' rx='2.5'/><path d='M17.5 8.5V17a2.5 2.5 0 0 1-2.5 2.5H7'/><path d='M8.5 6.8v5.4M5.8 9.5h5.4'/>",
    }),
    template: families::GROUPS,
    sheet: SheetJob::CreateGroups,
    read: rows::group,
    asked: &[asked::ADD],
    exports: families::NO_EXPORTS,
    copy: Copied::Groups,
    need: Need::DirectoryOrJira,
    takes_away: false,
    own_access: false,
    owner: Owner::Anyone,
    counted: Counted::OfTheSite,
    look_up: LookUp::Groups,
    inverse: Job::RemoveGroups,
    creates: true,
    undo_sends: true,
    is_undoable: |reason| reason.reason == Reason::Done,
};
