//! Keeps the waits that a site asks for beyond the end of the process: each announced wait is written into the
//! journal at once, and a later process that opens the same site with the same journal obeys it.
//!
//! A wait that cannot be written does not stop the run: this process obeys it anyway, and a journal that cannot be
//! written stops the run at its next commit.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use headcount_atlassian::endpoint::{Endpoint, Host};
use headcount_atlassian::pace::{Pacer, Why};
use headcount_journal::{JournalError, Wait, Waits};
use headcount_model::clock::Clock;

/// The names under which waits are stored: limits are counted per destination of requests.
#[derive(Clone, Debug)]
pub struct Places {
    /// The site's address.
    pub jira: String,
    /// The admin APIs' address, and the organization.
    pub admin: String,
    /// The admin APIs' address, and the identity provider's directory.
    pub scim: String,
}

impl Places {
    fn of(&self, endpoint: Endpoint) -> &str {
        match endpoint.host() {
            Host::Jira => &self.jira,
            Host::Admin => &self.admin,
            Host::Scim => &self.scim,
        }
    }
}

/// A wait that has just begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The calls that wait.
    pub call: String,
    /// The end of the wait.
    pub until: Timestamp,
    /// The reason, for people.
    pub why: String,
}

/// Makes the pace obey the waits of earlier processes, and writes this process's waits into the journal. Returns
/// the waits that are not over yet, the shortest first. `tell` is called at once for each wait that begins later.
pub fn remember_waits(
    waits: Waits,
    pacer: &Pacer,
    places: Places,
    clock: Clock,
    tell: impl Fn(&Heard) + Send + Sync + 'static,
) -> Result<Vec<Wait>, JournalError> {
    let now = clock.now();
    // Uses a clock that cannot be set: the computer's clock may be set back while this process runs.
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
        // All requests under way are refused with the same wait, so it is reported once.
        if known.get(&endpoint).is_some_and(|known| *known >= until) {
            return;
        }
        let call = endpoint.to_string();
        let wait = Wait::new(places.of(endpoint), &call, now, hold.wait);
        // The journal stores whole seconds: waits that end within the same second are the same.
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
