//! `user remove`: removes users from the site, or from the directory with all its apps; also the undo of
//! `user create`.

use crate::rows::SheetJob;
use crate::steps::StepKind;
use headcount_model::job::Job;

use super::families::{never, none, users};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::directory::lookup;
use crate::lookup::{LookingUp, Lookup, LookupBack};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RemoveUsers,
    help: Some(
        "Remove the user of each row from the site (with only an organization API key: from all apps of the directory); this cannot be undone. The account itself stays. Columns: account id or email",
    ),
    options: &[],
    phrases: Phrases {
        one: "user",
        imperative: ("remove", "from the site"),
        title: "Remove users from the site",
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
        title: "Remove users from the site",
        about: "Remove users and their memberships from the site. Their Atlassian accounts stay. If headcount has only an organization API key, it removes them from the organization's directory and all its apps.",
        needs: users::NEEDS,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1.4 0 2.6.3 3.7.9'/><path d='M15.2 15.2l5.3 5.3M20.5 15.2l-5.3 5.3'/>",
    }),
    template: users::TEMPLATE,
    sheet: SheetJob::Users,
    read: rows::user,
    asked: &[asked::REMOVE],
    decision: None,
    exports: users::EXPORTS,
    copy: Copied::USERS,
    need: Need::JiraOrDirectory,
    takes_away: true,
    own_access: true,
    consequences: none,
    spared: spared::TAKEN_FROM,
    owner: resolve::directory_owner,
    counted: Counted::OfTheSite,
    look_up,
    look_up_undo,
    resolve: |intent, with| users::resolve(intent, with, StepKind::RemoveUser, users::nothing_else),
    arrange: None,
    inverse: Job::CreateUsers,
    creates: Creates::Nothing,
    undo_sends: false,
    is_undoable: never,
};

/// Reads who is on the site, or in the directory if that is where users are removed.
fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        let people = users::look_up(&mut lookup).await?;
        lookup.read_residents(&people).await
    })
}

/// A created user who then became an administrator is not removed.
fn look_up_undo(mut lookup: LookupBack<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        let people = lookup.read_people().await?;
        lookup::organization_facts(lookup.site, lookup.directory, &people).await?;
        lookup.read_memberships().await
    })
}
