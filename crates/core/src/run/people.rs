//! The hands for the people of a site: each kind of step as a call, and as a question.
//!
//! What an answer means is decided here by pure functions of the answer; what to do about it is
//! the engine's.

use std::collections::{BTreeSet, HashSet};

use futures_util::{StreamExt, stream};

use super::hands::{Blocked, Hands, NotSent, Performed, Sight};
use super::invite::{Packs, Place};
use super::settle::already;
use super::sight::{
    account_sight, created_sight, facts, mail_is, membership_sight, removed_sight, some,
};
use crate::directory::{Directory, Group, Person, lookup};
use crate::site::admin::INVITED_A_CALL;
use crate::site::facts::{Change, Created};
use crate::site::pace::{Permit, Why};
use crate::site::{CallError, CallErrorKind, Effect, Endpoint, Site};
use crate::values::group::GroupId;
use crate::values::outcome::Outcome;
use crate::values::reason::Reason;
use crate::values::step::{Before, Step, StepKind, Verdict};
use crate::values::user::{AccountId, Lifecycle};

/// Looks at this many steps side by side; the pace holds back what the site would not bear.
const SIDE_BY_SIDE: usize = 32;

/// The organisation's search takes so many ids (organisations description, `accountIds`).
const IDS_A_CALL: usize = 10;

/// The hands for the people of a site.
#[derive(Debug)]
pub struct PeopleHands {
    pub(super) site: Site,
    /// Accounts that were on the site before a create run: a 201 that names one created nobody.
    pub(super) known: HashSet<String>,
    /// Invitations under way.
    pub(super) packs: Packs,
}

impl PeopleHands {
    /// Hands that work on this site; `known` are the journal's known accounts of the run.
    pub fn new(site: Site, known: impl IntoIterator<Item = String>) -> Self {
        Self { site, known: known.into_iter().collect(), packs: Packs::default() }
    }

    async fn send(&self, step: &Step, permit: Permit) -> Result<Performed, CallError> {
        let target = &step.target;
        let done = |change| after_change(step, change);
        Ok(match (step.kind, &target.account, &target.group, &self.site.jira, &self.site.admin) {
            (StepKind::CreateUser, _, _, Some(jira), _) => {
                let mail = target.mail.as_deref().unwrap_or_default();
                let created = jira.create_user(permit, mail, &step.wanted.products).await?;
                Performed::Settled(after_created(step, created, &self.known))
            }
            (StepKind::RemoveUser, Some(account), _, Some(jira), _) => {
                done(jira.remove_user(permit, account).await?)
            }
            (StepKind::AddMember, Some(account), Some(group), Some(jira), _) => {
                done(jira.add_member(permit, group, account).await?)
            }
            (StepKind::RemoveMember, Some(account), Some(group), Some(jira), _) => {
                done(jira.remove_member(permit, group, account).await?)
            }
            (StepKind::Deactivate, Some(account), _, _, Some(admin)) => {
                done(admin.deactivate(permit, account, step.wanted.message.as_deref()).await?)
            }
            (StepKind::Activate, Some(account), _, _, Some(admin)) => {
                done(admin.activate(permit, account).await?)
            }
            _ => return self.send_in_directory(step, permit).await,
        })
    }

    async fn sight(&self, step: &Step) -> Result<Sight, CallError> {
        match step.kind {
            StepKind::CreateUser | StepKind::InviteUser => self.created(step).await,
            StepKind::RemoveUser => self.removed(step).await,
            StepKind::AddMember | StepKind::RemoveMember => self.membership(step).await,
            StepKind::Deactivate | StepKind::Activate => self.account(step).await,
            StepKind::Suspend | StepKind::Restore => self.standing(step).await,
            StepKind::CreateGroup | StepKind::RemoveGroup => self.group(step).await,
        }
    }

    async fn created(&self, step: &Step) -> Result<Sight, CallError> {
        let mail = step.target.mail.as_deref().unwrap_or_default();
        let account = match &step.target.account {
            Some(account) => Some(account.clone()),
            None => self.account_of(mail).await?,
        };
        let Some(account) = account else {
            return Ok(created_sight(step, None, &self.known));
        };
        let Some(jira) = &self.site.jira else {
            return self.created_in_directory(step, &account).await;
        };
        match jira.user(&account).await? {
            Some(user) => Ok(created_sight(step, Some(&user), &self.known)),
            // Whoever is known by their id and not shown is not on the site, whatever else the key
            // may not see.
            None => Ok(Sight::AsBefore { found: "not on the site".into() }),
        }
    }

