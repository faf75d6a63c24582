//! Looks up groups by name and by id.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use futures_util::stream::{self, StreamExt as _};

use super::Progress;
use super::error::{ANY_KEY, LookupError, is_closed};
use super::halving::{Halves, halving};
use crate::directory::{Directory, FoundGroup, Group, GroupIndex};
use headcount_atlassian::admin::{self, Admin};
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::error::{CallError, CallErrorKind};
use headcount_atlassian::jira::Jira;
use headcount_atlassian::records::GroupRecord;
use headcount_atlassian::{Site, jira};
use headcount_model::group::{GroupId, name_key};

/// For how many unknown names the site is asked for similar ones.
const SUGGESTED_FOR: usize = 50;

/// Looks up the groups with these names and these ids.
///
/// With both credentials, Jira decides which groups exist (an organization may have a group of the same name for
/// another site), and the organization shows which of them an identity provider owns. Names that differ only in
/// case are found too: the organization ignores case, and Jira's suggestions show them.
pub async fn groups(
    site: &Site,
    directory: &mut Directory,
    names: &[String],
    ids: &[GroupId],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    if names.is_empty() && ids.is_empty() {
        return Ok(());
    }
    let of_org = match &site.admin {
        Some(admin) => match by_organization(site, admin, names, ids).await {
            Err(error) if is_closed(&error) && site.jira.is_some() => None,
            found => Some(found?),
        },
        None => None,
    };
    let of_jira = match &site.jira {
        Some(jira) => match by_jira(site, jira, names, ids, of_org.as_deref()).await {
            Err(error) if is_closed(&error) && of_org.is_some() => None,
            found => Some(found?),
        },
        None => None,
    };
    let found = match (of_jira, of_org) {
        (Some(mut found), Some(of_org)) => {
            let synced: HashMap<GroupId, Option<bool>> =
                of_org.into_iter().map(|group| (group.id, group.synced)).collect();
            for group in &mut found {
                group.synced = synced.get(&group.id).copied().flatten();
            }
            found
        }
        (Some(found), None) | (None, Some(found)) => found,
        (None, None) => return Err(LookupError::NoWay { what: "groups", needs: ANY_KEY }),
    };
    for group in found {
        add(directory, group);
    }
    if let Some(jira) = &site.jira {
        suggest(site, jira, directory, names).await?;
    }
    progress((names.len() + ids.len()) as u64);
    Ok(())
}

/// Reads which of these groups an identity provider owns (`groups/search`, 10 ids per call). Only the organization
/// shows that; an export never does. Without an organization API key, or if the organization does not have this
/// call, nothing is read.
pub async fn group_owners(
    site: &Site,
    directory: &mut Directory,
    groups: &[GroupIndex],
) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else { return Ok(()) };
    let unknown = groups.iter().map(|&at| directory.group(at)).filter(|one| one.synced.is_none());
    let ids: Vec<GroupId> = unknown.map(|group| group.id.clone()).collect();
    match by_organization(site, admin, &[], &ids).await {
        Err(error) if is_closed(&error) => Ok(()),
        found => {
            for group in found? {
                add(directory, group);
            }
            Ok(())
        }
    }
}

/// Each value once, at its first place: the searches refuse a value that comes twice, and several rows, or the parts of
/// a plan of several jobs, may name the same group.
fn once<'a, T: ?Sized + Eq + Hash>(all: impl IntoIterator<Item = &'a T>) -> Vec<&'a T> {
    let mut seen = HashSet::new();
    all.into_iter().filter(|one| seen.insert(*one)).collect()
}

pub(super) fn add(directory: &mut Directory, group: GroupRecord) {
    directory.add_group(Group { id: group.id, name: group.name, synced: group.synced });
}

