//! The right to carry a run for a time.
//!
//! Several processes on several machines may work on one journal. The one that carries a run has a lease, which it
//! renews. A process that was stopped for longer than its lease (suspended, cut off from the journal) cannot know
//! whether another one carries the run by now. So it asks its lease before it sends a request, and sends nothing once
//! the lease has ended. A lease that has ended never begins again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// The right to carry a run. Clones are the same lease.
#[derive(Clone, Debug, Default)]
pub struct Lease {
    /// `None`: it has no end. The journal in a file has a lock that ends with its process.
    term: Option<Arc<Term>>,
}

#[derive(Debug)]
struct Term {
    has_ended: AtomicBool,
    until: Mutex<Moment>,
}

/// A moment by two clocks. The first one stops while a computer sleeps; the second one can be set.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    steady: Instant,
    wall: SystemTime,
}

impl Moment {
    /// This moment.
    pub fn now() -> Self {
        Self { steady: Instant::now(), wall: SystemTime::now() }
    }

    fn after(self, wait: Duration) -> Self {
        Self { steady: self.steady + wait, wall: self.wall + wait }
    }

    /// Whether either clock has reached it.
    fn is_over(self) -> bool {
        let now = Self::now();
        now.steady >= self.steady || now.wall >= self.wall
    }

    /// The time since then, by the clock that counted more.
    pub fn elapsed(self) -> Duration {
        self.steady.elapsed().max(self.wall.elapsed().unwrap_or_default())
    }
}

impl Lease {
    /// A lease without an end.
    pub fn endless() -> Self {
        Self::default()
    }

    /// A lease that has ended.
    pub fn ended() -> Self {
        let lease = Self::until(Moment::now(), Duration::ZERO);
        lease.end();
        lease
    }

    /// A lease that was asked for at `asked` and counts for `term` from then.
    pub fn until(asked: Moment, term: Duration) -> Self {
        let term = Term { has_ended: AtomicBool::new(false), until: Mutex::new(asked.after(term)) };
        Self { term: Some(Arc::new(term)) }
    }

    /// Whether the lease counts now.
    pub fn counts(&self) -> bool {
        let Some(term) = &self.term else { return true };
        if term.has_ended.load(Ordering::SeqCst) {
            return false;
        }
        let until = *term.until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.is_over() {
            self.end();
            return false;
        }
        true
    }

    /// Counts for `term` from `asked`, the moment before the renewal was sent. A lease that has ended stays so.
    pub fn renew(&self, asked: Moment, term: Duration) {
        if let (true, Some(own)) = (self.counts(), &self.term) {
            *own.until.lock().unwrap_or_else(PoisonError::into_inner) = asked.after(term);
        }
    }

    /// Ends the lease.
    pub fn end(&self) {
        if let Some(term) = &self.term {
            term.has_ended.store(true, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_lease_that_has_ended_never_begins_again() {
        let lease = Lease::until(Moment::now(), HOUR);
        assert!(lease.counts());
        lease.end();
        lease.renew(Moment::now(), HOUR);
        assert!(!lease.counts());
        let over = Lease::until(Moment::now(), Duration::ZERO);
        over.renew(Moment::now(), HOUR);
        assert!(!over.counts() && !over.clone().counts());
    }

    /// A computer that sleeps stops the steady clock; a clock that is set stops neither.
    #[test]
    fn either_clock_ends_a_lease() {
        let now = Moment::now();
        let slept = Moment { wall: now.wall - HOUR, ..now };
        assert!(!Lease::until(slept, HOUR).counts());
        let set_back = Moment { wall: now.wall + HOUR, ..now };
        assert!(!Lease::until(set_back, Duration::ZERO).counts());
        assert!(slept.elapsed() >= HOUR);
    }

    #[test]
    fn a_lease_without_an_end_cannot_be_ended() {
        let lease = Lease::endless();
        lease.end();
        assert!(lease.counts());
    }
}
