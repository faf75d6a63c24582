//! `user cancel-delete`: cancels the deletion of managed accounts, within 14 days; also the undo of `user delete`.

use crate::rows::SheetJob;
use crate::steps::StepKind;
use headcount_model::job::Job;
use jiff::Timestamp;

use super::families::{if_changed, users};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::lookup::{LookingUp, Lookup};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::CancelDeleteUsers,
    help: Some(
        "Cancel the deletion of each row's managed account, within 14 days; the account is active again. Columns: account id or email",
    ),
    options: &[],
    phrases: Phrases {
        one: "deletion",
        imperative: ("cancel", ""),
        title: "Cancel deletions of accounts",
        done: "Deletion canceled",
        heading: "Deletions of accounts canceled",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "cancel-deletions",
        area: Area::People,
        title: "Cancel deletions of accounts",
        about: "Bring back accounts that were deleted in the last 14 days. They are active again at once.",
        needs: users::NEEDS,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><path d='M15 17.5h6M15 17.5l2.5-2.5M15 17.5l2.5 2.5'/>",
    }),
    template: users::TEMPLATE,
    sheet: SheetJob::Users,
    read: rows::user,
    asked: &[asked::RESTORE, "cancel-delete undelete"],
    decision: None,
    exports: users::EXPORTS,
    copy: Copied::USERS,
    need: Need::Org,
    takes_away: false,
    own_access: false,
    consequences,
    spared: spared::CREATED,
    owner: resolve::lifecycle,
    counted: Counted::Managed,
    look_up,
    look_up_undo: |mut lookup| Box::pin(async move { lookup.read_deletions().await }),
    resolve: |intent, with| {
        users::resolve(intent, with, StepKind::CancelDelete, users::nothing_else)
    },
    arrange: None,
    inverse: Job::DeleteUsers,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};

/// Reads the accounts, and which of them are scheduled for deletion: the site's records may lag, so a run of this
/// journal that has just deleted an account counts, too.
fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        users::read_deletions(&mut lookup).await?;
        lookup.note_own_deletions(JOB.inverse, JOB.job)?;
        lookup.read_late_deletions().await
    })
}

/// User management description, `lifecycle/cancel-delete`.
fn consequences(_: Timestamp) -> Vec<String> {
    vec![
        "each account is active again at once, also one that was deactivated before its deletion: an undo of `user \
         delete` then deactivates it again, otherwise use `user deactivate`"
            .into(),
    ]
}
