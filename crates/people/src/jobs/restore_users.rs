//! `user restore`: restores suspended users.

use headcount_model::job::Job;
use headcount_sheet::Job as SheetJob;

use super::{
    Area, Copied, Counted, Credential, JobSpec, LookUp, Need, Owner, Phrases, Tile, asked, families,
};
use crate::rows::{self, UserChange};

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RestoreUsers,
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
        about: "Let suspended users in again, with their groups and roles.",
        needs: families::USER,
        with: Credential::Organization,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M16 14.2l5.2 3.3-5.2 3.3z'/>",
    }),
    template: families::USERS,
    sheet: SheetJob::Users,
    read: |raw, columns| rows::user(UserChange::Restore, raw, columns),
    asked: &[asked::RESTORE, asked::ACTIVATE],
    exports: families::USERS_EXPORT,
    copy: Copied::Users,
    need: Need::Directory,
    takes_away: false,
    own_access: false,
    owner: Owner::Directory,
    counted: Counted::OfTheSite,
    look_up: LookUp::Standings,
    inverse: Job::SuspendUsers,
    creates: false,
    undo_sends: true,
    is_undoable: families::if_changed,
};
