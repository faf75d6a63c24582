//! What a site has asked for outlives the process that heard it: each announced wait goes into
//! the journal when it is heard, and whoever opens the same site with the same journal keeps it.
//!
//! A wait that cannot be written does not stop the run: this process keeps it all the same, and a
//! journal that cannot be written stops the run at its next commit anyway.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use headcount_atlassian::endpoint::{Endpoint, Host};
use headcount_atlassian::pace::{Pacer, Why};
use headcount_journal::{JournalError, Wait, Waits};
use headcount_model::clock::Clock;

/// Under which names waits are kept: limits are counted where a request goes.
#[derive(Clone, Debug)]
pub struct Places {
    /// The site's address.
    pub jira: String,
    /// The admin API's, and whose.
    pub admin: String,
}

impl Places {
    fn of(&self, endpoint: Endpoint) -> &str {
        match endpoint.host() {
            Host::Jira => &self.jira,
            Host::Admin => &self.admin,
        }
    }
}

/// A wait that has just begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Which calls wait.
    pub call: String,
    /// Until when.
    pub until: Timestamp,
    /// Why, for people.
    pub why: String,
}

/// Has the pace keep what an earlier process was told, and the journal keep what this one will be.
/// Returns the waits that are still on, the shortest first. `tell` hears of each that begins later,
/// at once, whatever waits for it.
pub fn remember_waits(
    waits: Waits,
    pacer: &Pacer,
    places: Places,
    clock: Clock,
    tell: impl Fn(&Heard) + Send + Sync + 'static,
) -> Result<Vec<Wait>, JournalError> {
    let now = clock.now();
    // By a clock that nobody sets: the machine's own may be set back while this process runs.
    let mut known: HashMap<Endpoint, Instant> = HashMap::new();
    let mut kept = waits.all(now)?;
    kept.retain(|wait| {
        let same = |endpoint: &&Endpoint| {
            wait.call == endpoint.to_string() && wait.place == places.of(**endpoint)
        };
        let Some(endpoint) = Endpoint::ALL.iter().find(same) else { return false };
        if wait.is_due_again(now) {
            return false;
        }
        let left = Duration::try_from(wait.until.duration_since(now)).unwrap_or_default();
        let until = Instant::now() + left;
        pacer.hold_until(*endpoint, until);
        known.insert(*endpoint, until);
        true
    });
    let known = Mutex::new(known);
    pacer.on_hold(move |endpoint, hold| {
        let (now, until) = (clock.now(), Instant::now() + hold.wait);
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        // All that were under way are refused with the same wait: one line says it.
        if known.get(&endpoint).is_some_and(|known| *known >= until) {
            return;
        }
        let call = endpoint.to_string();
        let wait = Wait::new(places.of(endpoint), &call, now, hold.wait);
        // The journal keeps whole seconds: what ends within the same one is the same wait.
        let rounded = wait.until.duration_since(clock.after(hold.wait));
        known.insert(endpoint, until + Duration::try_from(rounded).unwrap_or_default());
        if hold.why == Why::RetryAfter {
            let _ = waits.keep(&wait, now);
        }
        drop(known);
        tell(&Heard { call, until: wait.until, why: hold.words() });
    });
    Ok(kept)
}