pub(super) async fn by_organization(
    site: &Site,
    admin: &Admin,
    names: &[String],
    ids: &[GroupId],
) -> Result<Vec<GroupRecord>, CallError> {
    let most = site.pacer.most(Lane::AdminRead) as usize;
    let mut found = Vec::new();
    let mut halves = Halves::default();
    let names = once(names.iter().map(String::as_str));
    let mut answers = stream::iter(names.chunks(admin::NAMES_A_CALL))
        .map(|names| halving(site, names, async |names| admin.groups_by_name(names).await))
        .buffered(most);
    while let Some(groups) = answers.next().await {
        found.extend(halves.add(groups?));
    }
    // No total shows whether a row is missing, so the search is repeated: a row is hardly ever missing twice by
    // accident.
    let seen: HashSet<String> = found.iter().map(|group| name_key(&group.name)).collect();
    let missing: Vec<&str> =
        names.iter().copied().filter(|name| !seen.contains(&name_key(name))).collect();
    for names in missing.chunks(admin::NAMES_A_CALL) {
        let again = halving(site, names, async |names| admin.groups_by_name(names).await).await?;
        found.extend(halves.add_again(again));
    }
    let ids = once(ids);
    let mut answers = stream::iter(ids.chunks(admin::IDS_A_CALL))
        .map(|ids| halving(site, ids, async |ids| admin.groups_by_id(ids).await))
        .buffered(most);
    while let Some(groups) = answers.next().await {
        found.extend(halves.add(groups?));
    }
    let seen: HashSet<GroupId> = found.iter().map(|group| group.id.clone()).collect();
    let missing: Vec<&GroupId> = ids.iter().copied().filter(|id| !seen.contains(*id)).collect();
    for ids in missing.chunks(admin::IDS_A_CALL) {
        let again = halving(site, ids, async |ids| admin.groups_by_id(ids).await).await?;
        found.extend(halves.add_again(again));
    }
    halves.end()?;
    Ok(found)
}

/// By name and by id; also by the ids that the organization found for a name in another case.
async fn by_jira(
    site: &Site,
    jira: &Jira,
    names: &[String],
    ids: &[GroupId],
    of_org: Option<&[GroupRecord]>,
) -> Result<Vec<GroupRecord>, CallError> {
    let names = once(names.iter().map(String::as_str));
    let mut found = Vec::new();
    let mut halves = Halves::default();
    for names in names.chunks(jira::GROUPS_A_CALL) {
        let halved = halving(site, names, async |names| jira.groups_by_name(names).await).await?;
        found.extend(halves.add(halved));
    }
    let known: HashSet<&GroupId> = found.iter().map(|group| &group.id).collect();
    let mut wanted = once(ids.iter().chain(of_org.into_iter().flatten().map(|group| &group.id)));
    wanted.retain(|id| !known.contains(id));
    let mut more = Vec::new();
    for ids in wanted.chunks(jira::GROUPS_A_CALL) {
        let halved = halving(site, ids, async |ids| jira.groups_by_id(ids).await).await?;
        more.extend(halves.add(halved));
    }
    halves.end()?;
    found.extend(more);
    Ok(found)
}

/// The longest part of a name in plain letters, if it is not the whole name.
fn longest_word(name: &str) -> Option<&str> {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.max_by_key(|word| word.len()).filter(|word| word.len() >= 3 && *word != name)
}

/// For unknown names: a name that differs only in case is the group; others are hints.
async fn suggest(
    site: &Site,
    jira: &Jira,
    directory: &mut Directory,
    names: &[String],
) -> Result<(), CallError> {
    let most = site.pacer.most(Lane::Jira) as usize;
    let unknown: Vec<&String> = names
        .iter()
        .filter(|name| directory.group_by_name(name) == FoundGroup::Nothing)
        // A cell that may be a name or an id, and was an id.
        .filter(|name| directory.group_by_id(&GroupId::new(&name.to_lowercase())).is_none())
        .take(SUGGESTED_FOR)
        .collect();
    let mut answers = stream::iter(unknown)
        .map(|name| async move {
            let offered = jira.suggest_groups(name).await;
            // The site's own name may contain an invisible mark, so a single word of it is searched.
            match (offered, longest_word(name)) {
                (Ok(none), Some(word)) if none.is_empty() => {
                    (name, jira.suggest_groups(word).await)
                }
                (offered, _) => (name, offered),
            }
        })
        .buffered(most);
    while let Some((name, offered)) = answers.next().await {
        // A name that Jira cannot search for is skipped. Any other refusal may hide the group, and then there is
        // no plan.
        let offered = match offered {
            Err(error) if error.kind == CallErrorKind::BadRequest => continue,
            offered => offered?,
        };
        // The list is limited. Only a complete list shows that no second group differs only in case.
        let complete = offered.len() < jira::SUGGESTIONS;
        for group in offered {
            if complete && name_key(&group.name) == name_key(name) {
                add(directory, group);
            } else {
                directory.add_hint(&group.name);
            }
        }
    }
    Ok(())
}
