//! The hands for the people of a site: each kind of step as a call, and as a question.
//!
//! What an answer means is decided by pure functions of the answer (`answer`, `sight`); what to do
//! about it is the engine's. Many steps at once are looked at in `look`.

use std::collections::HashSet;

use super::classify::{after_change, after_created, after_made, cannot, not_read, not_sent};

use super::looks::Looks;
use super::observation::{
    account_sight, created_sight, facts, mail_is, membership_sight, removed_sight, some,
};
use super::packs::{Packs, Place};
use super::rules::{describe, rules};
use crate::jobs;
use crate::resolve::Guards;
use crate::steps::{self, Before, Change, Step, StepKind};
use headcount_atlassian::admin::INVITED_A_CALL;
use headcount_atlassian::jira::Jira;
use headcount_atlassian::pace::{Permit, Why};
use headcount_atlassian::{CallError, CallErrorKind, Endpoint, Site};
use headcount_engine::{
    Blocked, Description, Executor, Lane, NotSent, Observation, Performed, Refusal, Rules,
};
use headcount_model::door::{Api, Doors};
use headcount_model::group::GroupId;
use headcount_model::step::{self, Unreadable, Verdict};
use headcount_model::user::AccountId;

/// The hands for the people of a site.
#[derive(Debug)]
pub struct PeopleExecutor {
    pub(super) site: Site,
    /// The doors that are open. A step goes through its own alone.
    pub(super) doors: Doors,
    /// Accounts that were on the site before a create run: a 201 that names one created nobody.
    pub(super) known: HashSet<String>,
    /// Invitations under way.
    pub(super) packs: Packs,
    /// What was looked at before sending.
    pub(super) looks: Looks,
    /// The guards of now, and whether the plan's look-up saw every address; only for a plan that waited.
    guards: Option<(Guards, bool)>,
}

impl PeopleExecutor {
    /// Executor that work on this site, through these doors; `known` are the journal's known accounts of
    /// the run.
    pub fn new(site: Site, doors: Doors, known: impl IntoIterator<Item = String>) -> Self {
        Self {
            site,
            doors,
            known: known.into_iter().collect(),
            packs: Packs::default(),
            looks: Looks::default(),
            guards: None,
        }
    }

    /// Asks these guards once more of each step: the plan waited, and they may have changed.
    /// `saw_every_mail`: what the plan's look-up claimed ([`saw_every_mail`](crate::plan::saw_every_mail)).
    pub fn guarded(self, guards: Guards, saw_every_mail: bool) -> Self {
        Self { guards: Some((guards, saw_every_mail)), ..self }
    }

    /// The API that a step goes through; or why it cannot: its door is not recorded, or the credentials
    /// lead elsewhere. Whoever starts a run has checked that before; here it is made sure of.
    pub(super) fn api(&self, step: &Step) -> Result<Api, String> {
        let planned = step.door.as_ref().ok_or("the plan does not record its API")?;
        match steps::door(&self.doors, step.payload.kind) {
            Ok(open) if open == planned => Ok(planned.api()),
            Ok(open) => {
                Err(format!("it was planned for {planned}, the credentials lead to {open}"))
            }
            Err(_) => Err(format!("it was planned for {planned}, which no credential opens")),
        }
    }

    /// The call of a kind of step through the door that is open for it.
    pub(super) fn endpoint(&self, kind: StepKind) -> Option<Endpoint> {
        steps::of(kind).call(steps::door(&self.doors, kind).ok()?.api())
    }

    fn endpoint_of(&self, lane: Lane) -> Option<Endpoint> {
        self.endpoint(StepKind::from_word(lane.0)?)
    }

    async fn send(&self, step: &Step, permit: Permit) -> Result<Performed, CallError> {
        match &step.payload.target.group {
            Some(group) if step.payload.kind == StepKind::RemoveGroup => {
                self.delete_group(step, group, permit).await
            }
            _ => self.send_at_once(step, permit).await,
        }
    }

