//! `access revoke`: revokes roles in apps; also the undo of `access grant`.

use crate::rows::SheetJob;
use headcount_model::job::Job;

use super::families::{access, if_changed, none};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RevokeAccess,
    help: Some(
        "Revoke each row's role in an app from the user or the group. A role that comes through a group is revoked from the group. Columns: email or account id, or a group; product; role (optional)",
    ),
    options: &[],
    phrases: Phrases {
        one: "role",
        imperative: ("revoke", ""),
        title: "Revoke access to apps",
        done: "Revoked",
        heading: "Access to apps revoked",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "revoke-access",
        area: Area::People,
        title: "Revoke access to apps",
        about: "Take the role in an app from users, or from all members of groups. What a user has through a group stays.",
        needs: access::NEEDS,
        picture: "<circle cx='8' cy='12' r='4'/><path d='M12 12h9M18 12v4M15 12v3'/><path d='M16 7h4'/>",
    }),
    template: access::TEMPLATE,
    sheet: SheetJob::Access,
    read: rows::access,
    asked: &[asked::REMOVE, asked::DELETE],
    decision: Some("revoke"),
    exports: access::NO_EXPORTS,
    copy: Copied::ROLES,
    need: Need::Directory,
    takes_away: true,
    own_access: true,
    consequences: none,
    spared: spared::TAKEN_FROM,
    owner: resolve::directory_owner,
    counted: Counted::OfTheSite,
    look_up: access::look_up,
    look_up_undo: access::look_up_undo,
    resolve: access::revoke,
    arrange: None,
    inverse: Job::GrantAccess,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};
