//! Failures, in Newman's words.

use crate::model::Listen;
use crate::prepare::NotPrepared;
use crate::run::{Execution, LogEntry, RequestError, ScriptFailure, SentRequest, script_name};
use crate::script::Assertion;
use crate::variables::Mode;

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
    /// Whether it concerns a request that a script sent.
    pub is_of_script: bool,
    /// The execution whose script left the function that failed, if it is another one.
    pub of: Option<String>,
}

/// The failures of a request, in order. In safe mode, a refusal that no test checks is one.
pub fn failures(execution: &Execution, mode: Mode) -> Vec<Failure> {
    let failure = |entry: &LogEntry| match entry {
        LogEntry::Assertion(_, assertion) => of_assertion(assertion),
        LogEntry::Script(failure) => Some(of_script(failure)),
        LogEntry::Request(at) => execution.requests.get(*at).and_then(of_request),
        LogEntry::Console(..) => None,
    };
    let mut failures: Vec<_> = execution.log.iter().filter_map(failure).collect();
    failures.extend(execution.untested(mode).map(of_answer));
    failures
}

fn of_assertion(assertion: &Assertion) -> Option<Failure> {
    let error = assertion.error.as_ref()?;
    Some(Failure {
        name: error.name.clone(),
        test: assertion.name.clone(),
        message: error.message.clone(),
        // Newman calls every script a test script here.
        at: format!("assertion:{} in {}", assertion.index, script_name(Listen::Test)),
        index: Some(assertion.index),
        is_of_script: false,
        of: assertion.of.clone(),
    })
}

fn of_script(failure: &ScriptFailure) -> Failure {
    Failure {
        name: failure.error.name.clone(),
        at: failure.to_string(),
        ..of_answer(failure.error.message.clone())
    }
}

fn of_request(request: &SentRequest) -> Option<Failure> {
    let error = request.error.as_ref()?;
    let (name, message) = match error {
        RequestError::NotPrepared(NotPrepared::Method(method)) => {
            ("TypeError", format!("Method must be a valid HTTP token [\"{method}\"]"))
        }
        RequestError::NotPrepared(NotPrepared::Port(port)) => (
            "RangeError",
            format!("Port should be >= 0 and < 65536. Received type string ('{port}')."),
        ),
        RequestError::NotPrepared(_) | RequestError::NoAnswer(_) | RequestError::Broken(_) => {
            ("Error", error.to_string())
        }
    };
    Some(Failure { name: name.to_owned(), is_of_script: request.by_script, ..of_answer(message) })
}

fn of_answer(message: String) -> Failure {
    let (name, test, at) = ("Error".to_owned(), String::new(), "request".to_owned());
    Failure { name, test, message, at, index: None, is_of_script: false, of: None }
}
