//! The site's own clock.
//!
//! An answer names the time in its `Date` header (RFC 9110, section 6.6.1: a server that has a clock sends it).
//! The age of a request is measured by it, because the computer's clock may be changed while a run is stopped, and
//! nothing on the computer shows that.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use headcount_model::clock::SiteTime;
use headcount_model::retry_after;
use http::Request;
use http_body_util::Full;
use jiff::Timestamp;
use tokio::time::Instant;

use super::access::Address;
use super::answer::NoAnswer;
use super::transport::Transport;

/// The site's clock, as far as its answers have shown it. Clones share it.
#[derive(Clone, Debug)]
pub struct SiteClock {
    start: Instant,
    /// The site's time at the start, by the answers that make it earliest and latest.
    shown: Arc<Mutex<Option<(Timestamp, Timestamp)>>>,
}

impl Default for SiteClock {
    fn default() -> Self {
        Self { start: Instant::now(), shown: Arc::default() }
    }
}

impl SiteClock {
    /// Takes the `Date` of an answer that has just arrived, `latency` after its request.
    pub fn heed(&self, date: Option<&str>, latency: Duration) {
        let Some(date) = date.and_then(retry_after::moment) else { return };
        let Ok(early) = date.checked_sub(self.start.elapsed()) else { return };
        let Ok(late) = early.checked_add(latency) else { return };
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        *shown = Some(match *shown {
            None => (early, late),
            Some((least, most)) => (least.min(early), most.max(late)),
        });
    }

    /// The site's current time.
    pub fn now(&self) -> Option<SiteTime> {
        let shown = *self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let (least, most) = shown?;
        let since = self.start.elapsed();
        let at_least = least.checked_add(since).ok()?;
        Some(SiteTime { at_least, at_most: most.checked_add(since).ok()? })
    }
}

/// A page of every site that needs no credentials; its answer has a `Date`, whatever its status is. Atlassian's
/// knowledge base uses it ("Retrieve my Atlassian site's cloud ID").
const PAGE: &str = "/_edge/tenant_info";

/// Reads the time of a site, with one request without credentials.
///
/// # Errors
/// No answer, in words.
pub async fn read_time(
    address: &Address,
    transport: &Transport,
) -> Result<Option<SiteTime>, String> {
    let request = address.join(PAGE).and_then(|uri| Request::get(uri).body(Full::default()));
    let request = request.map_err(|error| error.to_string())?;
    let answer = transport.send(request).await.map_err(|why| match why {
        NoAnswer::Unreachable(why) | NoAnswer::Untrusted(why) => why,
        NoAnswer::Lost(why) => format!("no answer: {why}"),
        NoAnswer::Malformed(why) => format!("an answer that cannot be read: {why}"),
        NoAnswer::Late => "no answer in time".to_owned(),
    })?;
    let clock = SiteClock::default();
    let date = answer.headers.get(http::header::DATE).and_then(|date| date.to_str().ok());
    clock.heed(date, answer.latency);
    Ok(clock.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers that contradict each other widen the range, so a wrong one never makes anything look older.
    #[tokio::test(start_paused = true)]
    async fn it_goes_on_from_what_answers_show_and_widens_with_those_that_are_wrong() {
        let clock = SiteClock::default();
        assert_eq!(clock.now(), None);
        for date in [None, Some(""), Some("soon"), Some("21 November")] {
            clock.heed(date, Duration::ZERO);
            assert_eq!(clock.now(), None, "{date:?}");
        }
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        clock.heed(Some("Sat, 21 Nov 2026 10:00:00 GMT"), Duration::ZERO);
        tokio::time::advance(Duration::from_secs(60)).await;
        let one = at("2026-11-21T10:01:00Z");
        assert_eq!(clock.now(), Some(SiteTime { at_least: one, at_most: one }));
        for (date, least, most) in [
            ("Sat, 21 Nov 2026 10:01:01 GMT", "2026-11-21T10:01:00Z", "2026-11-21T10:01:01Z"),
            ("Tue, 21 Nov 2023 10:01:00 GMT", "2023-11-21T10:01:00Z", "2026-11-21T10:01:01Z"),
            ("Sat, 21 Nov 2026 10:01:00 GMT", "2023-11-21T10:01:00Z", "2026-11-21T10:01:01Z"),
            ("Fri, 21 Nov 2036 10:01:00 GMT", "2023-11-21T10:01:00Z", "2036-11-21T10:01:00Z"),
        ] {
            clock.heed(Some(date), Duration::ZERO);
            let shown = SiteTime { at_least: at(least), at_most: at(most) };
            assert_eq!(clock.now(), Some(shown), "{date}");
        }
    }
    /// A body may take a minute, and the date is that of its beginning.
    #[tokio::test(start_paused = true)]
    async fn an_answer_that_took_long_may_be_of_any_moment_of_it() {
        let clock = SiteClock::default();
        tokio::time::advance(Duration::from_secs(100)).await;
        clock.heed(Some("Sat, 21 Nov 2026 10:00:00 GMT"), Duration::from_secs(90));
        let shown = clock.now().unwrap();
        assert_eq!(shown.at_least.to_string(), "2026-11-21T10:00:00Z");
        assert_eq!(shown.at_most.to_string(), "2026-11-21T10:01:30Z");
    }
}
