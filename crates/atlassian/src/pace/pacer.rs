//! The paces of all endpoints, shared between tasks.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::backoff::Jitter;
use super::signals::{Decision, Hold, Said, Ticket, Why};
use super::state::Pace;
use crate::endpoint::{Endpoint, Lane};

/// The user's settings of the pace. The defaults are low.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaceSettings {
    /// The most open requests, instead of the defaults (32 to Jira; 4 changes and 8 reads to the admin APIs).
    pub concurrency: Option<u32>,
    /// The most requests per second, over all endpoints.
    pub rate: Option<f64>,
    /// The seed of the jitter; the same seed gives the same waits.
    pub seed: u64,
}

/// Whether a request may start.
#[derive(Debug)]
pub enum Grant {
    /// It may start.
    Now(Permit),
    /// It may not start before this moment.
    At(Instant, Why),
    /// It may not start before an open request has ended: see [`Pacer::freed`].
    Full,
}

/// The state of an endpoint, for estimates and charts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapshot {
    /// The number of open requests.
    pub in_flight: u32,
    /// How many requests may be open.
    pub window: u32,
    /// The learned ceiling, in requests per second.
    pub ceiling: Option<f64>,
    /// The latency of the last answer.
    pub latency: Option<Duration>,
    /// The end of the endpoint's pause.
    pub quiet_until: Option<Instant>,
}

/// Lets requests through, per endpoint. Cheap to clone; clones share one state.
#[derive(Clone)]
pub struct Pacer(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    freed: Notify,
    /// Called for each announced wait.
    told: OnceLock<Box<OnHold>>,
}

type OnHold = dyn Fn(Endpoint, &Hold) + Send + Sync;

/// headcount's own waits are reported from this length on.
const WORTH_A_WORD: Duration = Duration::from_secs(2);

struct State {
    paces: HashMap<Endpoint, Pace>,
    in_flight: [u32; Lane::COUNT],
    settings: PaceSettings,
    own_next: Option<Instant>,
    jitter: Jitter,
}

impl Pacer {
    /// A pacer that has learned nothing yet.
    pub fn new(settings: PaceSettings) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(State {
                paces: HashMap::new(),
                in_flight: [0; Lane::COUNT],
                settings,
                own_next: None,
                jitter: Jitter::new(settings.seed),
            }),
            freed: Notify::new(),
            told: OnceLock::new(),
        }))
    }

    /// Whether a request may start on this endpoint. Never waits.
    pub fn try_start(&self, endpoint: Endpoint) -> Grant {
        let now = Instant::now();
        match self.lock().try_start(endpoint, now) {
            Decision::Now(ticket) => {
                Grant::Now(Permit { pacer: self.clone(), endpoint, ticket: Some(ticket) })
            }
            Decision::At(until, why) => Grant::At(until, why),
            Decision::Full => Grant::Full,
        }
    }

    /// Waits until a request may start on this endpoint, without a limit.
    pub async fn ready(&self, endpoint: Endpoint) -> Permit {
        loop {
            if let Ok(permit) = self.ready_unless(endpoint, |_| false).await {
                return permit;
            }
        }
    }

    /// The same, but returns `Err` as soon as the endpoint has to wait for longer than the limits allow. The
    /// answer to another request may cause that at any time.
    pub async fn ready_unless(
        &self,
        endpoint: Endpoint,
        is_too_long: impl Fn(Duration) -> bool,
    ) -> Result<Permit, (Instant, Why)> {
        loop {
            let freed = self.freed();
            tokio::pin!(freed);
            freed.as_mut().enable();
            match self.try_start(endpoint) {
                Grant::Now(permit) => return Ok(permit),
                Grant::At(until, why)
                    if is_too_long(until.saturating_duration_since(Instant::now())) =>
                {
                    return Err((until, why));
                }
                Grant::At(until, _) => tokio::time::sleep_until(until).await,
                Grant::Full => freed.await,
            }
        }
    }

    /// Resolves when a request has ended. Create it (and `enable` it) before [`try_start`](Self::try_start), or an
    /// end in between is missed.
    fn freed(&self) -> tokio::sync::futures::Notified<'_> {
        self.0.freed.notified()
    }

    /// The end of a wait that the site asked for on this endpoint.
    pub fn held(&self, endpoint: Endpoint) -> Option<(Instant, Why)> {
        self.lock().paces.get(&endpoint).and_then(|pace| pace.held(Instant::now()))
    }

    /// Sends nothing more on this endpoint until the wait that the site has just asked for is over. The answer's
    /// other signals are reported when the permit is returned.
    pub fn hold(&self, endpoint: Endpoint, wait: Duration, reason: Option<String>) {
        self.hold_until(endpoint, Instant::now() + wait);
        self.tell(endpoint, &Hold { wait, why: Why::RetryAfter, reason });
    }

    fn tell(&self, endpoint: Endpoint, hold: &Hold) {
        if let Some(told) = self.0.told.get() {
            told(endpoint, hold);
        }
    }

    /// Sends nothing on this endpoint before then, even if this process has not sent anything there yet.
    pub fn hold_until(&self, endpoint: Endpoint, until: Instant) {
        let mut state = self.lock();
        let fresh = state.fresh(endpoint);
        state.paces.entry(endpoint).or_insert(fresh).hold(until);
    }

    /// Reports each announced wait as soon as its head has arrived, before anything else is done with the answer,
    /// and each longer wait of headcount's own. Only the first call sets the callback.
    pub fn on_hold(&self, tell: impl Fn(Endpoint, &Hold) + Send + Sync + 'static) {
        let _ = self.0.told.set(Box::new(tell));
    }

    /// The state of the endpoint.
    pub fn snapshot(&self, endpoint: Endpoint) -> Snapshot {
        let now = Instant::now();
        let state = self.lock();
        let fresh;
        let pace = match state.paces.get(&endpoint) {
            Some(pace) => pace,
            None => {
                fresh = state.fresh(endpoint);
                &fresh
            }
        };
        Snapshot {
            in_flight: pace.in_flight(),
            window: pace.window(),
            ceiling: pace.ceiling(now),
            latency: pace.latency(),
            quiet_until: pace.held(now).map(|(until, _)| until),
        }
    }

    /// How many requests may be open on a lane.
    pub fn most(&self, lane: Lane) -> u32 {
        self.lock().most(lane)
    }

    /// The wait of a read that has failed for another reason than the rate.
    pub(crate) fn stretch(&self, wait: Duration, share: f64) -> Duration {
        self.lock().jitter.stretch(wait, share)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is plain numbers, so a thread that panicked cannot have left it in a harmful state.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pacer")
    }
}

