//! Looking at many steps at once, as cheaply as the site allows: before steps of a plan that waited
//! are sent.
//!
//! Memberships are kept for as long as the hands live: a group's list is read once, by all that will be
//! asked of it, and not once for each page of the journal. What the run itself does meanwhile is noted
//! over it, so that its own changes never look like somebody else's.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use futures_util::{StreamExt, stream};

use super::answer::{not_looked_up, not_read};
use super::hands::{Hands, NotSent, Performed, Sight};
use super::people::PeopleHands;
use super::settle::waited_for_its_user;
use super::sight::membership_sight;
use crate::directory::{Directory, Group, GroupIndex, Person, PersonIndex, lookup};
use headcount_atlassian::admin::Admin;
use headcount_atlassian::jira::IDS_A_CALL as PEOPLE_A_CALL;
use headcount_atlassian::{CallErrorKind, Site};
use headcount_model::door::Api;
use headcount_model::group::GroupId;
use headcount_model::outcome::Outcome;
use headcount_model::step::{Step, StepKind};
use headcount_model::user::{AccountId, Lifecycle};

/// Looks at this many steps side by side; the pace holds back what the site would not bear.
const SIDE_BY_SIDE: usize = 32;

/// The organisation's search takes so many ids (organisations description, `accountIds`).
const IDS_A_CALL: usize = 10;

/// So many steps of which none can be read are no chance: the call itself fails.
const MOST_UNREADABLE: usize = 10;

/// A step that can't be read is looked at once more this often, when the others are done.
const MORE_LOOKS: u32 = 3;

/// What was looked at before sending, and what this run has done since.
#[derive(Debug, Default)]
pub(super) struct Looks {
    seen: tokio::sync::Mutex<Seen>,
    /// Changes of this run that `seen` does not have yet; `None` until something is looked at.
    done: Mutex<Option<Vec<(AccountId, GroupId, bool)>>>,
}

/// Memberships as far as they were read.
#[derive(Debug, Default)]
struct Seen {
    directory: Directory,
    memberships: lookup::Memberships,
    /// People of whom it was asked whether they are on the site.
    asked: HashSet<PersonIndex>,
}

impl Looks {
    /// These steps will be looked at.
    pub(super) fn expect(&self, steps: &[Step]) {
        self.done().get_or_insert_default();
        // Nothing is looked at yet; else each page decides by itself.
        let Ok(mut seen) = self.seen.try_lock() else { return };
        let pairs: Vec<_> = (steps.iter().filter(|step| is_membership(step)))
            .filter_map(|step| seen.pair(step))
            .collect();
        seen.memberships.expect(pairs);
    }

