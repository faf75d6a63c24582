//! Observes many steps at once with few calls, before the steps of a plan that waited are sent.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, stream};

use super::membership_lists::is_membership;
use super::people::PeopleExecutor;
use super::since_plan::{may_be_sent, of_user};
use crate::steps::{self, Step, not_read, readdressed};
use headcount_atlassian::records::PersonRecord;
use headcount_atlassian::{CallError, CallErrorKind, Site};
use headcount_engine::{Executor as _, NotSent, Observation};
use headcount_model::door::Api;
use headcount_model::user::{AccountId, Lifecycle};

/// How many steps are observed at the same time; the pace limits the requests.
const SIDE_BY_SIDE: usize = 32;

/// The most ids in the organization's search (organizations description, `accountIds`).
const IDS_A_CALL: usize = 10;

/// If this many steps cannot be read and none can, the call itself fails.
const MOST_UNREADABLE: usize = 10;

/// How often a step that cannot be read is read again, after the others.
const MORE_LOOKS: u32 = 3;

impl PeopleExecutor {
    /// Observes these steps, in order: memberships together, all others one by one.
    pub(super) async fn look_at_all(&self, steps: &[Step]) -> Result<Vec<Observation>, NotSent> {
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
        // A temporary failure that does not concern only this step is returned.
        for (step, sight) in others.iter().zip(&mut sights) {
            for _ in 0..MORE_LOOKS {
                if matches!(sight, Observation::Unreadable { .. }) {
                    *sight = self.look_at(step).await?;
                }
            }
        }
        let sights = self.with_users_of_now(&others, sights).await?;
        let mut sights = sights.into_iter();
        let in_order = steps.iter().map(|step| match is_membership(step) {
            true => seen.next(),
            false => sights.next(),
        });
        let mut all: Vec<_> = in_order.flatten().collect();
        if self.plan_waited() {
            self.groups.compare(&self.site, steps, &mut all).await?;
        }
        Ok(all)
    }

    /// The site with only the credentials that show the steps' destination. All steps of one kind go through one
    /// door.
    fn read_by(&self, steps: &[Step]) -> Site {
        let by_jira = steps.iter().all(|step| step.api() == Some(Api::Jira));
        let jira = self.site.jira.clone().filter(|_| by_jira);
        Site { jira, ..self.site.clone() }
    }

    /// The memberships of many steps: by group or by user, whichever needs fewer calls.
    async fn memberships(&self, steps: &[Step]) -> Result<Vec<Observation>, NotSent> {
        self.looks.memberships(&self.read_by(steps), steps).await
    }
}

/// If nothing at all can be read, the failure does not concern a single user.
fn no_chance(sights: &[Observation]) -> Result<(), NotSent> {
    let words = sights.iter().map(|sight| match sight {
        Observation::Unreadable { evidence } => Some(evidence),
        Observation::AsWanted { .. }
        | Observation::AsBefore { .. }
        | Observation::Otherwise { .. }
        | Observation::CannotTell { .. } => None,
    });
    let Some(words) = words.collect::<Option<Vec<_>>>() else { return Ok(()) };
    match words.as_slice() {
        [first, ..] if words.len() > MOST_UNREADABLE => {
            Err(NotSent::OutOfReach { words: (*first).clone() })
        }
        _ => Ok(()),
    }
}

impl PeopleExecutor {
    /// Observes a step of a plan that waited, like [`Executor::read_back`], and checks whether the site still
    /// allows it.
    async fn look_at(&self, step: &Step) -> Result<Observation, NotSent> {
        let sight = self.observe(step).await?;
        // What user management says of an account holds for its own calls, not for the identity provider's directory.
        let by_provider = step.api() == Some(Api::Provisioning);
        let announced = steps::of(step.payload.kind).announced.filter(|_| !by_provider);
        let Some(privilege) = announced.filter(|_| may_be_sent(step, &sight)) else {
            return Ok(sight);
        };
        let (Some(admin), Some(account)) = (&self.site.admin, &step.payload.target.account) else {
            return Ok(sight);
        };
        let managed = match admin.manage(account, privilege).await {
            Ok(managed) => managed,
            Err(error) if self.site.fails_for_this_alone(&error).await => {
                return Ok(Observation::Unreadable { evidence: error.to_string() });
            }
            Err(error) => return Err(not_read(&error)),
        };
        let no = match managed {
            Lifecycle::Allowed => return Ok(sight),
            Lifecycle::Refused(key) => format!("the site no longer allows this change: {key}"),
            Lifecycle::Unreadable(words) => {
                return Ok(Observation::Unreadable { evidence: words.into() });
            }
            Lifecycle::NotManaged(words) => {
                format!("the organization no longer manages the account: {words}")
            }
        };
        Ok(Observation::Otherwise { found: no })
    }

