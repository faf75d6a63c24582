//! `member add`: adds users to groups.

use crate::rows::SheetJob;
use headcount_model::job::Job;

use super::families::{if_changed, members, none};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::AddMembers,
    help: Some(
        "Add each row's user to that row's group. Columns: email or account id, group name or group id",
    ),
    options: &["scim"],
    phrases: Phrases {
        one: "membership",
        imperative: ("add", ""),
        title: "Add to groups",
        done: "Added",
        heading: "Members added to groups",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "add",
        area: Area::Groups,
        title: "Add to groups",
        about: "Add users to groups. Users who are already members stay as they are.",
        needs: members::NEEDS,
        picture: "<circle cx='9' cy='8' r='3.5'/><path d='M2.5 20c0-3.6 2.9-6 6.5-6 1 0 2 .2 2.8.5'/><circle cx='17' cy='9' r='2.5'/><path d='M18 14v7M14.5 17.5h7'/>",
    }),
    template: members::TEMPLATE,
    sheet: SheetJob::Memberships,
    read: rows::member,
    asked: &[asked::ADD, asked::CREATE],
    decision: None,
    exports: members::EXPORTS,
    copy: Copied::MEMBERSHIPS,
    need: Need::JiraOrDirectory,
    takes_away: false,
    own_access: false,
    consequences: none,
    spared: spared::CREATED,
    owner: resolve::anyone,
    counted: Counted::OfTheSite,
    look_up: |lookup| members::look_up(lookup, members::Apps::Read),
    look_up_undo: members::look_up_undo,
    resolve: members::add,
    arrange: None,
    inverse: Job::RemoveMembers,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};
