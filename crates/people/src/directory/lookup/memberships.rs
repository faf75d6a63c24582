//! Reads memberships, either by group in pages, or by user, whichever needs fewer calls.
//!
//! A list may be inconsistent: its number of members counts apps that the list leaves out (CLOUD-10718), members
//! are missing (pycontribs/jira#891), or other people add users while it is read. Then the users that it shows are
//! members, and the others are requested one by one; if there are more than [`MOST_ASKED`], their membership stays
//! unknown. A group or a user that cannot be read does not stop the others.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::stream::{self, StreamExt as _};

use super::Progress;
use super::error::LookupError;
use super::failed::Reads;
use super::members::{Members, all_members, first_page, rest};
use super::standing::groups_of;
use crate::directory::{Directory, Group, GroupIndex, PersonIndex};
use headcount_atlassian::Site;
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::error::{CallError, CallErrorKind};
use headcount_atlassian::jira::Jira;
use headcount_atlassian::records::{GroupRecord, MemberPage};
use headcount_model::group::GroupId;
use headcount_model::user::AccountId;

/// How often a group's list is read again if it changes while it is read.
const TRIES: u32 = 3;
/// How many users of one group are requested one by one if its list is inconsistent.
const MOST_ASKED: usize = 1_000;

/// Reads for each pair whether the user is a member of the group. Known pairs are not read again. Afterwards
/// [`Directory::is_member`] answers for every pair, except if the site does not show the group's members or the
/// user's groups (403, 404), or fails to ([`Directory::doubts`] lists such groups).
///
/// # Errors
/// The whole site cannot be read: the credential is refused, or the site cannot be reached.
pub async fn memberships(
    site: &Site,
    directory: &mut Directory,
    pairs: &[(PersonIndex, GroupIndex)],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let mut memberships = Memberships { tries: TRIES, ..Memberships::default() };
    memberships.read(site, directory, pairs, progress).await
}

/// Memberships that are read in several parts. For each group, the kind of read is decided once, by all expected
/// pairs, and its list is read at most once.
#[derive(Debug, Default)]
pub struct Memberships {
    /// How often a changing list may be read.
    tries: u32,
    ways: HashMap<GroupIndex, Way>,
    expected: BTreeMap<GroupIndex, BTreeSet<PersonIndex>>,
    /// Users whose groups cannot be read, and why; `None` if the site does not show them.
    unreadable: HashMap<PersonIndex, Option<Box<str>>>,
}

/// The kind of read of a group's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Its list was read, or is closed to this credential.
    Listed,
    /// Each user's groups are read.
    ByPerson,
    /// Its list was inconsistent; with the number of users who were requested one by one.
    Doubted(usize),
}

impl Memberships {
    /// Announces pairs that will be read at some time, which decides the cheapest kind of read.
    pub fn expect(&mut self, pairs: impl IntoIterator<Item = (PersonIndex, GroupIndex)>) {
        for (person, group) in pairs {
            self.expected.entry(group).or_default().insert(person);
        }
    }

    /// Why this user's groups could not be read, if the read failed.
    pub fn failed(&self, person: PersonIndex) -> Option<&str> {
        self.unreadable.get(&person)?.as_deref()
    }

    /// Like [`memberships`].
    pub async fn read(
        &mut self,
        site: &Site,
        directory: &mut Directory,
        pairs: &[(PersonIndex, GroupIndex)],
        progress: Progress<'_>,
    ) -> Result<(), LookupError> {
        let wanted = Wanted::of(directory, pairs);
        let open = wanted.0.len();
        progress((pairs.len() - open) as u64);
        if open == 0 {
            return Ok(());
        }
        let Some(jira) = &site.jira else {
            let mut people = BTreeSet::new();
            people.extend(wanted.0.iter().map(|pair| pair.0));
            groups_of(site, directory, &people.into_iter().collect::<Vec<_>>()).await?;
            progress(open as u64);
            return Ok(());
        };
        let reader = Reader { site, jira, at_once: site.pacer.most(Lane::Jira) as usize };
        self.read_lists(&reader, directory, &wanted).await?;
        let people = self.by_person(directory, &wanted);
        reader.by_person(directory, &people, &mut self.unreadable).await?;
        progress(open as u64);
        Ok(())
    }

