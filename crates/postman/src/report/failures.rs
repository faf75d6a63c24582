//! What failed, in Newman's words.

use crate::model::Listen;
use crate::run::{Execution, LogEntry, script_name};

/// One failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The error's name: `AssertionError`, `TypeError`, `Error`.
    pub name: String,
    /// The assertion's name; empty for other errors.
    pub test: String,
    /// The message.
    pub message: String,
    /// `assertion:0 in test-script`, `test-script`, `request`.
    pub at: String,
    /// The assertion's number.
    pub index: Option<usize>,
}

/// The failures of a request, in order.
pub fn failures(execution: &Execution) -> Vec<Failure> {
    let mut failures = Vec::new();
    for entry in &execution.log {
        match entry {
            LogEntry::Assertion(_, assertion) => {
                let Some(error) = &assertion.error else { continue };
                failures.push(Failure {
                    name: error.name.clone(),
                    test: assertion.name.clone(),
                    message: error.message.clone(),
                    // Newman calls every script a test script here.
                    at: format!("assertion:{} in {}", assertion.index, script_name(Listen::Test)),
                    index: Some(assertion.index),
                });
            }
            LogEntry::Script(failure) => {
                let line = failure.error.line.map(|line| format!(":{line}")).unwrap_or_default();
                failures.push(Failure {
                    name: failure.error.name.clone(),
                    test: String::new(),
                    message: failure.error.message.clone(),
                    at: format!("{}{line}", script_name(failure.listen)),
                    index: None,
                });
            }
            LogEntry::Request(at) => {
                let error = execution.requests.get(*at).and_then(|request| request.error.as_ref());
                if let Some(error) = error {
                    failures.push(Failure {
                        name: "Error".to_owned(),
                        test: String::new(),
                        message: error.to_string(),
                        at: "request".to_owned(),
                        index: None,
                    });
                }
            }
            LogEntry::Console(..) => {}
        }
    }
    failures
}
