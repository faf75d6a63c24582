//! Reads the state of users in the directory, which users are on the site, and the sizes of groups.

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt as _};

use super::error::{ANY_KEY, LookupError, ORG_KEY, is_closed};
use super::halving::{Halves, halving};
use super::{Progress, person};
use crate::directory::{Directory, GroupIndex, PersonIndex};
use headcount_atlassian::admin::{ACCESS, Admin, GROUPS, STANDING};
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::error::CallErrorKind;
use headcount_atlassian::records::{ListedGroup, ListedPerson};
use headcount_atlassian::{Site, admin, jira};
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Standing};

/// Reads the state of these users in the directory that changes go to (`users/search`, 10 ids per call). A user
/// that its search does not show is not in it.
pub async fn standings(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else {
        return Err(LookupError::NoWay { what: "a directory's users", needs: ORG_KEY });
    };
    for &at in people {
        directory.person_mut(at).standing = None;
    }
    let ids: Vec<AccountId> = people.iter().map(|&at| directory.person(at).id.clone()).collect();
    each_member(site, admin, &ids, STANDING, &mut |listed| {
        directory.add_person(person(listed.person));
        progress(1);
    })
    .await?;
    for &at in people {
        directory.person_mut(at).standing.get_or_insert(Standing::NotInvited);
    }
    Ok(())
}

/// Reads the groups of these users in the directory (10 users per call, with all their groups). A user that its
/// search does not show is not in it, and so in no group.
pub(super) async fn groups_of(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else {
        return Err(LookupError::NoWay { what: "memberships", needs: ANY_KEY });
    };
    let ids: Vec<AccountId> = people.iter().map(|&at| directory.person(at).id.clone()).collect();
    let mut unread = HashSet::new();
    each_member(site, admin, &ids, GROUPS, &mut |listed| {
        let groups = listed.groups;
        let at = directory.add_person(person(listed.person));
        let Some(groups) = groups else {
            unread.insert(at);
            return;
        };
        for group in groups {
            if let Some(of) = directory.group_by_id(&group.id) {
                directory.add_member(at, of);
            }
        }
        directory.groups_read_of(at);
    })
    .await?;
    for &at in people.iter().filter(|at| !unread.contains(at)) {
        directory.groups_read_of(at);
        directory.person_mut(at).standing.get_or_insert(Standing::NotInvited);
    }
    Ok(())
}

/// Reads the state of these users in the directory and their apps of Jira, if there is no API token to ask Jira.
pub async fn accesses(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else {
        return Err(LookupError::NoWay { what: "product access", needs: ANY_KEY });
    };
    let ids: Vec<AccountId> = people.iter().map(|&at| directory.person(at).id.clone()).collect();
    each_member(site, admin, &ids, ACCESS, &mut |listed| {
        let products = listed.products;
        let at = directory.add_person(person(listed.person));
        directory.person_mut(at).products = products;
        progress(1);
    })
    .await
}

/// Reads these users of the directory, in order. A user who is not shown is read again.
pub(super) async fn each_member(
    site: &Site,
    admin: &Admin,
    ids: &[AccountId],
    expand: &'static [&'static str],
    each: &mut (dyn FnMut(ListedPerson) + Send),
) -> Result<(), LookupError> {
    let most = site.pacer.most(Lane::AdminRead) as usize;
    // Owned chunks, because borrowed ones do not satisfy the engine's futures.
    let chunks: Vec<Vec<AccountId>> = ids.chunks(admin::IDS_A_CALL).map(<[_]>::to_vec).collect();
    let mut answers = stream::iter(chunks)
        .map(|ids| async move {
            let ids: Vec<&AccountId> = ids.iter().collect();
            admin.members_by_id(&ids, expand).await
        })
        .buffered(most);
    let mut seen = HashSet::new();
    while let Some(found) = answers.next().await {
        for listed in found? {
            seen.insert(listed.person.id.clone());
            each(listed);
        }
    }
    // A missing row looks like an absent user, and is hardly ever missing twice by accident.
    let missing: Vec<&AccountId> = ids.iter().filter(|id| !seen.contains(*id)).collect();
    for ids in missing.chunks(admin::IDS_A_CALL) {
        admin.members_by_id(ids, expand).await?.into_iter().for_each(&mut *each);
    }
    Ok(())
}

/// Reads which of these users are on the site (Jira's `user/bulk`, 80 ids per call, shows no others); also their
/// state, if nothing better is known.
pub async fn on_site(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let Some(jira) = &site.jira else {
        return Err(LookupError::NoWay { what: "the site's users", needs: ANY_KEY });
    };
    let most = site.pacer.most(Lane::Jira) as usize;
    let ids: Vec<AccountId> = people.iter().map(|&at| directory.person(at).id.clone()).collect();
    let ids: Vec<&AccountId> = ids.iter().collect();
    let mut answers = stream::iter(ids.chunks(jira::IDS_A_CALL))
        .map(|ids| halving(site, ids, async |ids| jira.users_by_id(ids).await))
        .buffered(most);
    let mut halves = Halves::default();
    for &at in people {
        directory.person_mut(at).on_site = Some(false);
    }
    while let Some(found) = answers.next().await {
        for facts in halves.add(found?) {
            let status = facts.status;
            let at = directory.add_person(person(facts));
            let known = directory.person_mut(at);
            known.on_site = Some(true);
            known.status = known.status.or(status);
            progress(1);
        }
    }
    halves.end()?;
    Ok(())
}

fn note_size(directory: &mut Directory, listed: &ListedGroup) {
    let Some(at) = directory.group_by_id(&listed.group.id) else { return };
    if let Some(members) = listed.members {
        directory.note_group_size(at, members, listed.apps);
    }
    if listed.deletable == Some(false) {
        directory.note_undeletable(at);
    }
}

/// Reads the number of members of these groups, and if the organization shows it, the number of apps they give
/// access to and whether they may be deleted.
pub async fn group_sizes(
    site: &Site,
    directory: &mut Directory,
    groups: &[GroupIndex],
) -> Result<(), LookupError> {
    let ids: Vec<GroupId> = groups.iter().map(|&at| directory.group(at).id.clone()).collect();
    let ids: Vec<&GroupId> = ids.iter().collect();
    if let Some(admin) = site.admin.as_ref().filter(|admin| admin.knows_home()) {
        // A missing row looks like a group that cannot be read, and is hardly ever missing twice by accident.
        for _ in 0..2 {
            let is_counted = |id: &&&GroupId| {
                directory.group_by_id(id).is_some_and(|at| directory.group_size(at).is_some())
            };
            let missing: Vec<&GroupId> = ids.iter().filter(|id| !is_counted(id)).copied().collect();
            for ids in missing.chunks(admin::IDS_A_CALL) {
                for listed in admin.groups_counted(ids).await? {
                    note_size(directory, &listed);
                }
            }
        }
        return Ok(());
    }
    let Some(jira) = &site.jira else { return Ok(()) };
    for id in ids {
        let page = match jira.first_members(id).await {
            Err(error) if is_closed(&error) || error.kind == CallErrorKind::BadRequest => continue,
            page => page?,
        };
        if let Some(at) = directory.group_by_id(id) {
            directory.note_group_size(at, page.count(), None);
        }
    }
    Ok(())
}
