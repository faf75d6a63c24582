//! Who is a member of what: per group in pages, or per person, whichever needs fewer calls.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures_util::stream::{self, StreamExt as _};

use super::Progress;
use super::error::LookupError;
use super::standing::groups_of;
use crate::directory::{Directory, Group, GroupIndex, PersonIndex};
use headcount_atlassian::Site;
use headcount_atlassian::endpoint::{Endpoint, Lane};
use headcount_atlassian::error::{CallError, CallErrorKind};
use headcount_atlassian::facts::{GroupFacts, MemberPage};
use headcount_atlassian::jira::{Jira, MEMBERS_A_PAGE};
use headcount_model::group::GroupId;
use headcount_model::user::AccountId;

/// A group that changes while it is read is read again so often.
const TRIES: u32 = 3;
/// A group without a total is read to at most so many pages.
const MOST_PAGES: u64 = 10_000;

/// Reads of each pair whether the person is a member of the group; pairs that are known already are
/// not read again. Afterwards [`Directory::is_member`] answers for every pair, except where the
/// site does not show the group's members or the person's groups (403, 404).
pub async fn memberships(
    site: &Site,
    directory: &mut Directory,
    pairs: &[(PersonIndex, GroupIndex)],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let wanted = Wanted::of(directory, pairs);
    progress((pairs.len() - wanted.pairs) as u64);
    if wanted.pairs == 0 {
        return Ok(());
    }
    let Some(jira) = &site.jira else {
        let people: Vec<_> = wanted.people().into_iter().collect();
        groups_of(site, directory, &people).await?;
        progress(wanted.pairs as u64);
        return Ok(());
    };
    let reader = Reader { jira, at_once: site.pacer.most(Lane::Jira) as usize };
    let people = wanted.people();
    if people.len() <= wanted.groups.len() {
        // Even one page of each group would be more calls.
        reader.by_person(directory, &people).await?;
        progress(wanted.pairs as u64);
        return Ok(());
    }
    let firsts = reader.first_pages(directory, &wanted).await?;
    let Split { by_group, people } = split(&wanted, &firsts);
    reader.by_group(directory, &firsts, &by_group).await?;
    reader.by_person(directory, &people).await?;
    progress(wanted.pairs as u64);
    Ok(())
}

/// What is not known yet.
#[derive(Debug, Default)]
struct Wanted {
    pairs: usize,
    groups: BTreeMap<GroupIndex, BTreeSet<PersonIndex>>,
}

impl Wanted {
    fn of(directory: &Directory, pairs: &[(PersonIndex, GroupIndex)]) -> Self {
        let mut wanted = Self::default();
        for &(person, group) in pairs {
            if directory.is_member(person, group).is_none() {
                wanted.pairs += 1;
                wanted.groups.entry(group).or_default().insert(person);
            }
        }
        wanted
    }

    fn people(&self) -> BTreeSet<PersonIndex> {
        self.groups.values().flatten().copied().collect()
    }
}

/// What the first page of a group told.
#[derive(Debug)]
enum First {
    /// The rest has still to be read: so many pages.
    More { page: MemberPage, pages: u64 },
    /// That was all; the directory knows it.
    All,
    /// The site does not show it.
    Closed,
}

/// Which groups are read to their end, and of which people the groups are read instead.
#[derive(Debug)]
struct Split {
    by_group: Vec<GroupIndex>,
    people: BTreeSet<PersonIndex>,
}

/// The groups with the fewest pages left are read by page, the others by person: every cut of that
/// order is tried, and the one with the fewest calls is taken.
fn split(wanted: &Wanted, firsts: &BTreeMap<GroupIndex, First>) -> Split {
    let mut open: Vec<(u64, GroupIndex)> = firsts
        .iter()
        .filter_map(|(&group, first)| match first {
            First::More { pages, .. } => Some((*pages, group)),
            First::All | First::Closed => None,
        })
        .collect();
    open.sort_unstable();
    let mut pages: u64 = open.iter().map(|(pages, _)| pages).sum();
    let mut people = BTreeSet::new();
    let mut best = (pages, open.len(), people.clone());
    for at in (0..open.len()).rev() {
        let (own, group) = open[at];
        pages -= own;
        people.extend(wanted.groups.get(&group).into_iter().flatten().copied());
        let calls = pages + people.len() as u64;
        if calls < best.0 {
            best = (calls, at, people.clone());
        }
    }
    let (_, cut, people) = best;
    Split { by_group: open[..cut].iter().map(|&(_, group)| group).collect(), people }
}

struct Reader<'a> {
    jira: &'a Jira,
    at_once: usize,
}