    /// The account with exactly this mail, as whoever sees most can tell.
    async fn account_of(&self, mail: &str) -> Result<Option<AccountId>, CallError> {
        let found = match (&self.site.admin, &self.site.jira) {
            (Some(admin), _) => admin.users_by_mail(&[mail]).await?,
            (None, Some(jira)) => jira.search_users(mail).await?,
            (None, None) => Vec::new(),
        };
        Ok(found.into_iter().find(|person| mail_is(person, mail)).map(|person| person.id))
    }

    async fn removed(&self, step: &Step) -> Result<Sight, CallError> {
        let (Some(account), Some(jira)) = (&step.target.account, &self.site.jira) else {
            return self.standing(step).await;
        };
        Ok(removed_sight(step, jira.user(account).await?.as_ref()))
    }

    async fn membership(&self, step: &Step) -> Result<Sight, CallError> {
        let (Some(account), Some(jira)) = (&step.target.account, &self.site.jira) else {
            return self.membership_in_directory(step).await;
        };
        let Some(groups) = jira.groups_of(account).await? else {
            return Ok(not_on_the_site(step));
        };
        let user = jira.user(account).await.ok().flatten();
        // No total tells whether the list is whole: somebody counts as no member only if the
        // person's record does not show the group either.
        let is_it = |id: &GroupId| Some(id) == step.target.group.as_ref();
        let is_member = groups.iter().any(|group| is_it(&group.id))
            || user.iter().flat_map(|user| &user.groups).any(|(id, _)| is_it(id));
        let names: Vec<&str> = groups.iter().map(|group| &*group.name).collect();
        let now = match &user {
            Some(user) => facts(user),
            None => format!("groups: {}", some(&names)),
        };
        Ok(membership_sight(step, Some(is_member), Some(&now)))
    }

    async fn account(&self, step: &Step) -> Result<Sight, CallError> {
        let (Some(account), Some(admin)) = (&step.target.account, &self.site.admin) else {
            return Ok(cannot("no organisation key"));
        };
        let profile = admin.profile(account).await?;
        let now = self.now(account).await;
        Ok(account_sight(step, profile.and_then(|person| person.status), now.as_deref()))
    }

    /// The person as Jira shows them now: state, products, groups. Only for people to read: where
    /// it cannot be read, nothing depends on it.
    async fn now(&self, account: &AccountId) -> Option<String> {
        let user = self.site.jira.as_ref()?.user(account).await.ok()??;
        Some(facts(&user))
    }

