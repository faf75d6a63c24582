//! The steps of a draft by what they are about, so that an equal step is found without an index on the disk, whose
//! pages the steps of a long plan would fill in any order.
//!
//! A step takes 8 bytes: its number, and 32 bits of the hash of its kind and subject. These bits only name steps that may be
//! equal; the journal decides.

use std::hash::{BuildHasher, RandomState};

/// The number of parts. Each grows by itself, so that growing never needs memory for all steps twice.
const PARTS: usize = 64;

/// A part grows when more than this share of its places is taken.
const FULL: (usize, usize) = (4, 5);

/// The steps of one run.
#[derive(Default)]
pub(crate) struct Alike {
    /// The run whose steps these are.
    run: Option<i64>,
    hasher: RandomState,
    parts: Vec<Part>,
}

impl Alike {
    /// Whether these are the steps of this run.
    pub(crate) fn is_of(&self, run: i64) -> bool {
        self.run == Some(run)
    }

    /// Begins with a run.
    pub(crate) fn begin(&mut self, run: i64) {
        self.run = Some(run);
        self.parts = (0..PARTS).map(|_| Part::default()).collect();
    }

    /// Forgets all steps.
    pub(crate) fn end(&mut self) {
        self.run = None;
        self.parts = Vec::new();
    }

    /// Adds a step.
    pub(crate) fn add(&mut self, kind: &str, subject: &str, step: u32) {
        let hash = self.hasher.hash_one((kind, subject));
        if let Some(part) = self.parts.get_mut(part_of(hash)) {
            part.add(hash as u32, step);
        }
    }

    /// The steps that may be equal.
    pub(crate) fn find(&self, kind: &str, subject: &str) -> Vec<u32> {
        let hash = self.hasher.hash_one((kind, subject));
        self.parts.get(part_of(hash)).map(|part| part.find(hash as u32)).unwrap_or_default()
    }
}

/// By the upper bits; the lower ones are kept.
fn part_of(hash: u64) -> usize {
    (hash >> 58) as usize
}

/// Places for steps. A step is in the first free place from the one that its hash names.
#[derive(Default)]
struct Part {
    /// The bits of a hash, then a step's number, which is never 0; 0: free.
    places: Vec<u64>,
    taken: usize,
}

impl Part {
    fn add(&mut self, hash: u32, step: u32) {
        if (self.taken + 1) * FULL.1 > self.places.len() * FULL.0 {
            let larger = (self.places.len() + self.places.len() / 4).max(16);
            let old = std::mem::replace(&mut self.places, vec![0; larger]);
            old.into_iter().filter(|place| *place != 0).for_each(|place| self.put(place));
        }
        self.put((u64::from(hash) << 32) | u64::from(step));
        self.taken += 1;
    }

    fn put(&mut self, place: u64) {
        let at = self.walk((place >> 32) as u32).find(|at| self.places[*at] == 0);
        if let Some(at) = at {
            self.places[at] = place;
        }
    }

    fn find(&self, hash: u32) -> Vec<u32> {
        let places = self.walk(hash).map(|at| self.places[at]).take_while(|place| *place != 0);
        places.filter(|place| (place >> 32) as u32 == hash).map(|place| place as u32).collect()
    }

    /// All places, from the one that a hash names.
    fn walk(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let many = self.places.len();
        let first = ((u64::from(hash) * many as u64) >> 32) as usize;
        (first..many).chain(0..first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_found_by_what_it_is_about() {
        let mut alike = Alike::default();
        alike.begin(7);
        assert!(alike.is_of(7) && !alike.is_of(8));
        for step in 1..=20_000_u32 {
            let subject = format!("subject {step}");
            assert!(!alike.find("add", &subject).contains(&step));
            alike.add("add", &subject, step);
        }
        let mut others = 0;
        for step in 1..=20_000_u32 {
            let found = alike.find("add", &format!("subject {step}"));
            assert!(found.contains(&step), "{step}");
            others += found.len() - 1;
        }
        assert!(others < 10, "{others} steps have the same bits as another");
        let taken: usize = alike.parts.iter().map(|part| part.places.len()).sum();
        assert!(taken < 35_000, "{taken} places");
        alike.end();
        assert!(!alike.is_of(7) && alike.find("add", "subject 1").is_empty());
    }

    /// A rolled back batch leaves a step behind, and its number is used again.
    #[test]
    fn several_steps_may_have_the_same_bits() {
        let mut part = Part::default();
        for step in 1..=40 {
            part.add(u32::MAX, step);
        }
        let mut found = part.find(u32::MAX);
        found.sort_unstable();
        assert_eq!(found, (1..=40).collect::<Vec<_>>());
        assert!(part.find(0).is_empty());
    }
}
