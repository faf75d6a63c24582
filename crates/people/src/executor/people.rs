//! The executor for a site's users and groups. A step's [`KindSpec`](crate::steps::KindSpec) says how it is sent and
//! observed; the engine decides about the results. `observe_many` reads many steps at once.

use std::collections::HashSet;

use super::membership_lists::Looks;
use super::packs::{Packs, Place};
use super::since_plan::GroupsNow;
use crate::jobs;
use crate::resolve::Guards;
use crate::steps::{
    self, Before, Change, Looking, Means, NotFound, Send, SendError, Sends, Step, StepKind, Way,
    cannot, not_read, not_sent,
};
use headcount_atlassian::admin::INVITED_A_CALL;
use headcount_atlassian::pace::{Permit, Why};
use headcount_atlassian::{CallError, CallErrorKind, Site};
use headcount_engine::{
    Blocked, Description, Executor, Lane, NotSent, Observation, Performed, Refusal, Rules,
};
use headcount_model::clock::SiteTime;
use headcount_model::door::{Api, Doors};
use headcount_model::reason::Reason;
use headcount_model::step::{self, Unreadable, Verdict};

/// Sends and observes the steps for a site's users and groups.
#[derive(Debug)]
pub struct PeopleExecutor {
    pub(super) site: Site,
    /// The open doors. A step only goes through its own door.
    pub(super) doors: Doors,
    /// Accounts that were on the site before a run that creates users: a 201 that names one of them created no user.
    pub(super) known: HashSet<String>,
    /// Steps that share invitation requests.
    pub(super) packs: Packs,
    /// Memberships that were read before sending.
    pub(super) looks: Looks,
    /// Groups that were read before sending.
    pub(super) groups: GroupsNow,
    /// Today's guards, and whether the plan's lookups saw every email; only for a plan that waited.
    guards: Option<(Guards, bool)>,
}

impl PeopleExecutor {
    /// An executor for this site and these doors. `known` are the accounts that the journal lists as known before the
    /// run.
    pub fn new(site: Site, doors: Doors, known: impl IntoIterator<Item = String>) -> Self {
        Self {
            site,
            doors,
            known: known.into_iter().collect(),
            packs: Packs::default(),
            looks: Looks::default(),
            groups: GroupsNow::default(),
            guards: None,
        }
    }

    /// Checks each step with these guards again, because the plan waited and they may have changed. `saw_every_mail` is
    /// the plan's own statement ([`saw_every_mail`](crate::plan::saw_every_mail)).
    pub fn guarded(self, guards: Guards, saw_every_mail: bool) -> Self {
        Self { guards: Some((guards, saw_every_mail)), ..self }
    }

    /// Whether the plan waited before it is sent.
    pub(super) fn plan_waited(&self) -> bool {
        self.guards.is_some()
    }

    /// The API that a step goes through, or why it cannot: its door is not recorded, or the credentials open another
    /// one. The start of a run checks this for the whole plan; here it is checked again for each step.
    pub(super) fn api(&self, step: &Step) -> Result<Api, String> {
        let planned = step.door.as_ref().ok_or("the plan does not record its API")?;
        match steps::door(&self.doors, step.payload.kind) {
            Ok(open) if open == planned => Ok(planned.api()),
            Ok(open) => {
                Err(format!("it was planned for {planned}, but the credentials are for {open}"))
            }
            Err(_) => Err(format!("it was planned for {planned}, but no credential is for that")),
        }
    }

