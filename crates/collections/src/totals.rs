//! Postman's counts of a run, for the journal and the page.

use headcount_postman::run::Stats;
use serde::{Deserialize, Serialize};

/// A number, and how many of them failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total(pub u64, pub u64);

impl Total {
    fn add(&mut self, other: Self) {
        self.0 += other.0;
        self.1 += other.1;
    }
}

/// The counts that Postman's runner shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Totals {
    /// Iterations that ran to their end.
    pub iterations: Total,
    /// Requests, including those of scripts.
    pub requests: Total,
    /// Test scripts.
    pub test_scripts: Total,
    /// Pre-request scripts.
    pub prerequest_scripts: Total,
    /// Assertions.
    pub assertions: Total,
}

impl Totals {
    /// The counts of one row.
    pub(crate) fn of_row(stats: &Stats) -> Self {
        let total = |counts: headcount_postman::run::Counts| {
            Total(counts.total as u64, counts.failed as u64)
        };
        Self {
            iterations: Total(1, 0),
            requests: total(stats.requests),
            test_scripts: total(stats.test_scripts),
            prerequest_scripts: total(stats.prerequest_scripts),
            assertions: total(stats.assertions),
        }
    }

    /// Adds others.
    pub fn add(&mut self, other: Self) {
        self.iterations.add(other.iterations);
        self.requests.add(other.requests);
        self.test_scripts.add(other.test_scripts);
        self.prerequest_scripts.add(other.prerequest_scripts);
        self.assertions.add(other.assertions);
    }
}
