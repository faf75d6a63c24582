//! `user activate`: reactivates managed accounts.

use headcount_model::job::Job;
use headcount_sheet::Job as SheetJob;

use super::{
    Area, Copied, Counted, Credential, JobSpec, LookUp, Need, Owner, Phrases, Tile, asked, families,
};
use crate::rows::{self, UserChange};

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::ActivateUsers,
    phrases: Phrases {
        one: "user",
        imperative: ("reactivate", ""),
        title: "Reactivate accounts",
        done: "Reactivated",
        heading: "Accounts reactivated",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "reactivate",
        area: Area::People,
        title: "Reactivate accounts",
        about: "Open deactivated accounts again.",
        needs: families::USER,
        with: Credential::Organization,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><path d='M14 18l2.7 2.7L22 15.5'/>",
    }),
    template: families::USERS,
    sheet: SheetJob::Users,
    read: |raw, columns| rows::user(UserChange::Activate, raw, columns),
    asked: &[asked::ACTIVATE],
    exports: families::USERS_EXPORT,
    copy: Copied::Users,
    need: Need::Org,
    takes_away: false,
    own_access: false,
    owner: Owner::Lifecycle,
    counted: Counted::Managed,
    look_up: LookUp::Accounts,
    inverse: Job::DeactivateUsers,
    creates: false,
    undo_sends: true,
    is_undoable: families::if_changed,
};
