//! The outcome of a row.

use crate::variables::Mode;

use super::execution::{Execution, SentRequest};

/// The outcome of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowOutcome {
    /// Everything succeeded, and no request could change anything.
    Unchanged,
    /// Everything succeeded.
    Changed,
    /// A changing request has no response, so it may have been applied.
    Unknown,
    /// An assertion, a script or a request failed.
    Failed,
}

impl RowOutcome {
    /// The word of reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }
}

/// A row with its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowResult {
    /// How it ended.
    pub outcome: RowOutcome,
    /// The first failure, in words; empty if everything succeeded.
    pub detail: String,
    /// The status of the request that the detail describes, else the last one.
    pub status: Option<u16>,
    /// How many requests were sent.
    pub requests: usize,
}

impl Default for RowResult {
    fn default() -> Self {
        Self { outcome: RowOutcome::Unchanged, detail: String::new(), status: None, requests: 0 }
    }
}

impl RowResult {
    /// Adds one of the row's requests.
    pub fn add(&mut self, execution: &Execution, mode: Mode) {
        self.requests += execution.requests.len();
        let (outcome, detail) = judged(execution, mode);
        let status = execution.own().and_then(|sent| sent.status);
        if outcome > self.outcome || (self.detail.is_empty() && !detail.is_empty()) {
            self.outcome = self.outcome.max(outcome);
            self.detail = detail;
            self.status = status;
        } else if self.detail.is_empty() {
            self.status = status.or(self.status);
        }
    }

    /// Whether the row needs attention.
    pub fn has_failed(&self) -> bool {
        match self.outcome {
            RowOutcome::Failed | RowOutcome::Unknown => true,
            RowOutcome::Changed | RowOutcome::Unchanged => false,
        }
    }
}

fn judged(execution: &Execution, mode: Mode) -> (RowOutcome, String) {
    let name = &execution.item.name;
    let lost = execution.requests.iter().find(|it| it.error.is_some() && is_changing(it));
    if let Some(error) = lost.and_then(|it| it.error.as_ref()).filter(|error| error.maybe_sent()) {
        let detail = format!("\"{name}\": {error}; the request may have been applied");
        return (RowOutcome::Unknown, detail);
    }
    let failed = |detail: String| (RowOutcome::Failed, format!("\"{name}\": {detail}"));
    if let Some(error) = execution.requests.iter().find_map(|request| request.error.as_ref()) {
        return failed(error.to_string());
    }
    if let Some(failure) = execution.script_failures().next() {
        return failed(format!("{} in {failure}", failure.error));
    }
    if let Some(assertion) = execution.assertions().find(|assertion| !assertion.passed) {
        let why = assertion.error.as_ref().map(|error| error.message.as_str()).unwrap_or_default();
        return failed(format!("{}: {why}", assertion.name));
    }
    if let Some(untested) = execution.untested(mode) {
        return failed(untested);
    }
    match execution.requests.iter().any(is_changing) {
        true => (RowOutcome::Changed, String::new()),
        false => (RowOutcome::Unchanged, String::new()),
    }
}

fn is_changing(sent: &SentRequest) -> bool {
    !["GET", "HEAD", "OPTIONS"].iter().any(|method| sent.method.eq_ignore_ascii_case(method))
}
