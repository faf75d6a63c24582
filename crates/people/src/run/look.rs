//! Looking at many steps at once, as cheaply as the site allows: before steps of a plan that waited
//! are sent.

use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};

use super::answer::{not_looked_up, not_read};
use super::hands::{Hands, NotSent, Sight};
use super::people::PeopleHands;
use super::settle::waited_for_its_user;
use super::sight::membership_sight;
use crate::directory::{Directory, Group, Person, lookup};
use headcount_atlassian::{CallErrorKind, Site};
use headcount_model::door::Api;
use headcount_model::step::{Step, StepKind};
use headcount_model::user::{AccountId, Lifecycle};

/// Looks at this many steps side by side; the pace holds back what the site would not bear.
const SIDE_BY_SIDE: usize = 32;

/// The organisation's search takes so many ids (organisations description, `accountIds`).
const IDS_A_CALL: usize = 10;

impl PeopleHands {
    /// Looks at these steps, in their order: memberships together, all else one by one.
    pub(super) async fn look_at_all(&self, steps: &[Step]) -> Result<Vec<Sight>, NotSent> {
        let is_membership =
            |step: &Step| matches!(step.kind, StepKind::AddMember | StepKind::RemoveMember);
        let (memberships, others): (Vec<_>, Vec<_>) =
            steps.iter().cloned().partition(is_membership);
        let mut seen = Vec::new().into_iter();
        if !memberships.is_empty() {
            seen = self.memberships(&memberships).await?.into_iter();
        }
        let looks: Vec<_> = others.iter().map(|step| self.look_at(step)).collect();
        let sights: Vec<_> = stream::iter(looks).buffered(SIDE_BY_SIDE).collect().await;
        let sights = sights.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut sights = self.without_administrators(&others, sights).await?.into_iter();
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
        let mut directory = Directory::default();
        let site = &self.read_by(steps);
        let accounts: BTreeSet<&AccountId> =
            steps.iter().filter_map(|step| step.target.account.as_ref()).collect();
        let accounts: Vec<&AccountId> = accounts.into_iter().collect();
        if site.jira.is_none() {
            for account in accounts {
                directory.add_person(Person::new(account.clone()));
            }
        } else if let Some(jira) = &site.jira {
            let there = jira.users_by_id(&accounts).await.map_err(|error| not_read(&error))?;
            for person in there {
                directory.add_person(Person::new(person.id));
            }
        }
        let pairs: Vec<_> = steps
            .iter()
            .filter_map(|step| {
                let person = directory.person_by_id(step.target.account.as_ref()?)?;
                let group = directory.add_group(Group {
                    id: step.target.group.clone()?,
                    name: step.target.which().into(),
                    synced: None,
                });
                Some((person, group))
            })
            .collect();
        lookup::memberships(site, &mut directory, &pairs, &mut |_| {})
            .await
            .map_err(not_looked_up)?;
        Ok(steps.iter().map(|step| membership_seen(step, &directory)).collect())
    }
}

/// A step's membership in a directory that was just read.
fn membership_seen(step: &Step, directory: &Directory) -> Sight {
    let Some(person) = step.target.account.as_ref().and_then(|id| directory.person_by_id(id))
    else {
        // Whom this run has just created an index may not show yet; the site decides.
        if waited_for_its_user(step) {
            return Sight::AsBefore { found: "the user is not shown yet".into() };
        }
        return Sight::Otherwise { found: "the user is not on the site any more".into() };
    };
    let group = step.target.group.as_ref().and_then(|id| directory.group_by_id(id));
    membership_sight(step, group.and_then(|group| directory.is_member(person, group)), None)
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
        let no = match admin.manage(account).await.map_err(|error| not_read(&error))? {
            Lifecycle::Allowed => return Ok(sight),
            Lifecycle::Refused(key) => format!("the site does not allow it any more: {key}"),
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
        for ids in ids.chunks(IDS_A_CALL) {
            let found = match admin.users_by_id(ids).await {
                Ok(found) => found,
                // The directory is closed to this key; what an account may is asked elsewhere.
                Err(error)
                    if !error.passes_by_itself() && error.kind != CallErrorKind::Credential =>
                {
                    continue;
                }
                Err(error) => return Err(not_read(&error)),
            };
            let admins = found.into_iter().filter(|person| person.org_admin == Some(true));
            administrators.extend(admins.map(|person| person.id));
        }
        for (step, sight) in steps.iter().zip(&mut sights) {
            let is = step.target.account.as_ref().is_some_and(|id| administrators.contains(id));
            if is && takes_away(step) && matches!(sight, Sight::AsBefore { .. }) {
                *sight = Sight::Otherwise { found: "an organisation administrator now".into() };
            }
        }
        Ok(sights)
    }
}