    /// Sends a step through its own door.
    pub(super) async fn send_at_once(
        &self,
        step: &Step,
        permit: Permit,
    ) -> Result<Performed, CallError> {
        match self.api(step) {
            Ok(Api::Jira) => self.send_to_jira(step, permit).await,
            Ok(Api::Directory) => self.send_to_directory(step, permit).await,
            Ok(Api::Accounts) => self.send_to_accounts(step, permit).await,
            // Invitations travel in packs.
            Ok(Api::Invitations) => Ok(not_sent("it is no invitation")),
            Err(why) => Ok(not_sent(&why)),
        }
    }

    async fn create_user(
        &self,
        jira: &Jira,
        step: &Step,
        permit: Permit,
    ) -> Result<Performed, CallError> {
        let mail = step.payload.target.mail.as_deref().unwrap_or_default();
        let mut created = jira.create_user(permit, mail, &step.payload.wanted.products).await?;
        if created.account.is_none() {
            // Where the answer does not name the account and no index shows it yet, what waits for it
            // is not sent.
            created.account = self.account_of(mail).await.ok().flatten();
        }
        Ok(self.after_given(step, after_created(step, created, &self.known)).await)
    }

    async fn send_to_jira(&self, step: &Step, permit: Permit) -> Result<Performed, CallError> {
        let Some(jira) = &self.site.jira else { return Ok(not_sent("there is no API token")) };
        let target = &step.payload.target;
        let done = |change| after_change(step, change);
        match (step.payload.kind, &target.account, &target.group) {
            (StepKind::CreateUser, ..) => self.create_user(jira, step, permit).await,
            (StepKind::RemoveUser, Some(account), _) => {
                Ok(done(jira.remove_user(permit, account).await?))
            }
            (StepKind::AddMember, Some(account), Some(group)) => {
                Ok(done(jira.add_member(permit, group, account).await?))
            }
            (StepKind::RemoveMember, Some(account), Some(group)) => {
                Ok(done(jira.remove_member(permit, group, account).await?))
            }
            (StepKind::CreateGroup, ..) => {
                let name = target.group_name.as_deref().unwrap_or_default();
                match after_made(step, jira.create_group(permit, name).await?, None) {
                    // The look-up by name wants its very case, the creation does not.
                    Performed::AlreadySo(verdict) if written_otherwise(jira, name).await => {
                        Ok(Performed::Settled(verdict))
                    }
                    performed => Ok(performed),
                }
            }
            (StepKind::RemoveGroup, _, Some(group)) => {
                Ok(done(jira.remove_group(permit, group).await?))
            }
            (
                StepKind::RemoveUser
                | StepKind::AddMember
                | StepKind::RemoveMember
                | StepKind::RemoveGroup,
                ..,
            ) => Ok(not_sent("the plan does not name the account or the group")),
            (
                StepKind::InviteUser
                | StepKind::Deactivate
                | StepKind::Activate
                | StepKind::Suspend
                | StepKind::Restore,
                ..,
            ) => Ok(not_sent("Jira has no call for it")),
        }
    }

    async fn send_to_accounts(&self, step: &Step, permit: Permit) -> Result<Performed, CallError> {
        let (Some(admin), Some(account)) = (&self.site.admin, &step.payload.target.account) else {
            return Ok(not_sent("there is no organization API key, or no account"));
        };
        let done = |change| after_change(step, change);
        match step.payload.kind {
            StepKind::Deactivate => {
                let message = step.payload.wanted.message.as_deref();
                Ok(done(admin.deactivate(permit, account, message).await?))
            }
            StepKind::Activate => Ok(done(admin.activate(permit, account).await?)),
            StepKind::CreateUser
            | StepKind::InviteUser
            | StepKind::RemoveUser
            | StepKind::AddMember
            | StepKind::RemoveMember
            | StepKind::Suspend
            | StepKind::Restore
            | StepKind::CreateGroup
            | StepKind::RemoveGroup => Ok(not_sent("user management has no call for it")),
        }
    }

