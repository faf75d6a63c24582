//! `user deactivate`: deactivates managed accounts.

use headcount_model::job::Job;
use headcount_sheet::Job as SheetJob;

use super::{
    Area, Copied, Counted, Credential, JobSpec, LookUp, Need, Owner, Phrases, Tile, asked, families,
};
use crate::rows::{self, UserChange};

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::DeactivateUsers,
    phrases: Phrases {
        one: "user",
        imperative: ("deactivate", ""),
        title: "Deactivate accounts",
        done: "Deactivated",
        heading: "Accounts deactivated",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "deactivate",
        area: Area::People,
        title: "Deactivate accounts",
        about: "Close the Atlassian accounts of people who have left. You can undo it.",
        needs: families::USER,
        with: Credential::Organization,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><circle cx='17.5' cy='17.5' r='4'/><path d='M14.8 20.2l5.4-5.4'/>",
    }),
    template: families::USERS,
    sheet: SheetJob::Users,
    read: |raw, columns| rows::user(UserChange::Deactivate, raw, columns),
    asked: &[asked::DEACTIVATE],
    exports: families::USERS_EXPORT,
    copy: Copied::Users,
    need: Need::Org,
    takes_away: true,
    own_access: true,
    owner: Owner::Lifecycle,
    counted: Counted::Managed,
    look_up: LookUp::Accounts,
    inverse: Job::ActivateUsers,
    creates: false,
    undo_sends: true,
    is_undoable: families::if_changed,
};
