//! `user deactivate`: deactivates managed accounts.

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
    job: Job::DeactivateUsers,
    help: Some(
        "Deactivate the account of each row. It must be managed: its email domain is one that your organization has claimed. Columns: account id or email",
    ),
    options: &["message"],
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
        about: "Deactivate the Atlassian accounts of users who have left. You can undo it.",
        needs: users::NEEDS,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><circle cx='17.5' cy='17.5' r='4'/><path d='M14.8 20.2l5.4-5.4'/>",
    }),
    template: users::TEMPLATE,
    sheet: SheetJob::Users,
    read: rows::user,
    asked: &[asked::DEACTIVATE],
    exports: users::EXPORTS,
    copy: Copied::USERS,
    need: Need::Org,
    takes_away: true,
    own_access: true,
    consequences: none,
    spared: spared::TAKEN_FROM,
    owner: resolve::lifecycle,
    counted: Counted::Managed,
    look_up: |lookup| users::look_up_accounts(lookup, Privilege::Enablement),
    look_up_undo: |mut lookup| {
        Box::pin(async move { lookup.read_lifecycles(Privilege::Enablement).await })
    },
    resolve: |intent, with| users::resolve(intent, with, StepKind::Deactivate, wanted),
    arrange: None,
    inverse: Job::ActivateUsers,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};

fn wanted(person: &Person, with: Resolver<'_>) -> Wanted {
    Wanted { message: with.spec.message.clone(), ..users::suspended(person) }
}