    /// Memberships of many steps: per group or per person, whichever needs fewer calls.
    async fn memberships(&self, steps: &[Step]) -> Result<Vec<Sight>, NotSent> {
        let mut directory = Directory::default();
        let accounts: BTreeSet<&AccountId> =
            steps.iter().filter_map(|step| step.target.account.as_ref()).collect();
        let accounts: Vec<&AccountId> = accounts.into_iter().collect();
        if self.site.jira.is_none() {
            for account in accounts {
                directory.add_person(Person::new(account.clone()));
            }
        } else if let Some(jira) = &self.site.jira {
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
        lookup::memberships(&self.site, &mut directory, &pairs, &mut |_| {})
            .await
            .map_err(not_looked_up)?;
        Ok(steps.iter().map(|step| membership_seen(step, &directory)).collect())
    }
}

/// A membership of somebody who is not on the site: in no group. Who was seen as a member has left
/// since; for everybody else nothing has been done (the site refuses such a change with 404), and
/// sending again lets the site say so. "Neither" would stay unknown however often it is looked at.
pub(super) fn not_on_the_site(step: &Step) -> Sight {
    match step.before {
        Before::Member(true) => {
            Sight::Otherwise { found: "the user is not on the site any more".into() }
        }
        _ => Sight::AsBefore { found: "the user is not on the site".into() },
    }
}

/// A step's membership in a directory that was just read.
fn membership_seen(step: &Step, directory: &Directory) -> Sight {
    let Some(person) = step.target.account.as_ref().and_then(|id| directory.person_by_id(id))
    else {
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

impl Hands for PeopleHands {
    type Permit = Place;

    fn call(&self, kind: StepKind) -> String {
        self.site.endpoint(kind).to_string()
    }

    fn window(&self, kind: StepKind) -> usize {
        match kind {
            StepKind::InviteUser => INVITED_A_CALL,
            _ => self.site.pacer.snapshot(self.site.endpoint(kind)).window as usize,
        }
    }

    fn blocked(&self, kind: StepKind) -> Option<Blocked> {
        let (until, why) = self.site.pacer.held(self.site.endpoint(kind))?;
        Some(Blocked { until, why: why.words(), announced: why == Why::RetryAfter })
    }

    async fn ready(&self, kind: StepKind) -> Place {
        match kind {
            StepKind::InviteUser => self.packs.seat().await,
            _ => Place::One(self.site.pacer.ready(self.site.endpoint(kind)).await),
        }
    }

    async fn perform(&self, step: &Step, place: Place) -> Performed {
        match place {
            Place::One(permit) => {
                self.send(step, permit).await.unwrap_or_else(|error| after_error(step, error))
            }
            Place::Pack(_seat) => self.invite(step).await,
        }
    }

    async fn read_back(&self, step: &Step) -> Result<Sight, NotSent> {
        match self.sight(step).await {
            Ok(sight) => Ok(sight),
            // An answer that fits no description shows nothing, neither what is nor what was.
            Err(error)
                if matches!(error.kind, CallErrorKind::Credential | CallErrorKind::Odd)
                    || error.passes_by_itself() =>
            {
                Err(not_read(&error))
            }
            Err(error) => Ok(cannot(&error.to_string())),
        }
    }

    async fn look(&self, steps: &[Step]) -> Result<Vec<Sight>, NotSent> {
        let memberships =
            |step: &Step| matches!(step.kind, StepKind::AddMember | StepKind::RemoveMember);
        if steps.iter().all(memberships) {
            return self.memberships(steps).await;
        }
        let looks: Vec<_> = steps.iter().map(|step| self.look_at(step)).collect();
        let sights: Vec<_> = stream::iter(looks).buffered(SIDE_BY_SIDE).collect().await;
        let sights = sights.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.without_administrators(steps, sights).await
    }
}

pub(super) fn cannot(evidence: &str) -> Sight {
    Sight::CannotTell { evidence: evidence.to_owned() }
}

pub(super) fn no_key(endpoint: Endpoint) -> Verdict {
    let detail = format!("the profile has no key for `{endpoint}`");
    Verdict::new(Outcome::Failed, Reason::NotSent, detail)
}

/// What a yes of the site means.
pub(super) fn after_change(step: &Step, change: Change) -> Performed {
    match change {
        Change::Done { status } => {
            let verdict = Verdict::new(Outcome::Changed, Reason::Done, done_words(step));
            Performed::Settled(verdict.with_status(Some(status)))
        }
        Change::AlreadySo { status } => {
            let verdict = Verdict::new(
                Outcome::Unchanged,
                already(step.kind),
                "the site says that it was so already",
            );
            Performed::AlreadySo(verdict.with_status(Some(status)))
        }
    }
}

fn done_words(step: &Step) -> String {
    let (who, which) = (step.target.who(), step.target.which());
    match step.kind {
        StepKind::CreateUser | StepKind::InviteUser => format!("created {who}"),
        StepKind::RemoveUser => format!("took {who} off the site"),
        StepKind::AddMember => format!("added {who} to {which}"),
        StepKind::RemoveMember => format!("removed {who} from {which}"),
        StepKind::Deactivate => format!("deactivated {who}"),
        StepKind::Activate => format!("reactivated {who}"),
        StepKind::Suspend => format!("suspended {who}"),
        StepKind::Restore => format!("restored {who}"),
        StepKind::CreateGroup => format!("created {which}"),
        StepKind::RemoveGroup => format!("deleted {which}"),
    }
}

/// 201 alone is no proof of creation (Jira platform description, `createUser`): only who was
/// surely absent before was created.
pub(super) fn after_created(step: &Step, created: Created, known: &HashSet<String>) -> Verdict {
    let who = step.target.who();
    let was_known = created.account.as_ref().is_some_and(|id| known.contains(id.as_str()));
    let (outcome, reason, detail) = match step.before {
        Before::Absent if !was_known => {
            (Outcome::Changed, Reason::Created, format!("created {who}"))
        }
        Before::Absent => (
            Outcome::Unchanged,
            Reason::AlreadyThere,
            format!("the site said yes, but {who} was there before (with a hidden address)"),
        ),
        Before::Present => (
            Outcome::Changed,
            Reason::Done,
            format!(
                "{who} was there and has been given {}",
                crate::plan::resolve::list(&step.wanted.products)
            ),
        ),
        _ => (
            Outcome::Changed,
            Reason::CreatedOrExisted,
            format!("the site said yes; whether {who} was there before could not be seen"),
        ),
    };
    let verdict = Verdict::new(outcome, reason, detail).with_status(Some(created.status));
    Verdict { account: created.account, ..verdict }
}

/// What a failed call means.
pub(super) fn after_error(step: &Step, error: CallError) -> Performed {
    let words = error.to_string();
    match (&error.kind, error.effect) {
        (CallErrorKind::Credential, _) => Performed::NotSent(NotSent::Credential { words }),
        (CallErrorKind::RateLimited, _) => Performed::NotSent(NotSent::Refused { words }),
        (CallErrorKind::Unreachable | CallErrorKind::Untrusted, _) => {
            Performed::NotSent(NotSent::OutOfReach { words })
        }
        // Refused, but the reason broke off: sent again, it will be told.
        (CallErrorKind::Lost | CallErrorKind::Timeout, Effect::None) => {
            Performed::NotSent(NotSent::OutOfReach { words })
        }
        // 404 may also mean "you may not": the engine reads it back before it believes it.
        (CallErrorKind::NotFound, _)
            if matches!(step.kind, StepKind::RemoveUser | StepKind::RemoveGroup) =>
        {
            let verdict = Verdict::new(Outcome::Unchanged, Reason::AlreadyGone, words);
            Performed::AlreadySo(verdict.with_status(error.status))
        }
        (_, Effect::Unknown) => Performed::Unclear { status: error.status, evidence: words },
        (_, Effect::None) => {
            let (outcome, reason) = refusal(step, &error);
            Performed::Settled(Verdict::new(outcome, reason, words).with_status(error.status))
        }
    }
}

/// The reason of a refusal without effect.
fn refusal(step: &Step, error: &CallError) -> (Outcome, Reason) {
    let reason = match &error.kind {
        CallErrorKind::Licence => Reason::LicenceLimit,
        // The account exists without access and the site refuses to create it again (A-api).
        CallErrorKind::BadRequest if step.kind.creates_user() && step.before == Before::Present => {
            Reason::ExistsWithoutAccess
        }
        CallErrorKind::Forbidden { key: Some(key) } if key.starts_with("externalDirectory") => {
            return (Outcome::Failed, Reason::IdentityProvider);
        }
        CallErrorKind::Forbidden { .. } => Reason::Forbidden,
        CallErrorKind::NotFound
            if matches!(
                error.endpoint,
                Endpoint::AdminAddMember | Endpoint::AdminSuspend | Endpoint::AdminRestore
            ) =>
        {
            Reason::NotInDirectory
        }
        CallErrorKind::NotFound => Reason::NotFound,
        CallErrorKind::Conflict => Reason::Conflict,
        CallErrorKind::Odd => Reason::OddAnswer,
        CallErrorKind::OrgUnclear | CallErrorKind::Unsendable => Reason::NotSent,
        _ => Reason::Refused,
    };
    (Outcome::Failed, reason)
}

/// A reading that could not be done.
pub(super) fn not_read(error: &CallError) -> NotSent {
    let words = error.to_string();
    match error.kind {
        CallErrorKind::Credential => NotSent::Credential { words },
        CallErrorKind::RateLimited => NotSent::Refused { words },
        _ => NotSent::OutOfReach { words },
    }
}

fn not_looked_up(error: lookup::LookupError) -> NotSent {
    match error.call() {
        Some(call) => not_read(call),
        None => NotSent::OutOfReach { words: error.to_string() },
    }
}