    /// Leaves out the steps whose users have changed: a user who has become an organization administrator since
    /// the plan, an account that has another email now, and what the kind of the step names (`since_plan`).
    async fn with_users_of_now(
        &self,
        steps: &[Step],
        mut sights: Vec<Observation>,
    ) -> Result<Vec<Observation>, NotSent> {
        let takes_away = |step: &Step| steps::of(step.payload.kind).takes_away;
        let ids: Vec<&AccountId> = (steps.iter().zip(&sights))
            .filter(|(step, sight)| may_be_sent(step, sight))
            .filter_map(|(step, _)| step.payload.target.account.as_ref())
            .collect();
        let (found, unreadable) = self.users_of_now(&ids).await?;
        for (step, sight) in steps.iter().zip(&mut sights) {
            let Some(id) =
                step.payload.target.account.as_ref().filter(|_| may_be_sent(step, sight))
            else {
                continue;
            };
            let now = found.get(id);
            if takes_away(step) && now.is_some_and(|now| now.org_admin == Some(true)) {
                *sight = Observation::Otherwise {
                    found: "the user is now an organization administrator".into(),
                };
            } else if takes_away(step) && unreadable.contains(id) {
                let evidence =
                    "headcount could not check whether the user is an organization administrator";
                *sight = Observation::Unreadable { evidence: evidence.into() };
            } else if let Some(other) = readdressed(step, now.and_then(|now| now.mail.as_deref())) {
                *sight = other;
            } else if let Some(found) = now.and_then(|now| of_user(step, now)) {
                *sight = Observation::Otherwise { found };
            }
        }
        Ok(sights)
    }

    /// The users as they are now, and the users that the organization does not show.
    async fn users_of_now(
        &self,
        ids: &[&AccountId],
    ) -> Result<(BTreeMap<AccountId, PersonRecord>, BTreeSet<AccountId>), NotSent> {
        let (mut found, mut unreadable) = (BTreeMap::new(), BTreeSet::new());
        for ids in ids.chunks(IDS_A_CALL) {
            let Err(error) = self.note_users(ids, &mut found).await else { continue };
            if !self.site.fails_for_this_alone(&error).await {
                return Err(not_read(&error));
            }
            // The failure may concern one of them.
            for id in ids {
                match self.note_users(std::slice::from_ref(id), &mut found).await {
                    Ok(()) => {}
                    Err(error) if self.site.fails_for_this_alone(&error).await => {
                        if self.site.admin.is_some() {
                            unreadable.insert((*id).clone());
                        }
                    }
                    Err(error) => return Err(not_read(&error)),
                }
            }
        }
        Ok((found, unreadable))
    }

    /// Notes these users as the organization shows them, else as Jira does. A directory that is closed to this key
    /// shows none; what an account may do is read elsewhere.
    async fn note_users(
        &self,
        ids: &[&AccountId],
        found: &mut BTreeMap<AccountId, PersonRecord>,
    ) -> Result<(), CallError> {
        let users = match (&self.site.admin, &self.site.jira) {
            (Some(admin), _) => admin.users_by_id(ids).await,
            (None, Some(jira)) => jira.users_by_id(ids).await,
            (None, None) => return Ok(()),
        };
        match users {
            Ok(users) => {
                found.extend(users.into_iter().map(|user| (user.id.clone(), user)));
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
}