    /// Decides the kind of read of new groups, and reads the lists.
    async fn read_lists(
        &mut self,
        reader: &Reader<'_>,
        directory: &mut Directory,
        wanted: &Wanted<'_>,
    ) -> Result<(), LookupError> {
        let fresh = wanted.groups().filter(|(group, _)| !self.ways.contains_key(group));
        let fresh: Fresh<'_> = fresh
            .map(|(group, wanted)| {
                let mut people = Cow::Borrowed(wanted);
                if let Some(expected) = self.expected.remove(&group) {
                    let wanted = people.iter().map(|pair| pair.0);
                    let all: BTreeSet<PersonIndex> = expected.into_iter().chain(wanted).collect();
                    people = all.into_iter().map(|person| (person, group)).collect();
                }
                (group, people)
            })
            .collect();
        if !has_more_people(&fresh) {
            // Even one page of each group would need more calls.
            self.ways.extend(fresh.keys().map(|group| (*group, Way::ByPerson)));
            return Ok(());
        }
        let firsts = reader.first_pages(directory, &fresh).await?;
        let by_group = split(&fresh, &firsts);
        for (group, first) in firsts {
            let way = match first {
                First::All | First::Closed => Way::Listed,
                First::Doubted(why) => {
                    directory.note_doubt(group, &why);
                    Way::Doubted(0)
                }
                First::More { page, pages } if by_group.contains(&group) => {
                    let people = &fresh[&group];
                    let many = Many { people, pages, tries: self.tries };
                    match reader.by_group(directory, group, page, many).await? {
                        None => Way::Listed,
                        Some(why) => {
                            directory.note_doubt(group, &why);
                            Way::Doubted(0)
                        }
                    }
                }
                First::More { .. } => Way::ByPerson,
            };
            self.ways.insert(group, way);
        }
        Ok(())
    }

    /// The users whose groups are read one by one.
    fn by_person(&mut self, directory: &Directory, wanted: &Wanted<'_>) -> BTreeSet<PersonIndex> {
        let mut people = BTreeSet::new();
        for (group, wanted) in wanted.groups() {
            let open = |person: &PersonIndex| {
                directory.is_member(*person, group).is_none()
                    && !self.unreadable.contains_key(person)
            };
            let open = wanted.iter().map(|pair| pair.0).filter(open);
            match self.ways.get_mut(&group) {
                None | Some(Way::Listed) => {}
                Some(Way::ByPerson) => people.extend(open),
                Some(Way::Doubted(asked)) => {
                    let open: Vec<_> = open.take(MOST_ASKED.saturating_sub(*asked)).collect();
                    *asked += open.len();
                    people.extend(open);
                }
            }
        }
        people
    }
}

/// A user and a group.
type Pair = (PersonIndex, GroupIndex);

/// The groups whose kind of read is decided, with all pairs that are expected.
type Fresh<'p> = BTreeMap<GroupIndex, Cow<'p, [Pair]>>;

/// Whether these are more users than groups.
fn has_more_people(fresh: &Fresh<'_>) -> bool {
    let mut people = BTreeSet::new();
    let mut all = fresh.values().flat_map(|pairs| pairs.iter().map(|pair| pair.0));
    all.any(|person| people.insert(person) && people.len() > fresh.len())
}

/// The pairs that are not known yet, by groups, each once. The rows of a long list have many, so they are not copied
/// without need.
#[derive(Debug)]
struct Wanted<'p>(Cow<'p, [Pair]>);

impl<'p> Wanted<'p> {
    fn of(directory: &Directory, pairs: &'p [Pair]) -> Self {
        let is_open = |pair: &Pair| directory.is_member(pair.0, pair.1).is_none();
        if pairs.is_sorted_by(|one, next| (one.1, one.0) < (next.1, next.0))
            && pairs.iter().all(is_open)
        {
            return Self(Cow::Borrowed(pairs));
        }
        let mut open: Vec<Pair> = pairs.iter().copied().filter(is_open).collect();
        open.sort_unstable_by_key(|pair| (pair.1, pair.0));
        open.dedup();
        Self(Cow::Owned(open))
    }

