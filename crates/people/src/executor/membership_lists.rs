//! Memberships that were read before sending, kept as long as the executor exists: a group's list is read once for
//! all its steps, not once for each page of the journal. The run's own changes are added, so that they never look
//! like other people's.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use crate::directory::{Directory, Group, GroupIndex, Person, PersonIndex, lookup};
use crate::steps::{
    self, Before, Membership, Step, cannot, member_or_not, not_looked_up, not_read, readdressed,
};
use headcount_atlassian::Site;
use headcount_atlassian::jira::IDS_A_CALL as PEOPLE_A_CALL;
use headcount_engine::{NotSent, Observation, Performed};
use headcount_model::group::GroupId;
use headcount_model::outcome::Outcome;
use headcount_model::user::AccountId;

/// The memberships that were read, and the changes of this run since.
#[derive(Debug, Default)]
pub(super) struct Looks {
    seen: tokio::sync::Mutex<Seen>,
    /// Changes of this run that `seen` does not have yet; `None` until something is read.
    done: Mutex<Option<Vec<(AccountId, GroupId, bool)>>>,
}

/// The memberships that were read.
#[derive(Debug, Default)]
struct Seen {
    directory: Directory,
    memberships: lookup::Memberships,
    /// The users whose presence on the site was read.
    asked: HashSet<PersonIndex>,
}

impl Looks {
    /// Announces steps that will be observed.
    pub(super) fn expect(&self, steps: &[Step]) {
        self.done().get_or_insert_default();
        // If nothing is being read yet, all steps decide together; otherwise each page decides on its own.
        let Ok(mut seen) = self.seen.try_lock() else { return };
        let pairs: Vec<_> = (steps.iter().filter(|step| is_membership(step)))
            .filter_map(|step| seen.pair(step))
            .collect();
        seen.memberships.expect(pairs);
    }

    /// Notes a change of this run.
    pub(super) fn note(&self, step: &Step, performed: &Performed) {
        let (Performed::Settled(verdict)
        | Performed::AlreadySo(verdict)
        | Performed::SeemsSo(verdict)) = performed
        else {
            return;
        };
        let is_so = matches!(verdict.outcome, Outcome::Changed | Outcome::Unchanged);
        let (true, true, Some(account), Some(group)) =
            (is_so, is_membership(step), &step.payload.target.account, &step.payload.target.group)
        else {
            return;
        };
        if let Some(done) = self.done().as_mut() {
            done.push((
                account.clone(),
                group.clone(),
                steps::of(step.payload.kind).membership() == Some(Membership::Joins),
            ));
        }
        // If another task is reading, it takes the change over.
        if let Ok(mut seen) = self.seen.try_lock() {
            self.take_over(&mut seen);
        }
    }

    /// The memberships of many steps: by group or by user, whichever needs fewer calls.
    pub(super) async fn memberships(
        &self,
        site: &Site,
        steps: &[Step],
    ) -> Result<Vec<Observation>, NotSent> {
        let mut seen = self.seen.lock().await;
        self.done().get_or_insert_default();
        self.take_over(&mut seen);
        let pairs: Vec<_> = steps.iter().filter_map(|step| seen.pair(step)).collect();
        let people: BTreeSet<PersonIndex> = pairs.iter().map(|pair| pair.0).collect();
        on_site(site, &mut seen, people).await?;
        let Seen { directory, memberships, .. } = &mut *seen;
        let is_there =
            |pair: &(PersonIndex, GroupIndex)| directory.person(pair.0).on_site != Some(false);
        let pairs: Vec<_> = pairs.into_iter().filter(is_there).collect();
        (memberships.read(site, directory, &pairs, &mut |_| {}).await).map_err(not_looked_up)?;
        self.take_over(&mut seen);
        Ok(steps.iter().map(|step| seen.sight(step)).collect())
    }

    fn take_over(&self, seen: &mut Seen) {
        for (account, group, is_member) in self.done().iter_mut().flat_map(std::mem::take) {
            let directory = &mut seen.directory;
            let pair = directory.person_by_id(&account).zip(directory.group_by_id(&group));
            match (pair, is_member) {
                (Some((person, group)), true) => directory.add_member(person, group),
                (Some((person, group)), false) => directory.remove_member(person, group),
                (None, _) => {}
            }
        }
    }

