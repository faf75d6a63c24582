//! The members of one group: assembles the pages and checks whether they are consistent.

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt as _};

use crate::directory::{Directory, GroupIndex};
use headcount_atlassian::error::CallError;
use headcount_atlassian::jira::{Jira, MEMBERS_A_PAGE};
use headcount_atlassian::records::{MemberPage, PersonRecord};
use headcount_model::group::GroupId;

/// The most pages of a group without a total.
const MOST_PAGES: u64 = 10_000;

/// The members of a group, and why they may be incomplete.
#[derive(Debug)]
pub(super) struct Members {
    shown: Vec<PersonRecord>,
    doubt: Option<String>,
}

impl Members {
    /// Assembles the pages, and checks whether they are consistent.
    pub(super) fn read(pages: impl IntoIterator<Item = MemberPage>) -> Self {
        let mut shown = Vec::new();
        let mut once = HashSet::new();
        let (mut total, mut doubt) = (None, None);
        for page in pages {
            if let (Some(before), Some(now)) = (total, page.total)
                && before != now
            {
                doubt
                    .get_or_insert(format!("its number of members changed from {before} to {now}"));
            }
            total = total.or(page.total);
            let here = page.members.len() as u64;
            if here == 0 && total.is_some_and(|total| total > once.len() as u64) {
                doubt.get_or_insert(format!(
                    "it has {} members, but the page after {} is empty",
                    total.unwrap_or_default(),
                    once.len()
                ));
            }
            // A page with more members than the total contradicts itself.
            if page.total.is_some_and(|total| total < here) {
                doubt.get_or_insert(format!(
                    "it has {} members, but the site listed {here}",
                    page.total.unwrap_or_default()
                ));
                continue;
            }
            let new = page.members.into_iter();
            shown.extend(new.filter(|member| once.insert(member.id.clone())));
        }
        if let Some(total) = total
            && total != shown.len() as u64
        {
            doubt.get_or_insert(format!(
                "it has {total} members, but the site listed {}",
                shown.len()
            ));
        }
        Self { shown, doubt }
    }

    /// Whether the list may be incomplete.
    pub(super) fn is_doubtful(&self) -> bool {
        self.doubt.is_some()
    }

    /// The shown users, and why the list may be incomplete.
    pub(super) fn into_shown(self) -> (Vec<PersonRecord>, Option<String>) {
        (self.shown, self.doubt)
    }

    /// Adds the shown users as members, and if the list is consistent, all others as not members. Returns why it
    /// is inconsistent, if it is.
    pub(super) fn note(self, directory: &mut Directory, group: GroupIndex) -> Option<String> {
        for member in &self.shown {
            if let Some(person) = directory.person_by_id(&member.id) {
                directory.add_member(person, group);
            }
        }
        if self.doubt.is_none() {
            directory.members_read_of(group);
        }
        self.doubt
    }
}

/// The first page. For a group without members it is read twice, because an accidentally empty page would make a
/// removal seem done.
pub(super) async fn first_page(jira: &Jira, id: &GroupId) -> Result<MemberPage, CallError> {
    let page = jira.members(id, 0).await?;
    if page.members.is_empty() && page.total.unwrap_or(0) == 0 {
        return jira.members(id, 0).await;
    }
    Ok(page)
}

/// All pages after the first.
pub(super) async fn all_members(
    jira: &Jira,
    id: &GroupId,
    first: MemberPage,
    at_once: usize,
) -> Result<Members, CallError> {
    let Some(total) = first.total else { return members_without_total(jira, id, first).await };
    // The site may return shorter pages than requested, so the actual length counts.
    let step = first.members.len().max(1) as u64;
    let mut pages = vec![first];
    let starts = (step..total).step_by(step as usize);
    let mut answers = stream::iter(starts).map(|at| jira.members(id, at)).buffered(at_once);
    while let Some(page) = answers.next().await {
        pages.push(page?);
    }
    Ok(Members::read(pages))
}

async fn members_without_total(
    jira: &Jira,
    id: &GroupId,
    first: MemberPage,
) -> Result<Members, CallError> {
    let mut pages = vec![first];
    let mut seen = pages[0].members.len() as u64;
    while pages.last().is_some_and(|page| !page.is_last && !page.members.is_empty()) {
        if pages.len() as u64 > MOST_PAGES {
            return Ok(doubted(pages, "the member list never ends".to_owned()));
        }
        let page = jira.members(id, seen).await?;
        seen += page.members.len() as u64;
        let first_of = |page: &MemberPage| page.members.first().map(|first| first.id.clone());
        let before = pages.last().and_then(first_of);
        if before.is_some() && first_of(&page) == before {
            let why = format!("the page from member {seen} on repeats the page before it");
            return Ok(doubted(pages, why));
        }
        pages.push(page);
    }
    Ok(Members::read(pages))
}

fn doubted(pages: Vec<MemberPage>, why: String) -> Members {
    Members { doubt: Some(why), ..Members::read(pages) }
}

/// How many pages follow the first one.
pub(super) fn rest(first: &MemberPage) -> u64 {
    let here = first.members.len() as u64;
    match first.total {
        Some(total) if total > here => (total - here).div_ceil(here.clamp(1, MEMBERS_A_PAGE)),
        Some(_) => 0,
        None if first.is_last || here == 0 => 0,
        // Unknown, but at least one.
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_model::user::AccountId;

    fn page(total: Option<u64>, members: std::ops::Range<usize>, is_last: bool) -> MemberPage {
        let members = members
            .map(|n| PersonRecord {
                id: AccountId::parse(&format!("p{n}")).unwrap(),
                mail: None,
                name: None,
                status: None,
                managed: None,
                synced: None,
                org_admin: None,
                standing: None,
                account_type: None,
            })
            .collect();
        MemberPage { total, is_last, members }
    }

    #[test]
    fn pages_that_do_not_add_up_are_doubted_and_who_was_shown_is_a_member() {
        let good = Members::read([page(Some(3), 0..2, false), page(Some(3), 2..3, true)]);
        assert_eq!((good.shown.len(), good.doubt), (3, None));
        assert!(Members::read([page(Some(0), 0..0, true)]).doubt.is_none());
        for (bad, shown) in [
            (vec![page(Some(3), 0..2, false), page(Some(3), 0..0, true)], 2),
            (vec![page(Some(3), 0..0, true)], 0),
            (vec![page(Some(4), 0..2, false), page(Some(4), 1..3, true)], 3),
            (vec![page(Some(4), 0..2, false), page(Some(3), 2..4, true)], 4),
            (vec![page(Some(1), 0..2, true)], 0),
            (vec![page(Some(0), 0..1, true)], 0),
        ] {
            let words = format!("{bad:?}");
            let read = Members::read(bad);
            assert!(read.doubt.is_some(), "{words}");
            assert_eq!(read.shown.len(), shown, "{words}");
        }
    }

    #[test]
    fn pages_are_counted_by_what_the_site_gives() {
        assert_eq!(rest(&page(Some(50), 0..50, true)), 0);
        assert_eq!(rest(&page(Some(51), 0..50, false)), 1);
        assert_eq!(rest(&page(Some(100), 0..20, false)), 4);
        assert_eq!(rest(&page(None, 0..50, true)), 0);
    }
}
