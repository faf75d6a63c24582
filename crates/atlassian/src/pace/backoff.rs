//! headcount's own waits: doubled, limited, and with a seeded jitter, so that a simulated run can be replayed.

use std::time::Duration;

/// The most that jitter adds to a wait. A share of a wait of years would be years, and messages would name a wrong
/// end.
const MOST_JITTER: Duration = Duration::from_secs(60);

/// A small generator of pseudo-random numbers (SplitMix64). It is not for secrets; it only keeps several clients
/// from waking at the same moment.
#[derive(Clone, Debug)]
pub struct Jitter(u64);

impl Jitter {
    /// A generator. The same seed gives the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number, from 0 up to but not including 1.
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        // 53 bits: an f64 holds them exactly.
        (z >> 11) as f64 / (1u64 << 53) as f64
    }

    /// `wait`, made longer by at most `share` of it and at most a minute; never shorter.
    pub fn stretch(&mut self, wait: Duration, share: f64) -> Duration {
        wait.saturating_add(wait.mul_f64(share * self.unit()).min(MOST_JITTER))
    }
}

/// The `n`th wait in a row (from 1): `first`, doubled each time, at most `most`.
pub fn backoff(n: u32, first: Duration, most: Duration) -> Duration {
    let doubled = first.saturating_mul(1u32.checked_shl(n.saturating_sub(1)).unwrap_or(u32::MAX));
    doubled.min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn waits_double_up_to_their_bound_and_jitter_only_adds(n in 1u32..200, seed: u64) {
            let (first, most) = (Duration::from_millis(500), Duration::from_secs(60));
            let wait = backoff(n, first, most);
            prop_assert!(wait >= first && wait <= most);
            prop_assert!(backoff(n + 1, first, most) >= wait);
            let longer = Jitter::new(seed).stretch(wait, 0.3);
            prop_assert!(longer >= wait && longer <= wait.mul_f64(1.3));
        }
    }
}