    /// What the site shows of a step, read where its change is sent.
    pub(super) async fn sight(&self, step: &Step) -> Result<Observation, CallError> {
        let api = match self.api(step) {
            Ok(api) => api,
            Err(why) => return Ok(cannot(&why)),
        };
        let by_jira = match api {
            Api::Jira => true,
            Api::Directory | Api::Invitations | Api::Accounts => false,
        };
        match step.payload.kind {
            StepKind::CreateUser | StepKind::InviteUser => self.created(step).await,
            StepKind::Deactivate | StepKind::Activate => self.account(step).await,
            StepKind::Suspend | StepKind::Restore => self.standing(step).await,
            StepKind::RemoveUser if by_jira => self.removed(step).await,
            StepKind::RemoveUser => self.standing(step).await,
            StepKind::AddMember | StepKind::RemoveMember if by_jira => self.membership(step).await,
            StepKind::AddMember | StepKind::RemoveMember => {
                self.membership_in_directory(step).await
            }
            StepKind::CreateGroup | StepKind::RemoveGroup if by_jira => {
                self.group_in_jira(step).await
            }
            StepKind::CreateGroup | StepKind::RemoveGroup => self.group_in_directory(step).await,
        }
    }

    async fn created(&self, step: &Step) -> Result<Observation, CallError> {
        let mail = step.payload.target.mail.as_deref().unwrap_or_default();
        let account = match &step.payload.target.account {
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
            None => Ok(Observation::AsBefore { found: "not on the site".into() }),
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

    async fn removed(&self, step: &Step) -> Result<Observation, CallError> {
        let (Some(account), Some(jira)) = (&step.payload.target.account, &self.site.jira) else {
            return Ok(cannot("no API token"));
        };
        Ok(removed_sight(step, jira.user(account).await?.as_ref()))
    }

    async fn membership(&self, step: &Step) -> Result<Observation, CallError> {
        let (Some(account), Some(jira)) = (&step.payload.target.account, &self.site.jira) else {
            return Ok(cannot("no API token"));
        };
        let Some(groups) = jira.groups_of(account).await? else {
            return Ok(not_on_the_site(step));
        };
        let user = jira.user(account).await;
        // No total tells whether the list is whole: somebody counts as no member only if the
        // person's record does not show the group either.
        let is_it = |id: &GroupId| Some(id) == step.payload.target.group.as_ref();
        let is_member = groups.iter().any(|group| is_it(&group.id))
            || user.iter().flatten().flat_map(|user| &user.groups).any(|(id, _)| is_it(id));
        // An empty list may be an answer to something else: without the record it shows nothing.
        let user = match user {
            Ok(user) => user,
            Err(_) if is_member => None,
            Err(error) => return Err(error),
        };
        let names: Vec<&str> = groups.iter().map(|group| &*group.name).collect();
        let now = match &user {
            Some(user) => facts(user),
            None => format!("groups: {}", some(&names)),
        };
        Ok(membership_sight(step, Some(is_member), Some(&now)))
    }

    async fn account(&self, step: &Step) -> Result<Observation, CallError> {
        let (Some(account), Some(admin)) = (&step.payload.target.account, &self.site.admin) else {
            return Ok(cannot("no organization key"));
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
}

/// Whether a group of this name is there whose letters are of another case.
async fn written_otherwise(jira: &Jira, name: &str) -> bool {
    let shown = jira.suggest_groups(name).await.unwrap_or_default();
    let is_it = |theirs: &str| theirs != name && theirs.to_lowercase() == name.to_lowercase();
    shown.iter().any(|group| is_it(&group.name))
}

/// A membership of a user who is not on the site: in no group. One who was seen as a member has left
/// since, which is what a removal wants; for everybody else nothing has been done (the site refuses such a change with 404), and
/// sending again lets the site say so. "Neither" would stay unknown however often it is looked at.
pub(super) fn not_on_the_site(step: &Step) -> Observation {
    match step.payload.before {
        // In no group, whoever saw to it.
        _ if step.payload.kind == StepKind::RemoveMember => {
            Observation::AsWanted { found: "the user is not on the site".into(), named: None }
        }
        Before::Member(true) => {
            Observation::Otherwise { found: "the user is not on the site any more".into() }
        }
        _ => Observation::AsBefore { found: "the user is not on the site".into() },
    }
}

impl Executor for PeopleExecutor {
    type Payload = Change;
    type Permit = Place;

    fn read(&self, step: step::Step) -> Result<Step, Unreadable> {
        steps::read(step)
    }

    fn lane(&self, step: &Step) -> Lane {
        Lane(step.payload.kind.word())
    }

    fn call(&self, lane: Lane) -> String {
        self.endpoint_of(lane).map(|endpoint| endpoint.to_string()).unwrap_or_default()
    }

    fn window(&self, lane: Lane) -> usize {
        match self.endpoint_of(lane) {
            Some(Endpoint::AdminInvite) => INVITED_A_CALL,
            Some(endpoint) => self.site.pacer.snapshot(endpoint).window as usize,
            None => 1,
        }
    }

    fn blocked(&self, lane: Lane) -> Option<Blocked> {
        let (until, why) = self.site.pacer.held(self.endpoint_of(lane)?)?;
        Some(Blocked { until, why: why.words(), announced: why == Why::RetryAfter })
    }

    async fn ready(&self, lane: Lane) -> Place {
        match self.endpoint_of(lane) {
            Some(Endpoint::AdminInvite) => self.packs.seat().await,
            Some(endpoint) => Place::One(self.site.pacer.ready(endpoint).await),
            None => Place::None,
        }
    }

    async fn perform(&self, step: &Step, place: Place) -> Performed {
        let performed = match place {
            Place::One(permit) => match self.send(step, permit).await {
                Ok(performed) => performed,
                Err(error) => self.after_failure(step, error).await,
            },
            Place::Pack(_seat) => match self.api(step) {
                Ok(_) => self.invite(step).await,
                Err(why) => not_sent(&why),
            },
            Place::None => not_sent("no credential of the profile opens an API for it"),
        };
        self.looks.note(step, &performed);
        performed
    }

    async fn observe(&self, step: &Step) -> Result<Observation, NotSent> {
        match self.sight(step).await {
            Ok(sight) => Ok(sight),
            Err(error) if self.site.fails_for_this_alone(&error).await => {
                Ok(Observation::Unreadable { evidence: error.to_string() })
            }
            // An answer that fits no description shows nothing, neither what is nor what was.
            Err(error)
                if matches!(
                    error.kind,
                    CallErrorKind::Credential | CallErrorKind::Odd | CallErrorKind::Redirected
                ) || error.passes_by_itself() =>
            {
                Err(not_read(&error))
            }
            Err(error) => Ok(cannot(&error.to_string())),
        }
    }

    fn expect(&self, steps: &[Step]) {
        self.looks.expect(steps);
    }

    async fn observe_many(&self, steps: &[Step]) -> Result<Vec<Observation>, NotSent> {
        self.look_at_all(steps).await
    }

    fn guard(&self, step: &Step) -> Option<Refusal> {
        let (guards, saw_every_mail) = self.guards.as_ref()?;
        let touches = steps::of(step.payload.kind).guards.map(|job| jobs::of(job).touches());
        let no = guards.step(touches, step, *saw_every_mail)?;
        Some(Refusal { reason: no.reason, detail: no.detail })
    }

    fn rules(&self, step: &Step) -> Rules {
        rules(step)
    }

    fn named(&self, step: &Step, verdict: &Verdict) -> Step {
        let mut step = step.clone();
        if let Some(named) = &verdict.named {
            step.payload.name(named);
        }
        step
    }

    fn describe(&self, steps: &[&Step]) -> Description {
        describe(steps)
    }
}
