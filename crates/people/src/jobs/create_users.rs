//! `user create`: creates users, gives existing ones access to apps, and adds both to groups.

use crate::rows::SheetJob;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::families::{members, none};
use super::{
    Area, Copied, Counted, Creates, Exports, JobSpec, Need, Phrases, Tile, asked, creation, spared,
};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::CreateUsers,
    help: Some(
        "Create a user for each row. Columns: emailAddress, products (optional), groups (optional)",
    ),
    options: &["products", "by", "message", "scim"],
    phrases: Phrases {
        one: "user",
        imperative: ("create", ""),
        title: "Create users",
        done: "Created",
        heading: "Users created",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "create",
        area: Area::People,
        title: "Create users",
        about: "Invite new users to the site, with the apps they need.",
        needs: "an email address in each row; optionally apps and groups",
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M18 14v7M14.5 17.5h7'/>",
    }),
    template: (&["emailAddress", "products", "groups"], &["jane@example.com", "jira-software", ""]),
    sheet: SheetJob::CreateUsers,
    read: rows::create,
    asked: &[asked::ADD, asked::CREATE],
    decision: None,
    // Only the site can show which users existed before.
    exports: Exports { users: false, groups: true },
    copy: Copied::MEMBERSHIPS,
    need: Need::Jira,
    takes_away: false,
    own_access: false,
    consequences: none,
    spared: spared::CREATED,
    owner: resolve::anyone,
    counted: Counted::OfTheSite,
    look_up: creation::look_up,
    look_up_undo: members::look_up_undo,
    resolve: creation::resolve,
    arrange: None,
    inverse: Job::RemoveUsers,
    creates: Creates::Users,
    undo_sends: true,
    is_undoable: |reason| {
        // `done` means added to groups, or given access to an app; the undo's plan shows which.
        matches!(reason.reason, Reason::Created | Reason::DoneNoResponse | Reason::Done)
    },
};
