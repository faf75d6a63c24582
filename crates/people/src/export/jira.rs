//! Jira's lists, used if there is no organization API key, or none that works.

use std::io::Write;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::columns::{Out, PEOPLE_COLUMNS, of_jira};
use super::error::ExportError;
use super::plain_listing::of_listing;
use super::seen::Seen;
use super::{Exported, Far, Progress, Way};
use crate::choose::{Apps, Filters, Tally};
use crate::directory::lookup::{Witness, list};
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::error::CallError;
use headcount_atlassian::jira::Jira;
use headcount_atlassian::pace::Pacer;
use headcount_atlassian::records::{GroupRecord, ListedGroup, MemberPage};

/// How many first pages of groups are kept, for each that is read at the same time.
const BATCHES: usize = 8;

/// Writes all users that the filters list.
pub(super) async fn people<W: Write + Send>(
    jira: &Jira,
    own_account: Witness<'_>,
    filters: &Filters,
    out: &mut Out<W>,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut exported = Exported::by(Way::Jira);
    let mut seen = Seen::default();
    out.headings(&PEOPLE_COLUMNS)?;
    let mut written = Ok(());
    let mut tally = Tally::default();
    let ended = list(jira, u32::MAX, &mut |person| {
        if written.is_err() || !seen.add(&person.id) {
            return;
        }
        let person = of_jira(person);
        if tally.add(of_listing(filters, &person)) {
            exported.hidden += u64::from(person.person.mail.is_none());
            written = out.person(&person);
        }
        progress(Far::More(1));
    })
    .await?;
    written?;
    exported.people = tally.listed;
    exported.tally = Some(tally);
    let not_whole = |why: &str| ExportError::NotWhole { what: "users", why: why.to_owned() };
    if !ended {
        return Err(not_whole("with these credentials, Jira does not list all users"));
    }
    // Without the permission Browse users and groups, the list is empty and not refused.
    if own_account.account.is_some_and(|id| !seen.has(id)) || seen.many() == 0 {
        return Err(not_whole("it leaves out the account that runs headcount"));
    }
    Ok(exported)
}

/// Writes the accounts that Jira lists and the organization does not: apps, customers of help desks.
/// `seen` are those that the organization lists; `apps` head the columns.
pub(super) async fn others<W: Write + Send>(
    jira: &Jira,
    filters: &Filters,
    (seen, apps): (&mut Seen, &Apps),
    out: &mut Out<W>,
    exported: &mut Exported,
    progress: Progress<'_>,
) -> Result<(), ExportError> {
    let mut tally = exported.tally.take().unwrap_or_default();
    let mut written = Ok(());
    let ended = list(jira, u32::MAX, &mut |person| {
        if written.is_err() || !seen.add(&person.id) {
            return;
        }
        let person = of_jira(person);
        if tally.add(of_listing(filters, &person)) {
            exported.people += 1;
            exported.hidden += u64::from(person.person.mail.is_none());
            written = out.person_with_apps(&person, apps);
        }
        progress(Far::More(1));
    })
    .await?;
    written?;
    exported.tally = Some(tally);
    if !ended {
        let why = "with these credentials, Jira does not list all users".to_owned();
        return Err(ExportError::NotWhole { what: "users", why });
    }
    Ok(())
}

/// Writes all groups; with `members`, their members.
pub(super) async fn groups<W: Write + Send>(
    jira: &Jira,
    pacer: &Pacer,
    members: bool,
    out: &mut Out<W>,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut exported = Exported::by(Way::Jira);
    let groups = every_group(jira, &mut exported).await?;
    exported.groups = groups.len() as u64;
    if !members {
        for group in groups {
            let (description, members, apps, deletable) = (None, None, None, None);
            out.group(&ListedGroup { group, description, members, apps, deletable })?;
            progress(Far::More(1));
        }
        return Ok(exported);
    }
    progress(Far::Total(exported.groups));
    let most = pacer.most(Lane::Jira) as usize;
    let mut people = Seen::default();
    // All first pages of a batch arrive before other pages of its groups are requested: reads of a stream that is not
    // polled keep their places in the pace, and the other pages would wait for those.
    for batch in groups.chunks(BATCHES * most) {
        let firsts: Vec<_> = stream::iter(batch)
            .map(|group| async move {
                let first = jira.members(&group.id, 0).await?;
                Ok::<_, CallError>((group, first))
            })
            .buffered(most)
            .try_collect()
            .await?;
        for (group, first) in firsts {
            members_of(jira, most, (group, first), out, &mut people, &mut exported).await?;
            progress(Far::More(1));
        }
    }
    exported.people = people.many();
    Ok(exported)
}

async fn every_group(
    jira: &Jira,
    exported: &mut Exported,
) -> Result<Vec<GroupRecord>, ExportError> {
    let mut groups: Vec<GroupRecord> = Vec::new();
    let (mut rows, mut total) = (0, None);
    loop {
        let page = jira.list_groups(rows).await?;
        rows += page.rows;
        total = page.total.or(total);
        exported.nameless += page.rows - page.groups.len() as u64;
        groups.extend(page.groups);
        if page.is_last {
            break;
        }
    }
    match total {
        Some(total) if rows < total => {
            let why = format!("{rows} of {total} groups");
            Err(ExportError::NotWhole { what: "groups", why })
        }
        _ => Ok(groups),
    }
}

/// Writes the members of a group whose first page is known. The pages after the first are read at the same time.
async fn members_of<W: Write + Send>(
    jira: &Jira,
    most: usize,
    (group, first): (&GroupRecord, MemberPage),
    out: &mut Out<W>,
    people: &mut Seen,
    exported: &mut Exported,
) -> Result<(), ExportError> {
    let total = first.total;
    let mut of_group = Seen::default();
    let mut write = |page: MemberPage, of_group: &mut Seen| -> Result<u64, ExportError> {
        let rows = page.members.len() as u64;
        for person in page.members.into_iter().filter(|person| !person.not_a_colleague()) {
            if !of_group.add(&person.id) {
                continue;
            }
            let hidden = u64::from(person.mail.is_none());
            exported.hidden += if people.add(&person.id) { hidden } else { 0 };
            out.member(group, &of_jira(person))?;
        }
        Ok(rows)
    };
    let (mut is_last, mut rows) = (first.is_last, write(first, &mut of_group)?);
    match total {
        // The site may return fewer rows on a page than requested.
        Some(total) if rows > 0 => {
            let a_page = rows;
            let starts = (1..).map(|page| page * a_page);
            let starts: Vec<u64> = starts.take_while(|start| *start < total).collect();
            let mut pages =
                stream::iter(starts).map(|start| jira.members(&group.id, start)).buffered(most);
            while let Some(page) = pages.next().await {
                rows += write(page?, &mut of_group)?;
            }
        }
        _ => {
            while !is_last {
                let page: Result<MemberPage, CallError> = jira.members(&group.id, rows).await;
                let page = page?;
                is_last = page.is_last || page.members.is_empty();
                rows += write(page, &mut of_group)?;
            }
        }
    }
    if total.is_some_and(|total| rows < total) {
        let why =
            format!("the group {} shows {rows} of {} members", group.id, total.unwrap_or_default());
        return Err(ExportError::NotWhole { what: "members", why });
    }
    exported.empty += u64::from(of_group.many() == 0);
    Ok(())
}
