//! How many rows may begin beyond those that have a place at the site.
//!
//! A changing request is sent once its note is on the disk. If the site answers faster than the disk writes, the site
//! waits for the journal. More rows then begin, as many as make up for that wait. Real sites are slower than disks, so
//! no row begins early there, and a crash leaves at most as many rows `unknown` as there are places.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The limit for rows that begin early, as a multiple of the places.
const MOST: usize = 3;

/// The weight of one row in the averages.
const WEIGHT: f64 = 1.0 / 16.0;

/// The rows that may begin.
#[derive(Debug)]
pub(crate) struct Ahead {
    begun: Arc<Semaphore>,
    places: usize,
    state: Mutex<State>,
}

/// Average times of a row in seconds, and how many rows may begin early now.
#[derive(Debug, Default)]
struct State {
    journal: f64,
    site: f64,
    early: usize,
}

impl Ahead {
    /// For this number of places. With one place, rows run one after the other.
    pub(crate) fn new(places: usize) -> Self {
        let begun = Arc::new(Semaphore::new(places));
        Self { begun, places, state: Mutex::default() }
    }

    /// Waits until a row may begin.
    pub(crate) async fn begin(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.begun).acquire_owned().await.ok()
    }

    /// How many rows may have begun at the same time.
    pub(crate) fn rows(&self) -> usize {
        self.places + self.state.lock().unwrap_or_else(PoisonError::into_inner).early
    }

    /// A row has ended that waited so long for the journal before its place, and then had its place so long.
    pub(crate) fn end(&self, row: OwnedSemaphorePermit, journal: Duration, site: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = state.site == 0.0;
        let average = |before: f64, now: Duration| match is_first {
            true => now.as_secs_f64(),
            false => before + (now.as_secs_f64() - before) * WEIGHT,
        };
        state.journal = average(state.journal, journal);
        state.site = average(state.site, site);
        let wanted = wanted(self.places, state.journal, state.site);
        if wanted > state.early {
            state.early += 1;
            self.begun.add_permits(1);
        } else if wanted < state.early {
            state.early -= 1;
            row.forget();
        }
    }
}

/// How many rows wait for the journal while all places are taken (Little's law).
fn wanted(places: usize, journal: f64, site: f64) -> usize {
    let most = if places == 1 { 0 } else { MOST * places };
    let waiting = places as f64 * journal / site.max(f64::EPSILON);
    // A number that is too large for `usize` becomes its largest one.
    (waiting.round() as usize).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    async fn after(ahead: &Ahead, rows: usize, journal: Duration, site: Duration) -> usize {
        for _ in 0..rows {
            let row = ahead.begin().await.expect("it is open");
            ahead.end(row, journal, site);
        }
        ahead.rows()
    }

    #[tokio::test]
    async fn rows_begin_early_only_if_the_site_is_faster_than_the_disk() {
        let ahead = Ahead::new(32);
        assert_eq!(after(&ahead, 200, 5 * MS, 400 * MS).await, 32, "a real site");
        assert_eq!(after(&ahead, 500, 5 * MS, 5 * MS).await, 64);
        assert_eq!(after(&ahead, 500, 50 * MS, MS).await, 128, "and never more");
        assert_eq!(ahead.begun.available_permits(), 128);
        assert_eq!(after(&ahead, 500, MS, 400 * MS).await, 32, "the site has become slow");
        assert_eq!(ahead.begun.available_permits(), 32);
    }

    #[tokio::test]
    async fn rows_in_turn_stay_in_turn() {
        assert_eq!(after(&Ahead::new(1), 100, 50 * MS, MS).await, 1);
    }
}