    /// Notes what this run has done.
    pub(super) fn note(&self, step: &Step, performed: &Performed) {
        let (Performed::Settled(verdict) | Performed::AlreadySo(verdict)) = performed else {
            return;
        };
        let is_so = matches!(verdict.outcome, Outcome::Changed | Outcome::Unchanged);
        let (true, true, Some(account), Some(group)) =
            (is_so, is_membership(step), &step.target.account, &step.target.group)
        else {
            return;
        };
        if let Some(done) = self.done().as_mut() {
            done.push((account.clone(), group.clone(), step.kind == StepKind::AddMember));
        }
        // While something is read, whoever reads takes it over.
        if let Ok(mut seen) = self.seen.try_lock() {
            self.take_over(&mut seen);
        }
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
        // Nothing panics while it is held.
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// Person and group of a step.
    fn pair(&mut self, step: &Step) -> Option<(PersonIndex, GroupIndex)> {
        let (account, group) = (step.target.account.as_ref()?, step.target.group.as_ref()?);
        let person = match self.directory.person_by_id(account) {
            Some(person) => person,
            None => self.directory.add_person(Person::new(account.clone())),
        };
        let group = match self.directory.group_by_id(group) {
            Some(group) => group,
            None => {
                let name = step.target.which().into();
                self.directory.add_group(Group { id: group.clone(), name, synced: None })
            }
        };
        Some((person, group))
    }

    /// A step's membership, as it was just read.
    fn sight(&mut self, step: &Step) -> Sight {
        let Some((person, group)) = self.pair(step) else {
            return membership_sight(step, None, None);
        };
        if self.directory.person(person).on_site == Some(false) {
            // Whom this run has just created an index may not show yet; the site decides.
            if waited_for_its_user(step) {
                return Sight::AsBefore { found: "the user is not shown yet".into() };
            }
            return Sight::Otherwise { found: "the user is not on the site any more".into() };
        }
        let is_member = self.directory.is_member(person, group);
        let (failed, doubt) = (self.memberships.failed(person), self.directory.doubt(group));
        match (is_member, failed, doubt) {
            (None, Some(why), _) => Sight::Unreadable { evidence: why.to_owned() },
            (None, None, Some(why)) => {
                let which = step.target.which();
                Sight::Unreadable { evidence: format!("the members of {which}: {why}") }
            }
            (is_member, ..) => membership_sight(step, is_member, None),
        }
    }
}

fn is_membership(step: &Step) -> bool {
    matches!(step.kind, StepKind::AddMember | StepKind::RemoveMember)
}

impl PeopleHands {
    /// Looks at these steps, in their order: memberships together, all else one by one.
    pub(super) async fn look_at_all(&self, steps: &[Step]) -> Result<Vec<Sight>, NotSent> {
        let (memberships, others): (Vec<_>, Vec<_>) =
            steps.iter().cloned().partition(is_membership);
        let mut seen = Vec::new().into_iter();
        if !memberships.is_empty() {
            seen = self.memberships(&memberships).await?.into_iter();
        }
        let looks: Vec<_> = others.iter().map(|step| self.look_at(step)).collect();
        let sights: Vec<_> = stream::iter(looks).buffered(SIDE_BY_SIDE).collect().await;
        let mut sights = sights.into_iter().collect::<Result<Vec<_>, _>>()?;
        no_chance(&sights)?;
        // What failed for a while, and not for this step alone, passes.
        for (step, sight) in others.iter().zip(&mut sights) {
            for _ in 0..MORE_LOOKS {
                if matches!(sight, Sight::Unreadable { .. }) {
                    *sight = self.look_at(step).await?;
                }
            }
        }
        let sights = self.without_administrators(&others, sights).await?;
        let mut sights = sights.into_iter();
        let in_order = steps.iter().map(|step| match is_membership(step) {
            true => seen.next(),
            false => sights.next(),
        });
        Ok(in_order.flatten().collect())
    }

    /// The site with those credentials alone that show where the steps are sent. The steps of one kind
    /// go through one door.
    fn read_by(&self, steps: &[Step]) -> Site {
        let by_jira = steps.iter().all(|step| step.api() == Some(Api::Jira));
        let jira = self.site.jira.clone().filter(|_| by_jira);
        Site { jira, ..self.site.clone() }
    }

    /// Memberships of many steps: per group or per person, whichever needs fewer calls.
    async fn memberships(&self, steps: &[Step]) -> Result<Vec<Sight>, NotSent> {
        let site = &self.read_by(steps);
        let mut seen = self.looks.seen.lock().await;
        self.looks.done().get_or_insert_default();
        self.looks.take_over(&mut seen);
        let pairs: Vec<_> = steps.iter().filter_map(|step| seen.pair(step)).collect();
        let people: BTreeSet<PersonIndex> = pairs.iter().map(|pair| pair.0).collect();
        on_site(site, &mut seen, people).await?;
        let Seen { directory, memberships, .. } = &mut *seen;
        let is_there =
            |pair: &(PersonIndex, GroupIndex)| directory.person(pair.0).on_site != Some(false);
        let pairs: Vec<_> = pairs.into_iter().filter(is_there).collect();
        (memberships.read(site, directory, &pairs, &mut |_| {}).await).map_err(not_looked_up)?;
        self.looks.take_over(&mut seen);
        Ok(steps.iter().map(|step| seen.sight(step)).collect())
    }
}

/// Which of these people are on the site; each is asked about once.
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
            // Their groups tell as well.
            Err(error) if site.fails_for_this_alone(&error).await => continue,
            Err(error) => return Err(not_read(&error)),
        };
        for &at in people {
            seen.directory.person_mut(at).on_site = Some(false);
        }
        for person in found {
            if let Some(at) = seen.directory.person_by_id(&person.id) {
                seen.directory.person_mut(at).on_site = Some(true);
            }
        }
    }
    Ok(())
}

