//! Looking at many steps at once, as cheaply as the site allows: before steps of a plan that waited
//! are sent.

use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};

use super::membership_lists::is_membership;
use super::people::PeopleExecutor;
use crate::steps::{self, Step, not_read};
use headcount_atlassian::admin::Admin;
use headcount_atlassian::{CallErrorKind, Site};
use headcount_engine::{Executor as _, NotSent, Observation};
use headcount_model::door::Api;
use headcount_model::user::{AccountId, Lifecycle};

/// Looks at this many steps side by side; the pace holds back what the site would not bear.
const SIDE_BY_SIDE: usize = 32;

/// The organization's search takes so many ids (organizations description, `accountIds`).
const IDS_A_CALL: usize = 10;

/// So many steps of which none can be read are no chance: the call itself fails.
const MOST_UNREADABLE: usize = 10;

/// A step that can't be read is looked at once more this often, when the others are done.
const MORE_LOOKS: u32 = 3;

impl PeopleExecutor {
    /// Looks at these steps, in their order: memberships together, all else one by one.
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
        // What failed for a while, and not for this step alone, passes.
        for (step, sight) in others.iter().zip(&mut sights) {
            for _ in 0..MORE_LOOKS {
                if matches!(sight, Observation::Unreadable { .. }) {
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
    async fn memberships(&self, steps: &[Step]) -> Result<Vec<Observation>, NotSent> {
        self.looks.memberships(&self.read_by(steps), steps).await
    }
}

/// Where nothing at all can be read, it is not about one user.
fn no_chance(sights: &[Observation]) -> Result<(), NotSent> {
    let words = sights.iter().map(|sight| match sight {
        Observation::Unreadable { evidence } => Some(evidence),
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

impl PeopleExecutor {
    /// A step of a plan that waited: as [`Executor::read_back`], and whether the site still allows it.
    async fn look_at(&self, step: &Step) -> Result<Observation, NotSent> {
        let sight = self.observe(step).await?;
        let is_announced = steps::of(step.payload.kind).is_announced;
        let (true, Observation::AsBefore { .. }) = (is_announced, &sight) else { return Ok(sight) };
        let (Some(admin), Some(account)) = (&self.site.admin, &step.payload.target.account) else {
            return Ok(sight);
        };
        let managed = match admin.manage(account).await {
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

    /// Whoever has become an administrator of the organization since the plan is left alone.
    async fn without_administrators(
        &self,
        steps: &[Step],
        mut sights: Vec<Observation>,
    ) -> Result<Vec<Observation>, NotSent> {
        let Some(admin) = &self.site.admin else { return Ok(sights) };
        let takes_away = |step: &Step| steps::of(step.payload.kind).takes_away;
        let ids: Vec<&AccountId> = (steps.iter().filter(|step| takes_away(step)))
            .filter_map(|step| step.payload.target.account.as_ref())
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
            let (Some(id), true, Observation::AsBefore { .. }) =
                (&step.payload.target.account, takes_away(step), &*sight)
            else {
                continue;
            };
            if administrators.contains(id) {
                *sight = Observation::Otherwise {
                    found: "the user is now an organization administrator".into(),
                };
            } else if unreadable.contains(id) {
                let evidence =
                    "headcount could not check whether the user is an organization administrator";
                *sight = Observation::Unreadable { evidence: evidence.into() };
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
