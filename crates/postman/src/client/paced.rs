//! Obeys the site: after a 429 nothing is sent before the time that the site names. A request that
//! was refused for rate was not carried out, so it is sent again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use headcount_model::retry_after;
use jiff::Timestamp;
use tokio::time::{Instant, sleep_until};

use crate::exchange::{Answer, Hop, NoAnswer, Sender};

/// How often a request is sent that is refused for rate.
const TRIES: u32 = 10;

/// The first wait where the site names none.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// The longest wait that is obeyed; a longer one fails the row.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// A sender that waits when the site asks for it, and sends at most as many requests a second as it may.
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
            let wait = wait_after(&answer, tries);
            let Some(wait) = wait.filter(|wait| *wait <= LONGEST && tries < TRIES) else {
                return Ok(answer);
            };
            self.block(wait);
            tries += 1;
        }
    }
}

/// How long to wait after a refusal for rate: as long as the site asks, and never less than a wait
/// of our own, which doubles. `Retry-After` may be missing, `0` or no time at all.
fn wait_after(answer: &Answer, tries: u32) -> Option<Duration> {
    if answer.status != 429 {
        return None;
    }
    let own = FIRST_WAIT * 2u32.pow(tries - 1);
    let value = answer.header("retry-after");
    let asked =
        value.and_then(|value| retry_after::parse(value, answer.header("date"), Timestamp::now()));
    Some(asked.map_or(own, |asked| asked.max(own)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(headers: &[(&str, &str)]) -> Answer {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Answer { status: 429, headers: headers.collect(), ..Answer::default() }
    }

    #[test]
    fn each_form_of_retry_after_is_a_wait() {
        let own = Duration::from_millis(100);
        let date = ("Date", "Sat, 21 Nov 2026 10:00:00 GMT");
        for (headers, wanted) in [
            (vec![], own),
            (vec![("Retry-After", "0")], own),
            (vec![("Retry-After", "soon")], own),
            (vec![("Retry-After", "2")], Duration::from_secs(2)),
            (vec![("retry-after", " 1.5 ")], Duration::from_secs(2)),
            (vec![("Retry-After", "Sat, 21 Nov 2026 10:00:30 GMT"), date], Duration::from_secs(30)),
            (vec![("Retry-After", "Sat, 21 Nov 2026 09:00:30 GMT"), date], own),
        ] {
            assert_eq!(wait_after(&refused(&headers), 1), Some(wanted), "{headers:?}");
        }
        assert_eq!(wait_after(&refused(&[]), 3), Some(own * 4));
        let answer = Answer { status: 503, ..refused(&[("Retry-After", "2")]) };
        assert_eq!(wait_after(&answer, 1), None);
    }
}