/// Where nothing at all can be read, it is not about one user.
fn no_chance(sights: &[Sight]) -> Result<(), NotSent> {
    let words = sights.iter().map(|sight| match sight {
        Sight::Unreadable { evidence } => Some(evidence),
        _ => None,
    });
    let Some(words) = words.collect::<Option<Vec<_>>>() else { return Ok(()) };
    match words.as_slice() {
        [first, ..] if words.len() > MOST_UNREADABLE => {
            Err(NotSent::OutOfReach { words: (*first).clone() })
        }
        _ => Ok(()),
    }
}

impl PeopleHands {
    /// A step of a plan that waited: as [`Hands::read_back`], and whether the site still allows it.
    async fn look_at(&self, step: &Step) -> Result<Sight, NotSent> {
        let sight = self.read_back(step).await?;
        let lifecycle = matches!(step.kind, StepKind::Deactivate | StepKind::Activate);
        let (true, Sight::AsBefore { .. }) = (lifecycle, &sight) else { return Ok(sight) };
        let (Some(admin), Some(account)) = (&self.site.admin, &step.target.account) else {
            return Ok(sight);
        };
        let managed = match admin.manage(account).await {
            Ok(managed) => managed,
            Err(error) if self.site.fails_for_this_alone(&error).await => {
                return Ok(Sight::Unreadable { evidence: error.to_string() });
            }
            Err(error) => return Err(not_read(&error)),
        };
        let no = match managed {
            Lifecycle::Allowed => return Ok(sight),
            Lifecycle::Refused(key) => format!("the site does not allow it any more: {key}"),
            Lifecycle::Unreadable(words) => {
                return Ok(Sight::Unreadable { evidence: words.into() });
            }
            Lifecycle::NotManaged(words) => format!("the account is not managed any more: {words}"),
        };
        Ok(Sight::Otherwise { found: no })
    }

    /// Whoever has become an administrator of the organisation since the plan is left alone.
    async fn without_administrators(
        &self,
        steps: &[Step],
        mut sights: Vec<Sight>,
    ) -> Result<Vec<Sight>, NotSent> {
        let Some(admin) = &self.site.admin else { return Ok(sights) };
        let takes_away = |step: &Step| {
            let kinds = [StepKind::Deactivate, StepKind::Suspend, StepKind::RemoveUser];
            kinds.contains(&step.kind)
        };
        let ids: Vec<&AccountId> = (steps.iter().filter(|step| takes_away(step)))
            .filter_map(|step| step.target.account.as_ref())
            .collect();
        let mut administrators = BTreeSet::new();
        let mut unreadable = BTreeSet::new();
        for ids in ids.chunks(IDS_A_CALL) {
            if let Err(error) = note_administrators(admin, ids, &mut administrators).await {
                if !self.site.fails_for_this_alone(&error).await {
                    return Err(not_read(&error));
                }
                // It may be about one of them.
                for id in ids {
                    let alone = std::slice::from_ref(id);
                    match note_administrators(admin, alone, &mut administrators).await {
                        Ok(()) => {}
                        Err(error) if self.site.fails_for_this_alone(&error).await => {
                            unreadable.insert((*id).clone());
                        }
                        Err(error) => return Err(not_read(&error)),
                    }
                }
            }
        }
        for (step, sight) in steps.iter().zip(&mut sights) {
            let (Some(id), true, Sight::AsBefore { .. }) =
                (&step.target.account, takes_away(step), &*sight)
            else {
                continue;
            };
            if administrators.contains(id) {
                *sight = Sight::Otherwise { found: "an organisation administrator now".into() };
            } else if unreadable.contains(id) {
                let evidence = "whether the user is an organization administrator can't be read";
                *sight = Sight::Unreadable { evidence: evidence.into() };
            }
        }
        Ok(sights)
    }
}

/// Adds those of these people who administer the organization. Where the directory is closed to this
/// key, nobody is: what an account may is asked elsewhere.
async fn note_administrators(
    admin: &Admin,
    ids: &[&AccountId],
    administrators: &mut BTreeSet<AccountId>,
) -> Result<(), headcount_atlassian::CallError> {
    match admin.users_by_id(ids).await {
        Ok(found) => {
            let admins = found.into_iter().filter(|person| person.org_admin == Some(true));
            administrators.extend(admins.map(|person| person.id));
            Ok(())
        }
        Err(error)
            if !error.passes_by_itself()
                && !matches!(error.kind, CallErrorKind::Credential | CallErrorKind::Odd) =>
        {
            Ok(())
        }
        Err(error) => Err(error),
    }
}
