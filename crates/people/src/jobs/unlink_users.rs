//! `user unlink`: takes managed accounts out of the hands of the identity provider.

use crate::rows::SheetJob;
use crate::steps::{No, StepKind};
use headcount_model::job::Job;
use headcount_model::user::Privilege;
use jiff::Timestamp;

use super::families::{never, users};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, spared};
use crate::directory::{Lifecycle, Person};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::UnlinkUsers,
    help: Some(
        "Unlink the managed account of each row from the identity provider (SCIM), so that you manage it by hand; the user leaves the provider's groups, and this cannot be undone. Columns: account id or email",
    ),
    options: &[],
    phrases: Phrases {
        one: "user",
        imperative: ("unlink", "from the identity provider"),
        title: "Unlink users from the identity provider",
        done: "Unlinked from the identity provider",
        heading: "Users unlinked from the identity provider",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "unlink",
        area: Area::People,
        title: "Unlink users from the identity provider",
        about: "Manage accounts by hand that an identity provider (SCIM) has managed. Users leave the groups that the provider manages.",
        needs: users::NEEDS,
        picture: "<circle cx='9' cy='8' r='4'/><path d='M2 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><path d='M15 19.5l-1 1a2 2 0 0 1-2.8-2.8l1-1M18 15.5l1-1a2 2 0 0 1 2.8 2.8l-1 1M14 14l1.5 1.5M19.5 19.5L21 21'/>",
    }),
    template: (&["Email"], &["sam@example.com"]),
    sheet: SheetJob::Users,
    read: rows::user,
    asked: &["unlink unlinked unsync detach"],
    decision: None,
    exports: users::EXPORTS,
    copy: Copied::PROVIDERS,
    need: Need::Org,
    // The memberships in the provider's groups end, and with them access to apps.
    takes_away: true,
    own_access: true,
    consequences,
    spared: spared::UNLINKED,
    owner,
    counted: Counted::Managed,
    look_up: |lookup| users::look_up_accounts(lookup, Privilege::Enablement),
    look_up_undo: |_| Box::pin(async { Ok(()) }),
    resolve: |intent, with| users::resolve(intent, with, StepKind::Unlink, users::nothing_else),
    arrange: None,
    inverse: Job::UnlinkUsers,
    creates: Creates::Nothing,
    undo_sends: false,
    is_undoable: never,
};

/// User provisioning reference, *Delete user in SCIM DB*: the account stays, the memberships have to be provisioned
/// again. That a provider which still has the user links the account again at its next sync is an assumption.
fn consequences(_: Timestamp) -> Vec<String> {
    vec![
        "each user leaves the groups that the identity provider manages, and loses the apps that they have only \
         through these groups"
            .into(),
        "each account stays as it is, active or deactivated, and you manage it by hand: the identity provider no \
         longer deactivates users who leave"
            .into(),
        "an identity provider that still has a user may link the account again at its next sync: remove the user \
         from its Atlassian application first"
            .into(),
    ]
}

/// That an identity provider owns the account is what this job changes. Google Workspace has a directory of its own,
/// which the call does not reach.
fn owner(person: &Person) -> Option<No> {
    match &person.lifecycle {
        Some(Lifecycle::Refused(key))
            if !matches!(&**key, "externalDirectory.google" | "administrative.notMyself") =>
        {
            None
        }
        Some(Lifecycle::Refused(_) | Lifecycle::NotManaged(_) | Lifecycle::Unreadable(_)) => {
            resolve::lifecycle(person)
        }
        Some(Lifecycle::Allowed) | None => None,
    }
}
