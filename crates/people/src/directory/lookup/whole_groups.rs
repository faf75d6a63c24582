//! Reads all members of groups, each list once: a call for each page of members, whatever users are asked about.

use futures_util::stream::{self, StreamExt as _};

use super::error::LookupError;
use super::members::{Members, all_members, first_page};
use super::{Progress, person, written_members};
use crate::directory::{Directory, GroupIndex, PersonIndex};
use headcount_atlassian::Site;
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::error::CallError;
use headcount_atlassian::jira::Jira;
use headcount_atlassian::records::PersonRecord;
use headcount_model::group::GroupId;

/// How often a group's list is read if it contradicts itself.
const TRIES: u32 = 3;

/// A group's list of members.
type Listed = (Vec<PersonRecord>, Option<String>);

/// Reads the members of these groups. Afterwards [`Directory::is_member`] answers for every user and each of them,
/// except for users that an inconsistent list does not show ([`Directory::doubts`] lists such groups).
///
/// # Errors
/// A list cannot be read.
pub async fn whole_groups(
    site: &Site,
    directory: &mut Directory,
    groups: &[GroupIndex],
    progress: Progress<'_>,
) -> Result<Vec<(GroupIndex, Vec<PersonIndex>)>, LookupError> {
    let lane = if site.jira.is_some() { Lane::Jira } else { Lane::AdminRead };
    let at_once = site.pacer.most(lane) as usize;
    let ids: Vec<(GroupIndex, GroupId)> =
        groups.iter().map(|&at| (at, directory.group(at).id.clone())).collect();
    let mut answers = stream::iter(ids)
        .map(|(at, id)| async move { (at, listed(site, &id, at_once).await) })
        .buffered(at_once);
    let mut all = Vec::new();
    while let Some((group, answer)) = answers.next().await {
        let (shown, doubt) = answer?;
        progress(shown.len() as u64);
        let members: Vec<_> = shown.into_iter().map(|one| known(directory, one)).collect();
        members.iter().for_each(|&member| directory.add_member(member, group));
        match doubt {
            Some(why) => directory.note_doubt(group, &why),
            None => directory.members_read_of(group),
        }
        all.push((group, members));
    }
    Ok(all)
}

/// The user of a member. A list of members knows less about a user than a search: Jira shows suspended users as
/// inactive, so known facts stay.
fn known(directory: &mut Directory, member: PersonRecord) -> PersonIndex {
    match directory.person_by_id(&member.id) {
        Some(at) => at,
        None => directory.add_person(person(member)),
    }
}

async fn listed(site: &Site, id: &GroupId, at_once: usize) -> Result<Listed, CallError> {
    let Some(jira) = &site.jira else {
        let why = || "its search does not show as many members as the group has".to_owned();
        return Ok(match written_members::read(site, id).await? {
            Some(members) => (members.into_values().collect(), None),
            None => (Vec::new(), Some(why())),
        });
    };
    let mut members = whole(jira, id, at_once).await?;
    for _ in 1..TRIES {
        if !members.is_doubtful() {
            break;
        }
        members = whole(jira, id, at_once).await?;
    }
    Ok(members.into_shown())
}

async fn whole(jira: &Jira, id: &GroupId, at_once: usize) -> Result<Members, CallError> {
    let first = first_page(jira, id).await?;
    match first.is_last {
        true => Ok(Members::read([first])),
        false => all_members(jira, id, first, at_once).await,
    }
}
