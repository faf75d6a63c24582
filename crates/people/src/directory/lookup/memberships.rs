//! Who is a member of what: per group in pages, or per person, whichever needs fewer calls.
//!
//! A list can't always be believed: its number of members counts apps that the list leaves out
//! (CLOUD-10718), members are missing (pycontribs/jira#891), or others add people while it is read.
//! Then the users that it shows are members, and the others are requested one by one; of more than
//! [`MOST_ASKED`] it stays unknown. Neither one group nor one person that can't be read stops the
//! rest.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::stream::{self, StreamExt as _};

use super::Progress;
use super::error::LookupError;
use super::failed::{Failed, last_word};
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

/// A group whose list moves while it is read is read again at most this often.
const TRIES: u32 = 3;
/// People of one group that are asked about one by one where its list can't be believed.
const MOST_ASKED: usize = 1_000;

/// Reads of each pair whether the person is a member of the group; pairs that are known already are
/// not read again. Afterwards [`Directory::is_member`] answers for every pair, except where the
/// site does not show the group's members or the person's groups (403, 404), or fails to
/// ([`Directory::doubts`] names such groups).
///
/// # Errors
/// The site as a whole can't be read: a refused credential, or it is out of reach.
pub async fn memberships(
    site: &Site,
    directory: &mut Directory,
    pairs: &[(PersonIndex, GroupIndex)],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let mut memberships = Memberships { tries: TRIES, ..Memberships::default() };
    memberships.read(site, directory, pairs, progress).await
}

/// Memberships that are read bit by bit: how each group is read is decided once, by all that will
/// be asked of it, and its list is read at most once.
#[derive(Debug, Default)]
pub struct Memberships {
    /// How often a list that moves may be read.
    tries: u32,
    ways: HashMap<GroupIndex, Way>,
    expected: BTreeMap<GroupIndex, BTreeSet<PersonIndex>>,
    /// People whose groups can't be read, and why, unless the site says that it does not show them.
    unreadable: HashMap<PersonIndex, Option<Box<str>>>,
}

/// How a group's members are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Its list was read, or is closed to this key.
    Listed,
    /// Each person is asked for their groups.
    ByPerson,
    /// Its list could not be believed; the number of users who were requested one by one.
    Doubted(usize),
}

impl Memberships {
    /// These pairs will be asked about, some time: it decides which way is the cheapest.
    pub fn expect(&mut self, pairs: impl IntoIterator<Item = (PersonIndex, GroupIndex)>) {
        for (person, group) in pairs {
            self.expected.entry(group).or_default().insert(person);
        }
    }

    /// Why the groups of this person could not be read, if the site failed to answer that.
    pub fn failed(&self, person: PersonIndex) -> Option<&str> {
        self.unreadable.get(&person)?.as_deref()
    }

    /// As [`memberships`].
    pub async fn read(
        &mut self,
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
        let reader = Reader { site, jira, at_once: site.pacer.most(Lane::Jira) as usize };
        for (group, people) in &wanted.groups {
            self.expected.entry(*group).or_default().extend(people);
        }
        self.read_lists(&reader, directory, &wanted).await?;
        let people = self.by_person(directory, &wanted);
        reader.by_person(directory, &people, &mut self.unreadable).await?;
        progress(wanted.pairs as u64);
        Ok(())
    }