    fn done(&self) -> std::sync::MutexGuard<'_, Option<Vec<(AccountId, GroupId, bool)>>> {
        // No code panics while it is locked.
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// The user and the group of a step.
    fn pair(&mut self, step: &Step) -> Option<(PersonIndex, GroupIndex)> {
        let (account, group) =
            (step.payload.target.account.as_ref()?, step.payload.target.group.as_ref()?);
        let person = match self.directory.person_by_id(account) {
            Some(person) => person,
            None => self.directory.add_person(Person::new(account.clone())),
        };
        let group = match self.directory.group_by_id(group) {
            Some(group) => group,
            None => {
                let name = step.payload.target.which().into();
                self.directory.add_group(Group { id: group.clone(), name, synced: None })
            }
        };
        Some((person, group))
    }

    /// A step's membership, as it was just read.
    fn sight(&mut self, step: &Step) -> Observation {
        let Some((person, group)) = self.pair(step) else {
            return member_or_not(steps::of(step.payload.kind).membership(), step, None, None);
        };
        if self.directory.person(person).on_site == Some(false) {
            // An index may not show a user yet that this run has just created; the site decides.
            if steps::of(step.payload.kind).waited_for_its_user(step) {
                return Observation::AsBefore {
                    found: "the site does not show the user yet".into(),
                };
            }
            // The plan did not believe the index either (an undo right after its run); the site's answer decides.
            if step.payload.before == Before::Unseen {
                return cannot("the site does not show the user");
            }
            return Observation::Otherwise { found: "the user is no longer on the site".into() };
        }
        let wanted = steps::of(step.payload.kind).membership();
        let is_member = self.directory.is_member(person, group);
        let is_so = is_member.is_some() && is_member == wanted.map(|so| so == Membership::Joins);
        if !is_so {
            let user = self.directory.person(person);
            if let Some(other) = readdressed(step, user.mail.as_deref()) {
                return other;
            }
            if let Some(found) = (steps::of(step.payload.kind).since_plan)(step, user) {
                return Observation::Otherwise { found };
            }
        }
        let (failed, doubt) = (self.memberships.failed(person), self.directory.doubt(group));
        match (is_member, failed, doubt) {
            (None, Some(why), _) => Observation::Unreadable { evidence: why.to_owned() },
            (None, None, Some(why)) => {
                let which = step.payload.target.which();
                Observation::Unreadable {
                    evidence: format!("the member list of {which} is not reliable: {why}"),
                }
            }
            (is_member, ..) => member_or_not(wanted, step, is_member, None),
        }
    }
}

pub(super) fn is_membership(step: &Step) -> bool {
    steps::of(step.payload.kind).membership().is_some()
}

/// Which of these users are on the site; each is read once.
async fn on_site(
    site: &Site,
    seen: &mut Seen,
    people: BTreeSet<PersonIndex>,
) -> Result<(), NotSent> {
    let Some(jira) = &site.jira else { return Ok(()) };
    let people: Vec<_> = people.into_iter().filter(|at| seen.asked.insert(*at)).collect();
    for people in people.chunks(PEOPLE_A_CALL) {
        let ids: Vec<AccountId> =
            people.iter().map(|&at| seen.directory.person(at).id.clone()).collect();
        let ids: Vec<&AccountId> = ids.iter().collect();
        let found = match jira.users_by_id(&ids).await {
            Ok(found) => found,
            // Their groups show it, too.
            Err(error) if site.fails_for_this_alone(&error).await => continue,
            Err(error) => return Err(not_read(&error)),
        };
        for &at in people {
            seen.directory.person_mut(at).on_site = Some(false);
        }
        for person in found {
            if let Some(at) = seen.directory.person_by_id(&person.id) {
                let known = seen.directory.person_mut(at);
                known.on_site = Some(true);
                known.mail = person.mail;
                known.status = person.status;
            }
        }
    }
    Ok(())
}
