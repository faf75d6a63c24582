//! The executor of the users of a site. How a kind of step is sent and observed is in its
//! [`KindSpec`](crate::steps::KindSpec); what to do about what is found is the engine's. Many steps at
//! once are looked at in `look`.

use std::collections::HashSet;

use super::membership_lists::Looks;
use super::packs::{Packs, Place};
use super::rules::{describe, rules};
use crate::jobs;
use crate::resolve::Guards;
use crate::steps::{
    self, Change, Looking, Means, Send, SendError, Sends, Step, StepKind, Way, cannot, not_read,
    not_sent,
};
use headcount_atlassian::admin::INVITED_A_CALL;
use headcount_atlassian::pace::{Permit, Why};
use headcount_atlassian::{CallError, CallErrorKind, Site};
use headcount_engine::{
    Blocked, Description, Executor, Lane, NotSent, Observation, Performed, Refusal, Rules,
};
use headcount_model::clock::SiteTime;
use headcount_model::door::{Api, Doors};
use headcount_model::step::{self, Unreadable, Verdict};

/// Performs and observes the steps of a site's users.
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
                Err(format!("it was planned for {planned}, but the credentials are for {open}"))
            }
            Err(_) => Err(format!("it was planned for {planned}, but no credential is for that")),
        }
    }

    /// How a step goes through its door; or why it cannot.
    pub(super) fn way(&self, step: &Step) -> Result<&'static Way, String> {
        let api = self.api(step)?;
        let way = steps::of(step.payload.kind).way(api);
        way.ok_or_else(|| "the planned API cannot do this".to_owned())
    }

    /// How the steps of a lane go through the door that is open for them.
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

    /// Looks first, without the place, which is taken again for the change.
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

    /// What the site shows of a step, read where its change is sent.
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
