//! `user suspend`: suspends users in the directory.

use crate::rows::SheetJob;
use crate::steps::StepKind;
use headcount_model::job::Job;

use super::families::{if_changed, none, users};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::SuspendUsers,
    help: Some(
        "Suspend the user of each row: they cannot use the organization's apps until you restore them, and keep \
         their groups and roles. Columns: account id or email",
    ),
    options: &[],
    phrases: Phrases {
        one: "user",
        imperative: ("suspend", ""),
        title: "Suspend users",
        done: "Suspended",
        heading: "Users suspended",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "suspend",
        area: Area::People,
        title: "Suspend users",
        about: "Keep users out of your organization's apps for now. Restoring them brings back groups and roles.",
        needs: users::NEEDS,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M16.2 14.5v6.5M20 14.5v6.5'/>",
    }),
    template: users::TEMPLATE,
    sheet: SheetJob::Users,
    read: rows::user,
    asked: &[asked::SUSPEND],
    decision: None,
    exports: users::EXPORTS,
    copy: Copied::USERS,
    need: Need::Directory,
    takes_away: true,
    own_access: true,
    consequences: none,
    spared: spared::TAKEN_FROM,
    owner: resolve::directory_owner,
    counted: Counted::OfTheSite,
    look_up: users::look_up_standings,
    look_up_undo: |mut lookup| Box::pin(async move { lookup.read_standings().await }),
    resolve: |intent, with| users::resolve(intent, with, StepKind::Suspend, users::nothing_else),
    arrange: None,
    inverse: Job::RestoreUsers,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};
