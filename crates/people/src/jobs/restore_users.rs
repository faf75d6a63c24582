//! `user restore`: restores suspended users.

use crate::rows::SheetJob;
use crate::steps::StepKind;
use headcount_model::job::Job;

use super::families::{if_changed, none, users};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RestoreUsers,
    help: Some("Restore the suspended user of each row. Columns: account id or email"),
    options: &[],
    phrases: Phrases {
        one: "user",
        imperative: ("restore", ""),
        title: "Restore users",
        done: "Restored",
        heading: "Users restored",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "restore",
        area: Area::People,
        title: "Restore users",
        about: "Restore suspended users, with their groups and roles.",
        needs: users::NEEDS,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M16 14.2l5.2 3.3-5.2 3.3z'/>",
    }),
    template: users::TEMPLATE,
    sheet: SheetJob::Users,
    read: rows::user,
    asked: &[asked::RESTORE, asked::ACTIVATE],
    decision: None,
    exports: users::EXPORTS,
    copy: Copied::USERS,
    need: Need::Directory,
    takes_away: false,
    own_access: false,
    consequences: none,
    spared: spared::CREATED,
    owner: resolve::directory_owner,
    counted: Counted::OfTheSite,
    look_up: users::look_up_standings,
    look_up_undo: |mut lookup| Box::pin(async move { lookup.read_standings().await }),
    resolve: |intent, with| users::resolve(intent, with, StepKind::Restore, users::nothing_else),
    arrange: None,
    inverse: Job::SuspendUsers,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};