    /// How a step goes through its door, or why it cannot.
    pub(super) fn way(&self, step: &Step) -> Result<&'static Way, String> {
        let api = self.api(step)?;
        let way = steps::of(step.payload.kind).way(api);
        way.ok_or_else(|| "the planned API cannot do this".to_owned())
    }

    /// How the steps of a lane go through their open door.
    fn way_of(&self, lane: Lane) -> Option<&'static Way> {
        let kind = StepKind::from_word(lane.0)?;
        steps::of(kind).way(steps::door(&self.doors, kind).ok()?.api())
    }

    pub(super) fn means(&self, step: &Step) -> Means<'_> {
        Means { site: &self.site, known: &self.known, spec: steps::of(step.payload.kind) }
    }

    /// Sends a step through its door.
    async fn send(&self, step: &Step, place: Place) -> Performed {
        let way = match self.way(step) {
            Ok(way) => way,
            Err(why) => return not_sent(&why),
        };
        let sent = match (place, &way.sends) {
            (Place::One(permit), Sends::Alone(send)) => send(self.means(step), step, permit).await,
            (Place::One(permit), Sends::AfterLook { look, send }) => {
                self.look_and_send(step, permit, *look, *send).await
            }
            (Place::Pack(_seat), Sends::InPacks(_)) => return self.invite(step).await,
            (Place::One(_), Sends::InPacks(_))
            | (Place::Pack(_), Sends::Alone(_) | Sends::AfterLook { .. }) => {
                return not_sent("internal error: wrong API");
            }
            (Place::None, Sends::Alone(_) | Sends::AfterLook { .. } | Sends::InPacks(_)) => {
                return not_sent("no credential of the profile can do this");
            }
        };
        match sent {
            Ok(performed) | Err(SendError::Unsent(performed)) => performed,
            Err(SendError::Impossible(why)) => not_sent(why),
            Err(SendError::Call(error)) => self.after_failure(step, error).await,
        }
    }

    /// Reads first, then sends. The read does not hold the permit, which is taken again for the change.
    async fn look_and_send(
        &self,
        step: &Step,
        permit: Permit,
        look: for<'a> fn(Means<'a>, &'a Step) -> Looking<'a>,
        send: Send,
    ) -> Result<Performed, SendError> {
        let endpoint = permit.endpoint();
        drop(permit);
        if let Some(performed) = look(self.means(step), step).await? {
            return Ok(performed);
        }
        let permit = self.site.place(endpoint).await?;
        send(self.means(step), step, permit).await
    }

    /// What the site shows about a step, read through the step's own door.
    pub(super) async fn sight(&self, step: &Step) -> Result<Observation, CallError> {
        match self.way(step) {
            Ok(way) => (way.observe)(self.means(step), step).await,
            Err(why) => Ok(cannot(&why)),
        }
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
        self.way_of(lane).map(|way| way.call.to_string()).unwrap_or_default()
    }

    fn site_time(&self) -> Option<SiteTime> {
        self.site.clock.now()
    }

    fn window(&self, lane: Lane) -> usize {
        match self.way_of(lane) {
            Some(Way { sends: Sends::InPacks(_), .. }) => INVITED_A_CALL,
            Some(Way { call, .. }) => self.site.pacer.snapshot(*call).window as usize,
            None => 1,
        }
    }

    fn blocked(&self, lane: Lane) -> Option<Blocked> {
        let (until, why) = self.site.pacer.held(self.way_of(lane)?.call)?;
        Some(Blocked { until, why: why.words(), announced: why == Why::RetryAfter })
    }

    async fn ready(&self, lane: Lane) -> Place {
        match self.way_of(lane) {
            Some(Way { sends: Sends::InPacks(_), .. }) => self.packs.seat().await,
            Some(Way { call, .. }) => Place::One(self.site.pacer.ready(*call).await),
            None => Place::None,
        }
    }

    async fn perform(&self, step: &Step, place: Place) -> Performed {
        let performed = self.send(step, place).await;
        self.looks.note(step, &performed);
        performed
    }

    async fn observe(&self, step: &Step) -> Result<Observation, NotSent> {
        match self.sight(step).await {
            Ok(sight) => Ok(sight),
            Err(error) if self.site.fails_for_this_alone(&error).await => {
                Ok(Observation::Unreadable { evidence: error.to_string() })
            }
            // An answer that fits no description shows nothing about the state.
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

/// The rules by which the engine decides about a step of this kind. Pure.
fn rules(step: &Step) -> Rules {
    let spec = steps::of(step.payload.kind);
    let unseen = step.payload.before == Before::Unseen;
    let waited = spec.waited_for_its_user(step);
    Rules {
        already: spec.already,
        // A user who exists now, and could not be read before, may have existed before.
        applied: match spec.creates_user && unseen {
            true => Reason::CreatedOrExisted,
            false => Reason::DoneNoResponse,
        },
        // A new user joins a group that gives access to an app together with the app. So if the answer was lost, the
        // creation may have made the user a member. In both cases this run made the change.
        or_otherwise: match waited && !unseen {
            true => " (by this request or by the new user's product)",
            false => "",
        },
        // A site that lags may still show the deletion, which looks like a deactivated account.
        before_unseen: unseen || steps::follows_cancellation(step),
        // A creation is never repeated to learn the state, because each one emails the user.
        tells_when_repeated: !spec.creates_user,
        sent_unread: spec.membership().is_some(),
        // If the user turns out to exist already, the user's memberships are unknown.
        observed_when_released: (waited && unseen) || steps::waits_for_address(step),
        denied: match spec.not_found {
            NotFound::Gone { denied } => denied,
            NotFound::Refused => None,
        },
        read_back: spec.read_back,
        // Jira answers 201 also for a user who exists.
        contested: spec.creates_user.then_some(Reason::CreatedOrExisted),
    }
}

/// Describes the steps of a row. Pure.
fn describe(steps: &[&Step]) -> Description {
    let subject =
        steps.first().map(|step| step.payload.target.who().to_owned()).unwrap_or_default();
    Description { subject, wanted: wanted_of(steps) }
}

/// The wanted state of a row's steps, in one sentence that names the user once.
fn wanted_of(steps: &[&Step]) -> String {
    let words = steps.iter().enumerate().map(|(at, step)| {
        let spec = steps::of(step.payload.kind);
        let words = if at == 0 { spec.wanted } else { spec.also_wanted };
        words(step)
    });
    words.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{Target, Wanted};
    use headcount_model::step::StepState;

    fn step(kind: StepKind, before: Before, needs: Option<u64>) -> Step {
        Step {
            number: 1,
            row: 1,
            kind: kind.word().into(),
            door: None,
            payload: Change { kind, target: Target::default(), before, wanted: Wanted::default() },
            unseen: false,
            given: None,
            named: None,
            attempts: 1,
            unclear: 0,
            sent_by: None,
            needs,
            state: StepState::Started,
        }
    }

    /// Only creations email their users, so only they are never repeated to learn the state; and a user who could not
    /// be read before may have existed.
    #[test]
    fn creations_alone_are_not_repeated_and_may_have_existed() {
        for kind in StepKind::ALL {
            let unseen = rules(&step(kind, Before::Unseen, None));
            let creates = matches!(kind, StepKind::CreateUser | StepKind::InviteUser);
            assert_eq!(unseen.tells_when_repeated, !creates, "{kind:?}");
            assert!(unseen.before_unseen);
            let applied = match creates {
                true => Reason::CreatedOrExisted,
                false => Reason::DoneNoResponse,
            };
            assert_eq!(unseen.applied, applied, "{kind:?}");
            let seen = rules(&step(kind, Before::Absent, None));
            assert_eq!((seen.applied, seen.before_unseen), (Reason::DoneNoResponse, false));
        }
    }

    /// A step with a guard that depends on the state is never sent unread.
    #[test]
    fn memberships_alone_are_sent_unread() {
        for kind in StepKind::ALL {
            let is = matches!(kind, StepKind::AddMember | StepKind::RemoveMember);
            assert_eq!(rules(&step(kind, Before::Present, None)).sent_unread, is, "{kind:?}");
        }
    }

    #[test]
    fn a_new_users_membership_may_have_come_with_their_product() {
        let waited = rules(&step(StepKind::AddMember, Before::Member(false), Some(1)));
        assert_eq!(waited.or_otherwise, " (by this request or by the new user's product)");
        assert!(!waited.observed_when_released);
        assert!(rules(&step(StepKind::AddMember, Before::Unseen, Some(1))).observed_when_released);
        let alone = rules(&step(StepKind::AddMember, Before::Member(false), None));
        assert_eq!(alone.or_otherwise, "");
    }
}
