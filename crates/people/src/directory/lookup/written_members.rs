//! Reads all members of groups that are deleted with them. The list must be complete, because nothing else can
//! restore the memberships.

use super::error::{LookupError, is_closed};
use super::members::{Members, first_page};
use crate::directory::{Directory, GroupIndex, WholeGroup};
use headcount_atlassian::Site;
use headcount_atlassian::error::{CallError, CallErrorKind};
use headcount_atlassian::records::PersonRecord;
use headcount_model::group::GroupId;

/// Reads the members of these groups, and keeps each list, if it is complete.
pub async fn written_members(
    site: &Site,
    directory: &mut Directory,
    groups: &[GroupIndex],
) -> Result<(), LookupError> {
    for &at in groups {
        let Some((1.., _)) = directory.group_size(at) else { continue };
        let id = directory.group(at).id.clone();
        let mut members = read(site, &id).await?;
        // A row is hardly ever missing twice by accident.
        if members.is_none() {
            members = read(site, &id).await?;
        }
        directory.write_members(at, members);
    }
    Ok(())
}

/// All members of a group: those that the directory lists, and those that Jira lists, as far as the credentials
/// allow. `None`: a list is incomplete.
pub async fn read(site: &Site, group: &GroupId) -> Result<Option<WholeGroup>, CallError> {
    let mut all = WholeGroup::new();
    let mut is_read = false;
    if let Some(admin) = site.admin.as_ref().filter(|admin| admin.knows_home()) {
        let listed = admin.members_of(admin.known_home(), group).await?;
        let counted = admin.groups_counted(&[group]).await?;
        let counted = counted.into_iter().find(|one| one.group.id == *group);
        all.extend(listed.into_iter().map(|person| (person.id.clone(), person)));
        // A search that does not find all members is no list of them.
        if counted.and_then(|one| one.members) != Some(all.len() as u64) {
            return Ok(None);
        }
        is_read = true;
    }
    let Some(jira) = &site.jira else { return Ok(is_read.then_some(all)) };
    let first = match first_page(jira, group).await {
        // Jira may not know a group of the directory.
        Err(error) if is_read && (is_closed(&error) || error.kind == CallErrorKind::NotFound) => {
            return Ok(Some(all));
        }
        first => first?,
    };
    let mut pages = vec![first];
    while pages.last().is_some_and(|page| !page.is_last && !page.members.is_empty()) {
        let seen: usize = pages.iter().map(|page| page.members.len()).sum();
        pages.push(jira.members(group, seen as u64).await?);
    }
    let people: Vec<PersonRecord> =
        pages.iter().flat_map(|page| page.members.iter().cloned()).collect();
    if Members::read(pages).is_doubtful() {
        return Ok(None);
    }
    for person in people {
        all.entry(person.id.clone()).or_insert(person);
    }
    Ok(Some(all))
}