impl State {
    fn most(&self, lane: Lane) -> u32 {
        self.settings.concurrency.unwrap_or(match lane {
            Lane::Jira => 32,
            Lane::AdminChange => 4,
            Lane::AdminRead => 8,
        })
    }

    fn fresh(&self, endpoint: Endpoint) -> Pace {
        Pace::new(self.most(endpoint.lane()), self.settings.concurrency.is_some())
    }

    fn try_start(&mut self, endpoint: Endpoint, now: Instant) -> Decision {
        let lane = endpoint.lane();
        let most = self.most(lane);
        let eager = self.settings.concurrency.is_some();
        let pace = self.paces.entry(endpoint).or_insert_with(|| Pace::new(most, eager));
        if let Some((until, why)) = pace.held(now) {
            return Decision::At(until, why);
        }
        if self.in_flight[lane.index()] >= most {
            return Decision::Full;
        }
        if let Some(next) = self.own_next.filter(|&next| now < next) {
            return Decision::At(next, Why::Own);
        }
        let decision = pace.try_start(now);
        if let Decision::Now(_) = decision {
            self.in_flight[lane.index()] += 1;
            if let Some(rate) = self.settings.rate.filter(|rate| *rate > 0.0) {
                let gap = Duration::from_secs_f64(1.0 / rate);
                // A late wake-up may be made up for, but only by a little.
                let from = self.own_next.map_or(now, |next| next.max(now - gap));
                self.own_next = Some(from + gap);
            }
        }
        decision
    }

    /// Takes an answer's signal. Returns a wait of headcount's own that begins with it and is worth reporting.
    fn finished(&mut self, endpoint: Endpoint, ticket: Ticket, said: Said) -> Option<Hold> {
        let lane = endpoint.lane().index();
        self.in_flight[lane] = self.in_flight[lane].saturating_sub(1);
        let (now, pace) = (Instant::now(), self.paces.get_mut(&endpoint)?);
        let before = pace.held(now);
        pace.finished(now, ticket, said, &mut self.jitter);
        let (until, why) = pace.held(now).filter(|after| before != Some(*after))?;
        let is_own = match why {
            Why::Backoff | Why::Failing => true,
            Why::RetryAfter | Why::Learnt | Why::Own => false,
        };
        let wait = until - now;
        (is_own && wait >= WORTH_A_WORD).then_some(Hold { wait, why, reason: None })
    }
}

/// The permit to send one request now. It is returned together with the answer's signal; a dropped permit counts
/// as never sent.
#[derive(Debug)]
pub struct Permit {
    pacer: Pacer,
    endpoint: Endpoint,
    ticket: Option<Ticket>,
}

impl Permit {
    /// The endpoint that it is for.
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// Whether the site has asked for a wait since this permit was given.
    pub fn held(&self) -> Option<(Instant, Why)> {
        self.pacer.held(self.endpoint)
    }

    /// Returns the permit with the result.
    pub fn finish(mut self, said: Said) {
        self.give_back(said);
    }

    fn give_back(&mut self, said: Said) {
        if let Some(ticket) = self.ticket.take() {
            let own = self.pacer.lock().finished(self.endpoint, ticket, said);
            self.pacer.0.freed.notify_waiters();
            if let Some(hold) = own {
                self.pacer.tell(self.endpoint, &hold);
            }
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.give_back(Said::Unsent);
    }
}
