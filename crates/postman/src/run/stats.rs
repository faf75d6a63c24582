//! Postman's counts of a run.

use std::time::Duration;

use super::execution::{Execution, LogEntry, SentRequest};
use crate::model::Listen;

/// A number, and how many of them failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub total: usize,
    /// Those that failed.
    pub failed: usize,
}

impl Counts {
    fn add(&mut self, has_failed: bool) {
        self.total += 1;
        self.failed += usize::from(has_failed);
    }
}

/// Response times in milliseconds (Welford's algorithm, as Newman's).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timings {
    count: f64,
    /// The mean.
    pub average: f64,
    /// The shortest.
    pub min: f64,
    /// The longest.
    pub max: f64,
    variance: f64,
}

impl Timings {
    fn add(&mut self, time: Duration) {
        let value = time.as_millis() as f64;
        self.count += 1.0;
        let before = value - self.average;
        self.average += before / self.count;
        self.min = if self.count == 1.0 { value } else { self.min.min(value) };
        self.max = self.max.max(value);
        let after = value - self.average;
        self.variance = (self.variance * (self.count - 1.0) + before * after) / self.count;
    }

    /// The standard deviation.
    pub fn deviation(&self) -> f64 {
        self.variance.sqrt()
    }
}

/// The counts of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// Iterations.
    pub iterations: Counts,
    /// Requests of the collection, sent or skipped.
    pub items: Counts,
    /// Scripts of both kinds.
    pub scripts: Counts,
    /// How often pre-request scripts should run.
    pub prerequests: Counts,
    /// Requests, including those of scripts.
    pub requests: Counts,
    /// How often tests should run.
    pub tests: Counts,
    /// Assertions.
    pub assertions: Counts,
    /// Test scripts.
    pub test_scripts: Counts,
    /// Pre-request scripts.
    pub prerequest_scripts: Counts,
    /// Response times.
    pub timings: Timings,
    /// Bytes received in bodies.
    pub received: usize,
}

impl Stats {
    /// Counts an iteration.
    pub fn add_iteration(&mut self) {
        self.iterations.add(false);
    }

    /// Counts a request with its scripts.
    pub fn add(&mut self, execution: &Execution) {
        self.items.add(false);
        self.prerequests.add(false);
        self.tests.total += usize::from(execution.tested);
        let (before, after) = execution.scripts;
        self.prerequest_scripts.total += before;
        self.test_scripts.total += after;
        self.scripts.total += before + after;
        for entry in &execution.log {
            match entry {
                LogEntry::Request(at) => {
                    if let Some(request) = execution.requests.get(*at) {
                        self.add_request(request);
                    }
                }
                LogEntry::Assertion(_, assertion) => self.assertions.add(!assertion.passed),
                LogEntry::Script(failure) => {
                    self.scripts.failed += 1;
                    match failure.listen {
                        Listen::PreRequest => self.prerequest_scripts.failed += 1,
                        Listen::Test => self.test_scripts.failed += 1,
                    }
                }
                LogEntry::Console(..) => {}
            }
        }
    }

    fn add_request(&mut self, request: &SentRequest) {
        self.requests.add(request.error.is_some());
        if request.error.is_none() {
            self.timings.add(request.time);
            self.received += request.body.len();
        }
    }

    /// The number of failures as Newman counts them: assertions, scripts and requests.
    pub fn failures(&self) -> usize {
        self.assertions.failed + self.scripts.failed + self.requests.failed
    }
}
