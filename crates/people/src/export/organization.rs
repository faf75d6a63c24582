//! The organization's lists.

use std::collections::HashMap;
use std::io::Write;

use super::columns::{Out, PEOPLE_COLUMNS, plain};
use super::error::ExportError;
use super::plain_listing::of_listing;
use super::seen::Seen;
use super::{Exported, Far, Progress, Way};
use crate::choose::{Filters, Tally};
use crate::directory::lookup::is_closed;
use headcount_atlassian::admin::{Admin, GROUPS, People};
use headcount_atlassian::error::CallError;
use headcount_atlassian::records::{ListedGroup, ListedPerson};
use headcount_model::group::GroupId;

/// Lists all users once. Fewer users than the organization counts are an error.
///
/// Users are added and removed while it is read, so the lower one of the counts before and after must be reached.
pub(super) async fn all_users(
    admin: &Admin,
    directory: Option<&str>,
    (first, mut pages): (Option<Vec<ListedPerson>>, People),
    progress: Progress<'_>,
    each: &mut (dyn FnMut(&ListedPerson) -> Result<(), ExportError> + Send),
) -> Result<(), ExportError> {
    let mut page = first;
    let before = count(admin, directory).await?;
    if let Some(total) = before {
        progress(Far::Total(total));
    }
    let mut seen = Seen::default();
    while let Some(people) = page {
        let mut more = 0;
        for person in &people {
            if seen.add(&person.person.id) {
                each(person)?;
                more += 1;
            }
        }
        progress(Far::More(more));
        page = pages.next().await?;
    }
    let Some(before) = before.filter(|before| seen.many() < *before) else { return Ok(()) };
    let after = count(admin, directory).await?.unwrap_or(before);
    if seen.many() < before.min(after) {
        let why = format!("{} of {} users", seen.many(), before.min(after));
        return Err(not_whole(&why));
    }
    Ok(())
}

pub(super) fn not_whole(why: &str) -> ExportError {
    ExportError::NotWhole { what: "users", why: why.to_owned() }
}

/// `None` if the key may not count.
async fn count(admin: &Admin, directory: Option<&str>) -> Result<Option<u64>, CallError> {
    match admin.count_people(directory).await {
        Err(error) if is_closed(&error) => Ok(None),
        count => count,
    }
}

/// Writes only the managed accounts.
pub(super) async fn managed<W: Write + Send>(
    admin: &Admin,
    filters: &Filters,
    out: &mut Out<W>,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut exported = Exported::by(Way::Managed);
    out.headings(&PEOPLE_COLUMNS)?;
    let mut pages = admin.all_managed();
    let mut seen = Seen::default();
    let mut tally = Tally::default();
    while let Some(people) = pages.next().await? {
        if let (0, Some(total)) = (seen.many(), pages.total) {
            progress(Far::Total(total));
        }
        for person in people {
            if !seen.add(&person.id) {
                continue;
            }
            progress(Far::More(1));
            let person = plain(person);
            if tally.add(of_listing(filters, &person)) {
                exported.hidden += u64::from(person.person.mail.is_none());
                out.person(&person)?;
            }
        }
    }
    exported.people = tally.listed;
    exported.tally = Some(tally);
    match pages.total {
        Some(total) if seen.many() < total => {
            Err(not_whole(&format!("{} of {total} managed accounts", seen.many())))
        }
        _ => Ok(exported),
    }
}

/// Writes all groups of the profile's directory, or of all directories of the organization; with `members`, their
/// members.
pub(super) async fn groups<W: Write + Send>(
    admin: &Admin,
    members: bool,
    out: &mut Out<W>,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut exported = Exported::by(Way::Organization);
    let mut directories: Vec<_> =
        admin.directories().await?.into_iter().map(|directory| directory.id).collect();
    if let Some(chosen) = admin.directory() {
        exported.others = directories.iter().filter(|id| *id != chosen).count() as u64;
        directories = vec![chosen.to_owned()];
    }
    if directories.is_empty() {
        let why = "Atlassian lists no directory for this organization API key".to_owned();
        return Err(ExportError::NotWhole { what: "groups", why });
    }
    for directory in &directories {
        match members {
            true => memberships(admin, directory, out, &mut exported, progress).await?,
            false => plain_groups(admin, directory, out, &mut exported, progress).await?,
        }
    }
    Ok(exported)
}

async fn plain_groups<W: Write + Send>(
    admin: &Admin,
    directory: &str,
    out: &mut Out<W>,
    exported: &mut Exported,
    progress: Progress<'_>,
) -> Result<(), ExportError> {
    let mut pages = admin.all_groups(Some(directory), false).await?;
    while let Some(groups) = pages.next().await? {
        for group in &groups {
            out.group(group)?;
        }
        exported.groups += groups.len() as u64;
        progress(Far::More(groups.len() as u64));
    }
    Ok(())
}

/// Lists all groups first (there are few), then all users with their groups.
async fn memberships<W: Write + Send>(
    admin: &Admin,
    directory: &str,
    out: &mut Out<W>,
    exported: &mut Exported,
    progress: Progress<'_>,
) -> Result<(), ExportError> {
    let mut groups: HashMap<GroupId, (ListedGroup, u64)> = HashMap::new();
    let mut order = Vec::new();
    let mut pages = admin.all_groups(Some(directory), true).await?;
    while let Some(page) = pages.next().await? {
        for group in page {
            let id = group.group.id.clone();
            if groups.insert(id.clone(), (group, 0)).is_none() {
                order.push(id);
            }
        }
    }
    let mut pages = admin.all_people(Some(directory), GROUPS).await?;
    let first = pages.next().await?;
    all_users(admin, Some(directory), (first, pages), progress, &mut |person| {
        if person.person.not_a_colleague() {
            return Ok(());
        }
        let of = person.groups.as_deref().unwrap_or_default();
        for group in of {
            // A group that was created since then has the name on the user's page.
            let known = groups.get_mut(&group.id).map(|(listed, seen)| {
                *seen += 1;
                &listed.group
            });
            out.member(known.unwrap_or(group), person)?;
        }
        if !of.is_empty() {
            exported.people += 1;
            exported.hidden += u64::from(person.person.mail.is_none());
        }
        Ok(())
    })
    .await?;
    let counted: u64 = groups.values().filter_map(|(group, _)| group.members).sum();
    let seen: u64 = groups.values().map(|(_, seen)| seen).sum();
    if counted > 0 && seen == 0 {
        let why = format!("the site counts {counted} members and shows none");
        return Err(ExportError::NotWhole { what: "members", why });
    }
    for id in &order {
        let (group, seen) = &groups[id];
        exported.short += u64::from(group.members.is_some_and(|counted| *seen < counted));
        exported.empty += u64::from(*seen == 0);
    }
    exported.groups += order.len() as u64;
    Ok(())
}
