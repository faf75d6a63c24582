//! `user delete`: deletes managed accounts. For 14 days each deletion can be canceled.

use crate::rows::SheetJob;
use crate::steps::{StepKind, last_minute};
use headcount_model::job::Job;
use jiff::Timestamp;

use super::families::{if_changed, users};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::DeleteUsers,
    help: Some(
        "Delete the managed account of each row (of a domain that your organization has claimed); final after 14 days, until then user cancel-delete cancels it. Columns: account id or email",
    ),
    options: &[],
    phrases: Phrases {
        one: "account",
        imperative: ("delete", ""),
        title: "Delete accounts",
        done: "Deleted",
        heading: "Accounts deleted",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "delete-accounts",
        area: Area::People,
        title: "Delete accounts",
        about: "Delete the Atlassian accounts of users who have left. For 14 days, you can cancel it; then it is final.",
        needs: users::NEEDS,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><path d='M14.5 15h7M16 15v-1.5h4V15M15.5 15l.6 6h3.8l.6-6'/>",
    }),
    template: users::TEMPLATE,
    sheet: SheetJob::Users,
    read: rows::user,
    asked: &[asked::DELETE],
    decision: None,
    exports: users::EXPORTS,
    copy: Copied::USERS,
    need: Need::Org,
    takes_away: true,
    own_access: true,
    consequences,
    spared: spared::TAKEN_FROM,
    owner: resolve::lifecycle,
    counted: Counted::Managed,
    look_up: users::look_up_deletions,
    look_up_undo: |mut lookup| Box::pin(async move { lookup.read_deletions().await }),
    resolve: |intent, with| users::resolve(intent, with, StepKind::Delete, users::nothing_else),
    arrange: None,
    inverse: Job::CancelDeleteUsers,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};

/// What is lost (user management description, `lifecycle/delete`).
fn consequences(now: Timestamp) -> Vec<String> {
    let until = last_minute(now);
    vec![
        "each user at once loses all access to products and services".into(),
        format!(
            "for 14 days (until {until} by this computer's clock, if you apply the plan now), `user cancel-delete` \
             or an undo brings the accounts back; after that, they are deleted permanently"
        ),
    ]
}