impl Reader<'_> {
    /// A person in no group at all is asked about twice: a page that is empty by chance would make
    /// a removal look done.
    async fn groups_of(&self, id: &AccountId) -> Result<Option<Vec<GroupFacts>>, CallError> {
        match self.jira.groups_of(id).await? {
            Some(groups) if groups.is_empty() => self.jira.groups_of(id).await,
            groups => Ok(groups),
        }
    }

    /// The same of a group without members.
    async fn first_page(&self, id: &GroupId) -> Result<MemberPage, CallError> {
        let page = self.jira.members(id, 0).await?;
        if page.members.is_empty() && page.total.unwrap_or(0) == 0 {
            return self.jira.members(id, 0).await;
        }
        Ok(page)
    }

    async fn by_person(
        &self,
        directory: &mut Directory,
        people: &BTreeSet<PersonIndex>,
    ) -> Result<(), LookupError> {
        let ids: Vec<(PersonIndex, AccountId)> =
            people.iter().map(|&at| (at, directory.person(at).id.clone())).collect();
        let mut answers = stream::iter(ids)
            .map(|(at, id)| async move { (at, self.groups_of(&id).await) })
            .buffered(self.at_once);
        while let Some((person, answer)) = answers.next().await {
            let groups = match answer {
                Err(error) if is_one_only(&error) => None,
                answer => answer?,
            };
            let Some(groups) = groups else { continue };
            for group in groups {
                let at = directory.add_group(Group {
                    id: group.id,
                    name: group.name,
                    synced: group.synced,
                });
                directory.add_member(person, at);
            }
            directory.groups_read_of(person);
        }
        Ok(())
    }

    async fn first_pages(
        &self,
        directory: &mut Directory,
        wanted: &Wanted,
    ) -> Result<BTreeMap<GroupIndex, First>, LookupError> {
        let ids: Vec<(GroupIndex, GroupId)> =
            wanted.groups.keys().map(|&at| (at, directory.group(at).id.clone())).collect();
        let mut firsts = BTreeMap::new();
        let mut answers = stream::iter(ids)
            .map(|(at, id)| async move { (at, self.first_page(&id).await) })
            .buffered(self.at_once);
        while let Some((group, answer)) = answers.next().await {
            let first = match answer {
                Err(error) if is_one_only(&error) => First::Closed,
                Err(error) => return Err(error.into()),
                // An empty page never leaves anything for later: believed or refused here.
                Ok(page) => match if page.members.is_empty() { 0 } else { rest(&page) } {
                    0 => {
                        let members = Members::read(directory.group(group).id.clone(), [page])?;
                        members.note(directory, group);
                        First::All
                    }
                    pages => First::More { page, pages },
                },
            };
            firsts.insert(group, first);
        }
        Ok(firsts)
    }

    /// Reads the rest of each group; several groups and several pages of one at a time.
    async fn by_group(
        &self,
        directory: &mut Directory,
        firsts: &BTreeMap<GroupIndex, First>,
        groups: &[GroupIndex],
    ) -> Result<(), LookupError> {
        for &group in groups {
            let Some(First::More { page, .. }) = firsts.get(&group) else { continue };
            let id = directory.group(group).id.clone();
            let mut first = page.clone();
            let mut tries = 1;
            let members = loop {
                match self.all_members(&id, first).await {
                    // Somebody came or went while it was read: pages no longer fit together.
                    Err(LookupError::Incredible { .. }) if tries < TRIES => {
                        tries += 1;
                        first = self.jira.members(&id, 0).await?;
                    }
                    members => break members?,
                }
            };
            members.note(directory, group);
        }
        Ok(())
    }

    async fn all_members(&self, id: &GroupId, first: MemberPage) -> Result<Members, LookupError> {
        let mut pages = vec![first];
        let Some(total) = pages[0].total else {
            return self.members_without_total(id, pages).await;
        };
        // The site may give shorter pages than asked for: go by what it gives.
        let step = pages[0].members.len().max(1) as u64;
        let starts = (step..total).step_by(step as usize);
        let mut answers =
            stream::iter(starts).map(|at| self.jira.members(id, at)).buffered(self.at_once);
        while let Some(page) = answers.next().await {
            pages.push(page?);
        }
        Members::read(id.clone(), pages)
    }

    async fn members_without_total(
        &self,
        id: &GroupId,
        mut pages: Vec<MemberPage>,
    ) -> Result<Members, LookupError> {
        let mut seen = pages[0].members.len() as u64;
        while pages.last().is_some_and(|page| !page.is_last && !page.members.is_empty()) {
            if pages.len() as u64 > MOST_PAGES {
                return Err(incredible(id, "its members never end".to_owned()));
            }
            let page = self.jira.members(id, seen).await?;
            seen += page.members.len() as u64;
            if page.members.first().is_some_and(|first| {
                pages
                    .last()
                    .and_then(|last| last.members.first())
                    .is_some_and(|old| old.id == first.id)
            }) {
                return Err(incredible(
                    id,
                    format!("the page from {seen} on repeats the one before"),
                ));
            }
            pages.push(page);
        }
        Members::read(id.clone(), pages)
    }
}

/// How many pages are still to be read after the first.
fn rest(first: &MemberPage) -> u64 {
    let here = first.members.len() as u64;
    match first.total {
        Some(total) if total > here => (total - here).div_ceil(here.clamp(1, MEMBERS_A_PAGE)),
        Some(_) => 0,
        None if first.is_last || here == 0 => 0,
        // Unknown; at least one.
        None => 1,
    }
}

/// All members of a group, and believable.
#[derive(Debug)]
struct Members(Vec<AccountId>);