    /// Decides how the groups are read that come up for the first time, and reads the lists.
    async fn read_lists(
        &mut self,
        reader: &Reader<'_>,
        directory: &mut Directory,
        wanted: &Wanted,
    ) -> Result<(), LookupError> {
        let fresh = wanted.groups.keys().filter(|group| !self.ways.contains_key(group));
        let fresh: BTreeMap<GroupIndex, BTreeSet<PersonIndex>> = fresh
            .map(|group| (*group, self.expected.get(group).cloned().unwrap_or_default()))
            .collect();
        let fresh = Wanted { pairs: 0, groups: fresh };
        if fresh.people().len() <= fresh.groups.len() {
            // Even one page of each group would be more calls.
            self.ways.extend(fresh.groups.keys().map(|group| (*group, Way::ByPerson)));
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
                    let people = &fresh.groups[&group];
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

    /// Whom the site is asked about one by one.
    fn by_person(&mut self, directory: &Directory, wanted: &Wanted) -> BTreeSet<PersonIndex> {
        let mut people = BTreeSet::new();
        for (group, wanted) in &wanted.groups {
            let open = |person: &&PersonIndex| {
                directory.is_member(**person, *group).is_none()
                    && !self.unreadable.contains_key(person)
            };
            let open = wanted.iter().filter(open);
            match self.ways.get_mut(group) {
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

/// What the first page of a group showed.
#[derive(Debug)]
enum First {
    /// The rest has still to be read: the number of pages.
    More { page: MemberPage, pages: u64 },
    /// That was all; the directory knows it.
    All,
    /// The site does not show it.
    Closed,
    /// It can't be true, or could not be read: why.
    Doubted(String),
}

/// How much of a group is wanted.
struct Many<'a> {
    people: &'a BTreeSet<PersonIndex>,
    /// Pages of its list after the first.
    pages: u64,
    tries: u32,
}

/// Which groups are read to their end: those with the fewest pages left, the others by person.
/// Every cut of that order is tried, and the one with the fewest calls is taken.
fn split(wanted: &Wanted, firsts: &BTreeMap<GroupIndex, First>) -> BTreeSet<GroupIndex> {
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
        people.extend(wanted.groups.get(&group).into_iter().flatten().copied());
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
    /// A person in no group at all is asked about twice: a page that is empty by chance would make
    /// a removal look done.
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
        let mut answers = stream::iter(ids)
            .map(|(at, id)| async move { (at, self.groups_of(&id).await) })
            .buffered(self.at_once);
        let mut failed = Failed::default();
        while let Some((person, answer)) = answers.next().await {
            let answer = hidden(answer);
            if let Some(groups) = failed.sort_out(self.site, person, answer).await? {
                note_groups(directory, person, groups, unreadable);
            }
        }
        for person in failed.people {
            let id = &directory.person(person).id;
            let mut tries = 1;
            let answer = loop {
                let answer = hidden(self.groups_of(id).await);
                match last_word(self.site, tries, answer).await? {
                    Some(answer) => break answer,
                    None => tries += 1,
                }
            };
            match answer {
                Ok(groups) => note_groups(directory, person, groups, unreadable),
                Err(error) => {
                    unreadable.insert(person, Some(error.to_string().into()));
                }
            }
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
            .map(|(at, id)| async move { (at, first_page(self.jira, &id).await) })
            .buffered(self.at_once);
        while let Some((group, answer)) = answers.next().await {
            let first = match answer {
                Err(error) if is_one_only(&error) => First::Closed,
                Err(error) => First::Doubted(self.doubt(error).await?),
                // An empty page never leaves anything for later: believed or doubted here.
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

    /// Reads the rest of a group, several pages at a time; why it can't be believed, if so.
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
            let open = |person: &&PersonIndex| directory.is_member(**person, group).is_none();
            let open = many.people.iter().filter(open).count() as u64;
            // Somebody came or went while it was read. Few are sooner asked about one by one.
            if tries >= many.tries || open <= many.pages {
                return Ok(Some(why));
            }
            tries += 1;
            first = self.jira.members(&id, 0).await;
        }
    }

    /// Why a group could not be read, where everything else can.
    async fn doubt(&self, error: CallError) -> Result<String, LookupError> {
        match is_one_only(&error) || self.site.fails_for_this_alone(&error).await {
            true => Ok(error.to_string()),
            false => Err(error.into()),
        }
    }
}

/// The site does not show this person's groups to the key.
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
        let more = |pages| {
            let page = MemberPage { total: None, is_last: false, members: Vec::new() };
            First::More { page, pages }
        };
        let firsts =
            BTreeMap::from([(groups[0], more(4)), (groups[1], more(100)), (groups[2], First::All)]);
        assert_eq!(split(&wanted, &firsts), BTreeSet::from([groups[0]]));
    }
}