    /// Each group with its pairs.
    fn groups(&self) -> impl Iterator<Item = (GroupIndex, &[Pair])> {
        self.0.chunk_by(|one, next| one.1 == next.1).map(|pairs| (pairs[0].1, pairs))
    }
}

/// What the first page of a group showed.
#[derive(Debug)]
enum First {
    /// More pages follow; with their number.
    More { page: MemberPage, pages: u64 },
    /// The list is complete and in the directory.
    All,
    /// The site does not show it.
    Closed,
    /// The list is inconsistent or could not be read; with the reason.
    Doubted(String),
}

/// How much of a group is wanted.
struct Many<'a> {
    people: &'a [Pair],
    /// How many pages follow the first one.
    pages: u64,
    tries: u32,
}

/// Decides which groups are read to their end: those with the fewest pages left; the others are read by user.
/// Every cut of that order is tried, and the one with the fewest calls wins.
fn split(wanted: &Fresh<'_>, firsts: &BTreeMap<GroupIndex, First>) -> BTreeSet<GroupIndex> {
    let mut open: Vec<(u64, GroupIndex)> = firsts
        .iter()
        .filter_map(|(&group, first)| match first {
            First::More { pages, .. } => Some((*pages, group)),
            First::All | First::Closed | First::Doubted(_) => None,
        })
        .collect();
    open.sort_unstable();
    let mut pages: u64 = open.iter().map(|(pages, _)| pages).sum();
    let mut people = BTreeSet::new();
    let mut best = (pages, open.len());
    for at in (0..open.len()).rev() {
        let (own, group) = open[at];
        pages -= own;
        let wanted = wanted.get(&group).into_iter().flat_map(|pairs| pairs.iter());
        people.extend(wanted.map(|pair| pair.0));
        let calls = pages + people.len() as u64;
        if calls < best.0 {
            best = (calls, at);
        }
    }
    open[..best.1].iter().map(|&(_, group)| group).collect()
}

struct Reader<'a> {
    site: &'a Site,
    jira: &'a Jira,
    at_once: usize,
}