impl Members {
    /// Puts pages together; refuses what does not add up.
    fn read(id: GroupId, pages: impl IntoIterator<Item = MemberPage>) -> Result<Self, LookupError> {
        let mut all = Vec::new();
        let mut once = HashSet::new();
        let mut total = None;
        for page in pages {
            if let (Some(before), Some(now)) = (total, page.total)
                && before != now
            {
                return Err(incredible(
                    &id,
                    format!("its number of members changed from {before} to {now}"),
                ));
            }
            total = total.or(page.total);
            if page.members.is_empty() && total.is_some_and(|total| total > once.len() as u64) {
                let what = format!(
                    "it has {} members, but the page after {} is empty",
                    total.unwrap_or_default(),
                    once.len()
                );
                return Err(incredible(&id, what));
            }
            for member in page.members {
                if once.insert(member.id.clone()) {
                    all.push(member.id);
                }
            }
        }
        match total {
            Some(total) if total != all.len() as u64 => Err(incredible(
                &id,
                format!("it has {total} members, but {} were shown", all.len()),
            )),
            _ => Ok(Self(all)),
        }
    }

    fn note(self, directory: &mut Directory, group: GroupIndex) {
        for id in &self.0 {
            if let Some(person) = directory.person_by_id(id) {
                directory.add_member(person, group);
            }
        }
        directory.members_read_of(group);
    }
}

fn incredible(id: &GroupId, what: String) -> LookupError {
    LookupError::Incredible {
        endpoint: Endpoint::JiraMembers,
        what: format!("of the group {id} the site says: {what}"),
    }
}

/// This one cannot be read, which says nothing of the others: the group or person is gone, or the
/// key may not see it.
fn is_one_only(error: &CallError) -> bool {
    matches!(
        error.kind,
        CallErrorKind::NotFound | CallErrorKind::Forbidden { .. } | CallErrorKind::BadRequest
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Person;
    use headcount_atlassian::facts::PersonFacts;

    fn id(n: usize) -> AccountId {
        AccountId::parse(&format!("p{n}")).unwrap()
    }

    fn page(total: Option<u64>, members: std::ops::Range<usize>, is_last: bool) -> MemberPage {
        let members = members
            .map(|n| PersonFacts {
                id: id(n),
                mail: None,
                name: None,
                status: None,
                managed: None,
                synced: None,
                org_admin: None,
                standing: None,
                not_a_colleague: false,
            })
            .collect();
        MemberPage { total, is_last, members }
    }

    fn world(people: usize, groups: usize) -> (Directory, Vec<PersonIndex>, Vec<GroupIndex>) {
        let mut directory = Directory::default();
        let people = (0..people).map(|n| directory.add_person(Person::new(id(n)))).collect();
        let groups = (0..groups)
            .map(|n| {
                let name = format!("g{n}");
                let (id, name) = (GroupId::new(&name), name.into());
                directory.add_group(Group { id, name, synced: None })
            })
            .collect();
        (directory, people, groups)
    }

    #[test]
    fn pages_that_do_not_add_up_are_not_believed() {
        let group = || GroupId::new("g");
        let read = |pages: Vec<MemberPage>| Members::read(group(), pages);
        assert_eq!(
            read(vec![page(Some(3), 0..2, false), page(Some(3), 2..3, true)]).unwrap().0.len(),
            3
        );
        assert_eq!(read(vec![page(Some(0), 0..0, true)]).unwrap().0.len(), 0);
        for bad in [
            vec![page(Some(3), 0..2, false), page(Some(3), 0..0, true)],
            vec![page(Some(3), 0..0, true)],
            vec![page(Some(4), 0..2, false), page(Some(4), 1..3, true)],
            vec![page(Some(4), 0..2, false), page(Some(3), 2..3, true)],
            vec![page(Some(1), 0..2, true)],
        ] {
            assert!(matches!(read(bad), Err(LookupError::Incredible { .. })));
        }
    }

    #[test]
    fn large_groups_with_few_people_are_read_by_person_and_small_ones_by_page() {
        let (directory, people, groups) = world(10, 3);
        let mut pairs: Vec<_> = people.iter().map(|&person| (person, groups[0])).collect();
        pairs.extend([(people[0], groups[1]), (people[1], groups[1]), (people[0], groups[2])]);
        let wanted = Wanted::of(&directory, &pairs);
        let more = |pages| First::More { page: page(None, 0..0, false), pages };
        let firsts =
            BTreeMap::from([(groups[0], more(4)), (groups[1], more(100)), (groups[2], First::All)]);
        let split = split(&wanted, &firsts);
        assert_eq!(split.by_group, [groups[0]]);
        assert_eq!(split.people, BTreeSet::from([people[0], people[1]]));
    }

    #[test]
    fn pages_are_counted_by_what_the_site_gives() {
        assert_eq!(rest(&page(Some(50), 0..50, true)), 0);
        assert_eq!(rest(&page(Some(51), 0..50, false)), 1);
        assert_eq!(rest(&page(Some(100), 0..20, false)), 4);
        assert_eq!(rest(&page(None, 0..50, true)), 0);
    }
}
