//! Obeys the site: after a 429 nothing is sent before the time that the site names. A request that
//! was refused for rate was not carried out, so it is sent again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::exchange::{Answer, Hop, NoAnswer, Sender};

/// How often a request is sent that is refused for rate.
const TRIES: usize = 10;

/// The longest wait that is obeyed; a longer one fails the row.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// A sender that waits when it is told to, and sends no faster than it may.
#[derive(Debug)]
pub struct Paced<S> {
    sender: S,
    pace: Option<Duration>,
    next: Mutex<Option<Instant>>,
    blocked: Mutex<Option<Instant>>,
}

impl<S> Paced<S> {
    /// At most `rate` requests a second; 0 for no bound but the site's.
    pub fn new(sender: S, rate: u32) -> Self {
        let pace = (rate > 0).then(|| Duration::from_secs(1) / rate);
        Self { sender, pace, next: Mutex::default(), blocked: Mutex::default() }
    }

    async fn turn(&self) {
        if let Some(pace) = self.pace {
            let turn = {
                let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
                let turn = next.unwrap_or_else(Instant::now).max(Instant::now());
                *next = Some(turn + pace);
                turn
            };
            sleep_until(turn).await;
        }
        loop {
            let until = *self.blocked.lock().unwrap_or_else(PoisonError::into_inner);
            match until.filter(|until| *until > Instant::now()) {
                Some(until) => sleep_until(until).await,
                None => return,
            }
        }
    }

    fn block(&self, wait: Duration) {
        let mut blocked = self.blocked.lock().unwrap_or_else(PoisonError::into_inner);
        let until = Instant::now() + wait;
        *blocked = Some(blocked.map_or(until, |known| known.max(until)));
    }
}

impl<S: Sender> Sender for Paced<S> {
    async fn send(&self, hop: Hop) -> Result<Answer, NoAnswer> {
        let mut tries = 1;
        loop {
            self.turn().await;
            let answer = self.sender.send(hop.clone()).await?;
            let wait = refused(&answer).filter(|wait| *wait <= LONGEST && tries < TRIES);
            let Some(wait) = wait else { return Ok(answer) };
            self.block(wait.max(Duration::from_millis(100 * tries as u64)));
            tries += 1;
        }
    }
}

/// How long to wait after a refusal for rate (RFC 6585, RFC 9110).
fn refused(answer: &Answer) -> Option<Duration> {
    if answer.status != 429 {
        return None;
    }
    let header = answer.header("retry-after").unwrap_or("1").trim();
    if let Ok(seconds) = header.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = httpdate::parse_http_date(header).ok()?;
    Some(moment.duration_since(std::time::SystemTime::now()).unwrap_or_default())
}
