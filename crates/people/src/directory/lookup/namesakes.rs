//! Reads which groups have a name that differs from another group's only in case and white space. `group create` and
//! `member add` cannot tell two such groups apart by the name alone.

use headcount_atlassian::error::CallErrorKind;
use headcount_atlassian::{Site, jira};
use headcount_model::group::name_key;

use super::error::{LookupError, is_closed};
use super::groups::{add, by_organization};
use crate::directory::{Directory, GroupIndex};

/// Reads the groups whose names differ from those of these groups only in case, and notes for which groups all of them
/// are known.
pub async fn namesakes(
    site: &Site,
    directory: &mut Directory,
    groups: &[GroupIndex],
) -> Result<(), LookupError> {
    if let Some(admin) = &site.admin {
        let names: Vec<String> =
            groups.iter().map(|&at| directory.group(at).name.to_string()).collect();
        match by_organization(site, admin, &names, &[]).await {
            Err(error) if is_closed(&error) => {}
            found => {
                found?.into_iter().for_each(|group| add(directory, group));
                groups.iter().for_each(|&at| directory.note_namesakes_read(at));
                return Ok(());
            }
        }
    }
    let Some(jira) = &site.jira else { return Ok(()) };
    for &at in groups {
        let name = directory.group(at).name.to_string();
        let offered = match jira.suggest_groups(&name).await {
            // A name that Jira cannot search for stays unread.
            Err(error) if is_closed(&error) || error.kind == CallErrorKind::BadRequest => continue,
            offered => offered?,
        };
        // The list is limited: only a shorter one is complete.
        if offered.len() < jira::SUGGESTIONS {
            directory.note_namesakes_read(at);
        }
        let same = offered.into_iter().filter(|group| name_key(&group.name) == name_key(&name));
        same.for_each(|group| add(directory, group));
    }
    Ok(())
}
