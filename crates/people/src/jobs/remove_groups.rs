//! `group delete`: deletes empty groups; also the undo of `group create`.
//!
//! A deleted group cannot be restored together with everything that used it. So a group is deleted only if the
//! site shows that it is empty and nothing shows that others use it. Atlassian itself refuses to delete default
//! groups, synced groups and those of site administrators (changelog of 2023-07-28). The site is read again
//! directly before each deletion.

use crate::rows::SheetJob;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::families::{groups, never, none};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked};
use crate::directory::{Directory, GroupIndex};
use crate::lookup::{LookingUp, Lookup};
use crate::resolve::{self, Resolved, Resolver, makes_administrators};
use crate::rows::{self, Intent};
use crate::steps::{Before, No, Note, StepKind, Target, Wanted, WrittenMembers};

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RemoveGroups,
    help: Some(
        "Delete the group of each row if it is empty, or with --with-members; this cannot be undone. Columns: group name or group id",
    ),
    options: &["with_members"],
    phrases: Phrases {
        one: "group",
        imperative: ("delete", ""),
        title: "Delete groups",
        done: "Deleted",
        heading: "Groups deleted",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "delete-groups",
        area: Area::Groups,
        title: "Delete groups",
        about: "Delete groups that have no members, or, if you ask for it, groups with their members.",
        needs: "a group (name or group id) in each row",
        picture: "<rect x='3' y='4' width='11' height='11' rx='2.5'/><path d='M17.5 8.5V17a2.5 2.5 0 0 1-2.5 2.5H7'/><path d='M6.4 7.4l4.2 4.2M10.6 7.4l-4.2 4.2'/>",
    }),
    template: (&["Group"], &["berlin-support"]),
    sheet: SheetJob::Groups,
    read: rows::group,
    asked: &[asked::REMOVE, asked::DELETE],
    decision: None,
    exports: groups::NO_EXPORTS,
    copy: Copied::MEMBERSHIPS,
    need: Need::DirectoryOrJira,
    takes_away: true,
    own_access: true,
    consequences: none,
    spared: &[
        "groups with members, unless you ask for it; headcount writes the members to a file first",
        "groups that give access to an app, such as default groups",
        "groups whose names suggest administrator rights",
        "groups that the settings of this site protect",
        "groups that an identity provider manages, and groups that the site does not let you delete, \
         if your credentials can see this",
    ],
    owner: resolve::anyone,
    counted: Counted::OfTheSite,
    look_up,
    look_up_undo: groups::look_up_undo,
    resolve,
    arrange: None,
    inverse: Job::CreateGroups,
    creates: Creates::Nothing,
    undo_sends: false,
    is_undoable: never,
};

/// The key of the file with the members of deleted groups, in a run's options.
pub const MEMBERS_FILE: &str = "members_file";

/// Reads the groups from the site, and the facts about each.
fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        lookup.groups_by_name_and_id().await?;
        let groups = lookup.groups();
        lookup.compare_groups(&groups).await?;
        lookup.read_sizes(&groups).await?;
        match lookup.run.options[MEMBERS_FILE].is_string() {
            true => {
                lookup.read_namesakes(&groups).await?;
                lookup.write_members(&groups).await
            }
            false => Ok(()),
        }
    })
}

fn resolve(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    let at = with.group(intent)?;
    with.guard_group(at)?;
    if let Some(no) = kept(at, with.directory) {
        return Err(no);
    }
    let group = with.directory.group(at);
    let (id, name) = (group.id.clone(), group.name.to_string());
    let subject = id.as_str().to_owned();
    let target = Target { group: Some(id), group_name: Some(name), ..Target::default() };
    let (kind, before) = (StepKind::RemoveGroup, Before::Present);
    Ok(with.step(kind, subject, target, before, deletion(at, with.directory))?.into())
}

/// The warning about a deletion if these credentials do not show whether the group gives access to an app.
pub(crate) fn deletion(at: GroupIndex, directory: &Directory) -> Wanted {
    let unseen = directory.gives_apps(at).is_none().then_some(Note::AppsUnseen);
    let members = directory.written_members(at).flatten().map(|all| WrittenMembers::of(all.keys()));
    Wanted { notes: unseen.into_iter().collect(), members, ..Wanted::default() }
}

/// Why a group is not deleted.
fn kept(at: GroupIndex, directory: &Directory) -> Option<No> {
    let name = &directory.group(at).name;
    let size = directory.group_size(at);
    let written = directory.written_members(at);
    if makes_administrators(name) {
        let detail = format!("the name of “{name}” suggests administrator rights");
        return Some(No::new(Reason::AdminGroup, detail));
    }
    if directory.gives_apps(at) == Some(true) {
        let detail = format!("“{name}” gives access to an app, as default groups do");
        return Some(No::new(Reason::GivesApps, detail));
    }
    if directory.is_undeletable(at) {
        let detail = format!("the site does not allow these credentials to delete “{name}”");
        return Some(No::new(Reason::NotAllowed, detail));
    }
    match size {
        Some((0, _)) => None,
        Some(_) if written.flatten().is_some() => not_restorable(at, directory),
        Some((members, _)) if written.is_some() => {
            let detail = format!(
                "headcount could not read all members of “{name}” ({members}), so they could not be written to a file; the \
                 site may not show apps: remove such members first, or try the row again later"
            );
            Some(No::new(Reason::NotSent, detail))
        }
        Some((1, _)) => Some(No::new(Reason::GroupNotEmpty, format!("“{name}” has 1 member"))),
        Some((members, _)) => {
            Some(No::new(Reason::GroupNotEmpty, format!("“{name}” has {members} members")))
        }
        None => {
            let detail = format!("headcount could not check whether “{name}” is empty");
            Some(No::new(Reason::NotSent, detail))
        }
    }
}

/// Why the members of a deleted group could not be restored from their file: its rows name the group, and another
/// group's name differs from it only in case, so `member add` would add the members to the other group.
fn not_restorable(at: GroupIndex, directory: &Directory) -> Option<No> {
    let name = &directory.group(at).name;
    match directory.namesake(at) {
        Some(None) => None,
        Some(Some(other)) => {
            let detail = format!(
                "the name of the group “{}” ({}) differs from “{name}” only in case or spaces, so the members of “{name}” \
                 could not be restored from their file: `member add` would add them to the other group; rename one of \
                 the groups first, or remove the members with `member remove` and delete the empty group",
                other.name, other.id
            );
            Some(No::new(Reason::GroupAmbiguous, detail))
        }
        None => {
            let detail = format!(
                "headcount could not check whether the name of another group differs from “{name}” only in case; use an \
                 organization API key, or delete the group without its members"
            );
            Some(No::new(Reason::NotSent, detail))
        }
    }
}