impl Reader<'_> {
    /// For a user without groups, the read is repeated, because an accidentally empty page would make a removal
    /// seem done.
    async fn groups_of(&self, id: &AccountId) -> Result<Option<Vec<GroupRecord>>, CallError> {
        match self.jira.groups_of(id).await? {
            Some(groups) if groups.is_empty() => self.jira.groups_of(id).await,
            groups => Ok(groups),
        }
    }

    async fn by_person(
        &self,
        directory: &mut Directory,
        people: &BTreeSet<PersonIndex>,
        unreadable: &mut HashMap<PersonIndex, Option<Box<str>>>,
    ) -> Result<(), LookupError> {
        let ids: Vec<(PersonIndex, AccountId)> =
            people.iter().map(|&at| (at, directory.person(at).id.clone())).collect();
        let read = |id: AccountId| async move { hidden(self.groups_of(&id).await) };
        let note = |person, answer: Result<_, CallError>| match answer {
            Ok(groups) => note_groups(directory, person, groups, unreadable),
            Err(error) => {
                unreadable.insert(person, Some(error.to_string().into()));
            }
        };
        Reads { site: self.site, at_once: self.at_once }.each(ids, read, note).await
    }

    async fn first_pages(
        &self,
        directory: &mut Directory,
        wanted: &Fresh<'_>,
    ) -> Result<BTreeMap<GroupIndex, First>, LookupError> {
        let ids: Vec<(GroupIndex, GroupId)> =
            wanted.keys().map(|&at| (at, directory.group(at).id.clone())).collect();
        let mut firsts = BTreeMap::new();
        let mut answers = stream::iter(ids)
            .map(|(at, id)| async move {
                (
                    at,
                    match first_page(self.jira, &id).await {
                        Err(error) if is_one_only(&error) => Ok(Err(First::Closed)),
                        // Here, because outside of this future the other reads would stand still meanwhile.
                        Err(error) => self.doubt(error).await.map(|why| Err(First::Doubted(why))),
                        Ok(page) => Ok(Ok(page)),
                    },
                )
            })
            .buffered(self.at_once);
        while let Some((group, answer)) = answers.next().await {
            let first = match answer? {
                Err(first) => first,
                // An empty page is never left for later: it counts or is doubted here.
                Ok(page) => match if page.members.is_empty() { 0 } else { rest(&page) } {
                    0 => match Members::read([page]).note(directory, group) {
                        None => First::All,
                        Some(why) => First::Doubted(why),
                    },
                    pages => First::More { page, pages },
                },
            };
            firsts.insert(group, first);
        }
        Ok(firsts)
    }

    /// Reads the rest of a group, several pages at a time. Returns why it is inconsistent, if it is.
    async fn by_group(
        &self,
        directory: &mut Directory,
        group: GroupIndex,
        first: MemberPage,
        many: Many<'_>,
    ) -> Result<Option<String>, LookupError> {
        let id = directory.group(group).id.clone();
        let mut first = Ok(first);
        let mut tries = 1;
        loop {
            let members = match first {
                Ok(first) => all_members(self.jira, &id, first, self.at_once).await,
                Err(error) => Err(error),
            };
            let why = match members {
                Ok(members) => members.note(directory, group),
                Err(error) => Some(self.doubt(error).await?),
            };
            let Some(why) = why else { return Ok(None) };
            let open = |pair: &&Pair| directory.is_member(pair.0, group).is_none();
            let open = many.people.iter().filter(open).count() as u64;
            // A member was added or removed while it was read. For a few users, requesting them one by one is
            // faster.
            if tries >= many.tries || open <= many.pages {
                return Ok(Some(why));
            }
            tries += 1;
            first = self.jira.members(&id, 0).await;
        }
    }

    /// Why a group could not be read although other reads work.
    async fn doubt(&self, error: CallError) -> Result<String, LookupError> {
        match is_one_only(&error) || self.site.fails_for_this_alone(&error).await {
            true => Ok(error.to_string()),
            false => Err(error.into()),
        }
    }
}

/// The site does not show this user's groups to the credential.
fn hidden(
    answer: Result<Option<Vec<GroupRecord>>, CallError>,
) -> Result<Option<Vec<GroupRecord>>, CallError> {
    match answer {
        Err(error) if is_one_only(&error) => Ok(None),
        answer => answer,
    }
}

fn note_groups(
    directory: &mut Directory,
    person: PersonIndex,
    groups: Option<Vec<GroupRecord>>,
    unreadable: &mut HashMap<PersonIndex, Option<Box<str>>>,
) {
    let Some(groups) = groups else {
        unreadable.insert(person, None);
        return;
    };
    for GroupRecord { id, name, synced } in groups {
        let at = directory.add_group(Group { id, name, synced });
        directory.add_member(person, at);
    }
    directory.groups_read_of(person);
}

/// Whether only this one cannot be read: the group or user no longer exists, or the credential may not see it.
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

    fn id(n: usize) -> AccountId {
        AccountId::parse(&format!("p{n}")).unwrap()
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
    fn large_groups_with_few_people_are_read_by_person_and_small_ones_by_page() {
        let (directory, people, groups) = world(10, 3);
        let mut pairs: Vec<_> = people.iter().map(|&person| (person, groups[0])).collect();
        pairs.extend([(people[0], groups[1]), (people[1], groups[1]), (people[0], groups[2])]);
        let wanted = Wanted::of(&directory, &pairs);
        let fresh: Fresh<'_> =
            wanted.groups().map(|(group, pairs)| (group, Cow::Borrowed(pairs))).collect();
        let more = |pages| {
            let page = MemberPage { total: None, is_last: false, members: Vec::new() };
            First::More { page, pages }
        };
        let firsts =
            BTreeMap::from([(groups[0], more(4)), (groups[1], more(100)), (groups[2], First::All)]);
        assert_eq!(split(&fresh, &firsts), BTreeSet::from([groups[0]]));
    }
}
