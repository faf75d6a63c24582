//! Decides when a request may be sent: within the limits of rows at once and of requests per second, and not
//! before the time that the site named. The journal keeps these waits for later processes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use headcount_engine::{Blocked, NotSent};
use headcount_journal::{JournalError, Wait, Waits};
use headcount_model::clock::Clock;
use headcount_model::retry_after;
use headcount_postman::exchange::Answer;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use super::ahead::Ahead;

/// Rows at once if no option says it: as many as open requests to Jira in the people jobs. A real site answers in tens
/// of milliseconds or limits the rate, so more would not be faster there, and each row under way may be `unknown` after
/// a crash.
pub const CONCURRENCY: usize = 32;

/// The name under which waits are stored.
const CALL: &str = "collections";

/// headcount's own first wait; each further one in a row is twice as long.
const FIRST: Duration = Duration::from_millis(100);

/// headcount's own longest wait.
const LONGEST: Duration = Duration::from_secs(30);

const OUT_OF_REACH: &str = "the site is out of reach";

/// The pace of a run.
#[derive(Debug)]
pub(crate) struct Pace {
    ahead: Ahead,
    places: Arc<Semaphore>,
    window: usize,
    gap: Option<Duration>,
    state: Mutex<State>,
    /// The destination of the run's requests, for the stored waits.
    place: String,
    waits: Waits,
    clock: Clock,
}

#[derive(Debug, Default)]
struct State {
    next: Option<Instant>,
    blocked: Option<Blocked>,
    refusals: u32,
}

impl Pace {
    /// At most `window` rows at once and `rate` requests per second; `None` means only the site's own limit.
    ///
    /// # Errors
    /// The journal's waits can't be read.
    pub(crate) fn new(
        window: usize,
        rate: Option<f64>,
        place: &str,
        waits: Waits,
        clock: Clock,
    ) -> Result<Self, JournalError> {
        let mut state = State::default();
        let now = clock.now();
        for wait in waits.all(now)?.iter().filter(|it| it.call == CALL && it.place == place) {
            let left = Duration::try_from(wait.until.duration_since(now)).unwrap_or_default();
            let (until, why) = (Instant::now() + left, "the site asked for a wait");
            state.blocked = Some(Blocked { until, why, announced: true });
        }
        let window = window.max(1);
        Ok(Self {
            ahead: Ahead::new(window),
            places: Arc::new(Semaphore::new(window)),
            window,
            gap: rate.map(|rate| Duration::from_secs_f64(1.0 / rate)),
            state: Mutex::new(state),
            place: place.to_owned(),
            waits,
            clock,
        })
    }

    pub(crate) fn window(&self) -> usize {
        self.window
    }

    /// How many rows may be under way, with those that wait for the journal before they send.
    pub(crate) fn rows(&self) -> usize {
        self.ahead.rows()
    }

    /// Waits until a row may begin and nothing is blocked.
    pub(crate) async fn begin(&self) -> Option<OwnedSemaphorePermit> {
        let row = self.ahead.begin().await;
        self.free().await;
        row
    }

    /// Waits for a row's place at the site.
    pub(crate) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// A row has ended that waited so long for the journal before its place, and then had its place so long.
    pub(crate) fn end(&self, row: OwnedSemaphorePermit, journal: Duration, site: Duration) {
        self.ahead.end(row, journal, site);
    }

    /// Why a row that has sent nothing must not send now, if an answer to another row asked for a wait.
    pub(crate) fn refusal(&self) -> Option<NotSent> {
        let words = self.blocked()?.why.to_owned();
        Some(match words == OUT_OF_REACH {
            true => NotSent::OutOfReach { words },
            false => NotSent::Refused { words, status: None, reading: false },
        })
    }

    /// Waits for a request's turn.
    pub(crate) async fn turn(&self) {
        let Some(gap) = self.gap else { return };
        let turn = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = state.next.unwrap_or_else(Instant::now).max(Instant::now());
            state.next = Some(turn + gap);
            turn
        };
        sleep_until(turn).await;
    }

    /// Waits until nothing is blocked.
    pub(crate) async fn free(&self) {
        while let Some(blocked) = self.blocked() {
            sleep_until(blocked.until).await;
        }
    }

    /// The end of a wait, if there is one.
    pub(crate) fn blocked(&self) -> Option<Blocked> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.blocked.filter(|blocked| blocked.until > Instant::now())
    }

    /// Handles a refusal for rate: nothing is sent for this time, which is returned. A wait that cannot be written
    /// does not stop the run; a journal that cannot be written stops it at its next commit.
    pub(crate) fn refused(&self, answer: &Answer) -> Duration {
        let now = self.clock.now();
        let value = answer.header("retry-after");
        let named = value.and_then(|value| retry_after::parse(value, answer.header("date"), now));
        let wait = self.block(named, "the site asks to slow down (429)");
        let _ = self.waits.keep(&Wait::new(&self.place, CALL, now, wait), now);
        wait
    }

    /// Handles a site that cannot be reached.
    pub(crate) fn unreachable(&self) {
        self.block(None, OUT_OF_REACH);
    }

    /// Handles an answer.
    pub(crate) fn answered(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).refusals = 0;
    }

    fn block(&self, named: Option<Duration>, why: &'static str) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let own = (FIRST * 2u32.saturating_pow(state.refusals.min(9))).min(LONGEST);
        state.refusals += 1;
        let wait = named.map_or(own, |named| named.max(own));
        let until = Instant::now() + wait;
        if state.blocked.is_none_or(|known| known.until < until) {
            state.blocked = Some(Blocked { until, why, announced: named.is_some() });
        }
        wait
    }
}
