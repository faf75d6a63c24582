//! `member remove`: removes users from groups.

use crate::rows::SheetJob;
use headcount_model::job::Job;

use super::families::{if_changed, members, none};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RemoveMembers,
    help: Some(
        "Remove each row's user from that row's group. Columns: email or account id, group name or group id",
    ),
    options: &["scim"],
    phrases: Phrases {
        one: "membership",
        imperative: ("remove", ""),
        title: "Remove from groups",
        done: "Removed",
        heading: "Members removed from groups",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "remove",
        area: Area::Groups,
        title: "Remove from groups",
        about: "Remove users from groups. Their accounts stay.",
        needs: members::NEEDS,
        picture: "<circle cx='9' cy='8' r='3.5'/><path d='M2.5 20c0-3.6 2.9-6 6.5-6 1 0 2 .2 2.8.5'/><circle cx='17' cy='9' r='2.5'/><path d='M14.5 17.5h7'/>",
    }),
    template: members::TEMPLATE,
    sheet: SheetJob::Memberships,
    read: rows::member,
    asked: &[asked::REMOVE, asked::DELETE],
    decision: None,
    exports: members::EXPORTS,
    copy: Copied::MEMBERSHIPS,
    need: Need::JiraOrDirectory,
    takes_away: false,
    own_access: true,
    consequences: none,
    spared: spared::MEMBERS,
    owner: resolve::anyone,
    counted: Counted::OfTheSite,
    look_up: |lookup| members::look_up(lookup, members::Apps::Ignored),
    look_up_undo: members::look_up_undo,
    resolve: members::remove,
    arrange: None,
    inverse: Job::AddMembers,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};
