//! Reads the roles of users and groups in apps: a call for each user, and one for each group that gives any app.

use std::collections::BTreeSet;

use super::error::{LookupError, ORG_KEY};
use super::failed::Reads;
use super::standing::each_member;
use super::{Progress, person};
use crate::directory::{Apps, Directory, GroupIndex, PersonIndex};
use headcount_atlassian::admin::{self, ACCESS, Admin};
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::records::ListedPerson;
use headcount_atlassian::{CallError, Site};
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, AccountType, Standing};

/// Reads the organization's apps and their seats, the roles of these users, and of these groups with their active
/// members.
///
/// # Errors
/// The site cannot be read. What fails for one user or group alone stays unknown.
pub async fn roles(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    groups: &[GroupIndex],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else {
        return Err(LookupError::NoWay { what: "roles in apps", needs: ORG_KEY });
    };
    read_apps(admin, directory).await?;
    let mut everyone: BTreeSet<PersonIndex> = people.iter().copied().collect();
    for &at in groups {
        let id = directory.group(at).id.clone();
        read_group(site, admin, directory, &id).await?;
        let listed = match admin.members_with_access(&id).await {
            Ok(listed) => listed,
            Err(error) if site.fails_for_this_alone(&error).await => continue,
            Err(error) => return Err(error.into()),
        };
        let members: Vec<_> = listed.into_iter().map(|one| note(directory, one)).collect();
        let is_active = |at: &PersonIndex| takes_seats(directory, *at);
        let active: Vec<_> = members.into_iter().filter(is_active).collect();
        everyone.extend(&active);
        directory.access.note_members(at, active);
    }
    let ids: Vec<_> = people.iter().map(|&at| directory.person(at).id.clone()).collect();
    each_member(site, admin, &ids, ACCESS, &mut |listed| {
        note(directory, listed);
    })
    .await?;
    for at in people {
        directory.person_mut(*at).standing.get_or_insert(Standing::NotInvited);
    }
    read_users(site, admin, directory, everyone.into_iter().collect(), progress).await?;
    read_their_groups(site, admin, directory).await
}

async fn read_apps(admin: &Admin, directory: &mut Directory) -> Result<(), LookupError> {
    directory.access.apps = Apps::of(admin.apps().await?);
    for at in 0..directory.access.apps.0.len() {
        let app = &directory.access.apps.0[at];
        if app.capacity.is_some()
            && let Some(taken) = admin.count_with_app(&app.id).await?
        {
            directory.access.taken.insert(at, taken);
        }
    }
    Ok(())
}

/// Whether a user takes a seat in each app that they have, as `user seats` counts.
pub(crate) fn takes_seats(directory: &Directory, at: PersonIndex) -> bool {
    let person = directory.person(at);
    person.standing == Some(Standing::Active)
        && person.account_type.is_none_or(|kind| kind == AccountType::Person)
}

fn note(directory: &mut Directory, listed: ListedPerson) -> PersonIndex {
    let groups = listed.groups;
    let at = directory.add_person(person(listed.person));
    if let Some(groups) = groups {
        let groups = groups.into_iter().map(|group| (group.id, group.name));
        directory.access.note_groups_of(at, groups);
    }
    at
}

/// The roles of a group; nothing if they cannot be read for this group alone.
async fn read_group(
    site: &Site,
    admin: &Admin,
    directory: &mut Directory,
    id: &GroupId,
) -> Result<(), LookupError> {
    match admin.roles_of_group(id).await {
        Ok(roles) => directory.access.note_group(id.clone(), &roles),
        Err(error) if site.fails_for_this_alone(&error).await => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn read_users(
    site: &Site,
    admin: &Admin,
    directory: &mut Directory,
    people: Vec<PersonIndex>,
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let at_once = site.pacer.most(Lane::AdminRead) as usize;
    let ids: Vec<_> = people.into_iter().map(|at| (at, directory.person(at).id.clone())).collect();
    let read = |id: AccountId| async move { admin.roles_of_user(&id).await };
    let note = |at, answer: Result<Vec<_>, CallError>| {
        if let Ok(roles) = answer {
            directory.access.note_user(at, &roles);
        }
        progress(1);
    };
    Reads { site, at_once }.each(ids, read, note).await
}

/// The roles of the users' groups, without those that give no app according to their own counts.
async fn read_their_groups(
    site: &Site,
    admin: &Admin,
    directory: &mut Directory,
) -> Result<(), LookupError> {
    let unread = directory.access.unread_groups();
    let mut giving = Vec::new();
    for ids in unread.chunks(admin::IDS_A_CALL) {
        let ids: Vec<&GroupId> = ids.iter().collect();
        let counted = admin.groups_counted(&ids).await?;
        for id in ids {
            let apps = counted.iter().find(|listed| listed.group.id == *id);
            match apps.and_then(|listed| listed.apps) {
                Some(0) => directory.access.note_group(id.clone(), &[]),
                Some(_) | None => giving.push(id.clone()),
            }
        }
    }
    let at_once = site.pacer.most(Lane::AdminRead) as usize;
    let giving = giving.into_iter().map(|id| (id.clone(), id)).collect();
    let read = |id: GroupId| async move { admin.roles_of_group(&id).await };
    let note = |id, answer: Result<Vec<_>, CallError>| {
        if let Ok(roles) = answer {
            directory.access.note_group(id, &roles);
        }
    };
    Reads { site, at_once }.each(giving, read, note).await
}
