//! `user activate`: reactivates managed accounts.

use crate::rows::SheetJob;
use crate::steps::{StepKind, Wanted};
use headcount_model::job::Job;
use headcount_model::user::Privilege;

use super::families::{if_changed, none, users};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::directory::Person;
use crate::resolve::{self, Resolver};
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::ActivateUsers,
    help: Some(
        "Reactivate the account of each row. It must be managed: its email domain is one that your organization has claimed. Columns: account id or email",
    ),
    options: &["scim"],
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
        about: "Reactivate deactivated accounts.",
        needs: users::NEEDS,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><path d='M14 18l2.7 2.7L22 15.5'/>",
    }),
    template: users::TEMPLATE,
    sheet: SheetJob::Users,
    read: rows::user,
    asked: &[asked::ACTIVATE],
    decision: None,
    exports: users::EXPORTS,
    copy: Copied::USERS,
    need: Need::Org,
    takes_away: false,
    own_access: false,
    consequences: none,
    spared: spared::CREATED,
    owner: resolve::lifecycle,
    counted: Counted::Managed,
    look_up: |lookup| users::look_up_accounts(lookup, Privilege::Enablement),
    look_up_undo: |mut lookup| {
        Box::pin(async move { lookup.read_lifecycles(Privilege::Enablement).await })
    },
    resolve: |intent, with| users::resolve(intent, with, StepKind::Activate, wanted),
    arrange: None,
    inverse: Job::DeactivateUsers,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};

fn wanted(person: &Person, _: Resolver<'_>) -> Wanted {
    users::suspended(person)
}
