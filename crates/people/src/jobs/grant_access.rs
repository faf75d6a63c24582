//! `access grant`: gives users and groups roles in apps.

use crate::rows::SheetJob;
use headcount_model::job::Job;

use super::families::{access, if_changed, none};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::GrantAccess,
    help: Some(
        "Give the user or the group of each row a role in an app. Columns: email or account id, or a group; product; role (optional)",
    ),
    options: &[],
    phrases: Phrases {
        one: "role",
        imperative: ("grant", ""),
        title: "Grant access to apps",
        done: "Granted",
        heading: "Access to apps granted",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "grant-access",
        area: Area::People,
        title: "Grant access to apps",
        about: "Give users, or all members of groups, a role in an app. Each new user of an app takes a seat.",
        needs: access::NEEDS,
        picture: "<circle cx='8' cy='12' r='4'/><path d='M12 12h9M18 12v4M15 12v3'/><path d='M8 4v0M18 5v4M16 7h4'/>",
    }),
    template: access::TEMPLATE,
    sheet: SheetJob::Access,
    read: rows::access,
    asked: &[asked::ADD, asked::CREATE],
    decision: None,
    exports: access::NO_EXPORTS,
    copy: Copied::ROLES,
    need: Need::Directory,
    takes_away: false,
    own_access: false,
    consequences: none,
    spared: spared::CREATED,
    owner: resolve::directory_owner,
    counted: Counted::OfTheSite,
    look_up: access::look_up,
    look_up_undo: access::look_up_undo,
    resolve: access::grant,
    arrange: None,
    inverse: Job::RevokeAccess,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};
