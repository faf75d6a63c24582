//! `user remove`: takes users off the site, or out of the directory with all its apps; also the undo of
//! `user create`.

use headcount_model::job::Job;
use headcount_sheet::Job as SheetJob;

use super::{
    Area, Copied, Counted, Credential, JobSpec, LookUp, Need, Owner, Phrases, Tile, asked, families,
};
use crate::rows::{self, UserChange};

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RemoveUsers,
    phrases: Phrases {
        one: "user",
        imperative: ("take", "off the site"),
        title: "Take users off the site",
        done: "Removed from the site",
        heading: "Users removed from the site",
    },
    phrases_in_directory: Some(Phrases {
        one: "user",
        imperative: ("remove", "from the directory and all its apps"),
        title: "Remove users from the directory",
        done: "Removed from the directory and all its apps",
        heading: "Users removed from the directory and all its apps",
    }),
    tile: Some(Tile {
        key: "take-off",
        area: Area::People,
        title: "Take users off the site",
        about: "They lose the site and their groups there. Their Atlassian accounts stay.",
        needs: families::USER,
        with: Credential::Either,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M15.2 15.2l5.3 5.3M20.5 15.2l-5.3 5.3'/>",
    }),
    template: families::USERS,
    sheet: SheetJob::Users,
    read: |raw, columns| rows::user(UserChange::Remove, raw, columns),
    asked: &[asked::REMOVE],
    exports: families::USERS_EXPORT,
    copy: Copied::Users,
    need: Need::JiraOrDirectory,
    takes_away: true,
    own_access: true,
    owner: Owner::Directory,
    counted: Counted::OfTheSite,
    look_up: LookUp::Residents,
    inverse: Job::CreateUsers,
    creates: false,
    undo_sends: false,
    is_undoable: families::never,
};
