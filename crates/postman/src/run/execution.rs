//! The result of one request of an iteration.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::exchange::{Cookie, NoAnswer};
use crate::model::{BodyMode, Listen, Request, RequestItem};
use crate::prepare::{NotPrepared, request_json};
use crate::script::{Assertion, ScriptError};
use crate::variables::Mode;

/// The position of a request in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The iteration, from 0.
    pub iteration: usize,
    /// The request's index in the collection, from 0.
    pub position: usize,
    /// The number of requests.
    pub length: usize,
    /// The number of iterations.
    pub cycles: usize,
}

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It was not sent.
    #[error("{0}")]
    NotPrepared(#[from] NotPrepared),
    /// It was sent or could not be sent, and has no response.
    #[error("{0}")]
    NoAnswer(#[from] NoAnswer),
    /// A script turned it into something that is not a request.
    #[error("{0}")]
    Broken(String),
}

impl RequestError {
    /// Whether the server may have received it.
    pub fn maybe_sent(&self) -> bool {
        match self {
            Self::NoAnswer(no_answer) => no_answer.maybe_sent,
            Self::NotPrepared(_) | Self::Broken(_) => false,
        }
    }
}

/// A request for scripts and reports: written out where one reads it.
#[derive(Clone, Debug)]
pub enum RequestForm {
    /// As it is in the model.
    Model(Box<Request>),
    /// In the SDK's form.
    Sdk(Value),
}

impl Default for RequestForm {
    fn default() -> Self {
        Self::Sdk(Value::Null)
    }
}

impl From<Request> for RequestForm {
    fn from(request: Request) -> Self {
        Self::Model(Box::new(request))
    }
}

impl RequestForm {
    /// In the SDK's form.
    pub fn sdk(&self) -> Value {
        match self {
            Self::Model(request) => request_json(request, None, None),
            Self::Sdk(value) => value.clone(),
        }
    }

    /// Its body, for people: a raw one as it is, another one in the SDK's form.
    pub fn body(&self) -> String {
        if let Self::Model(request) = self {
            match &request.body {
                None => return String::new(),
                Some(body) if body.mode == BodyMode::Raw => return body.raw.clone(),
                Some(_) => {}
            }
        }
        let shown = self.sdk();
        match shown.get("body") {
            None | Some(Value::Null) => String::new(),
            Some(body) => match body.get("raw") {
                Some(Value::String(raw)) => raw.clone(),
                _ => body.to_string(),
            },
        }
    }
}

/// A request that was sent, by the collection or by a script.
#[derive(Clone, Debug, Default)]
pub struct SentRequest {
    /// The method.
    pub method: String,
    /// The address as Postman shows it.
    pub url: String,
    /// The request.
    pub request: RequestForm,
    /// The response's status; `None` without a response, and after too many redirects.
    pub status: Option<u16>,
    /// The text after the status.
    pub reason: String,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Bytes,
    /// The jar's cookies for the address.
    pub cookies: Vec<Cookie>,
    /// The time that it took.
    pub time: Duration,
    /// Why there is no response.
    pub error: Option<RequestError>,
    /// Whether a script sent it.
    pub by_script: bool,
}

/// A script that ended with an error.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptFailure {
    /// When it ran.
    pub listen: Listen,
    /// The collection's, folder's or request's name.
    pub owner: String,
    /// The error.
    pub error: ScriptError,
}

/// The position in Newman's form: `test-script:3:7 of "owner"`.
impl fmt::Display for ScriptFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(script_name(self.listen))?;
        let place = [self.error.line, self.error.column];
        for number in place.into_iter().flatten() {
            write!(f, ":{number}")?;
        }
        write!(f, " of \"{}\"", self.owner)
    }
}

/// One event, in order.
#[derive(Clone, Debug)]
pub enum LogEntry {
    /// A request, by its number in [`Execution::requests`].
    Request(usize),
    /// An assertion.
    Assertion(Listen, Assertion),
    /// A script's error.
    Script(ScriptFailure),
    /// A line of the console.
    Console(String, String),
}

/// One request of an iteration with its scripts.
#[derive(Clone, Debug)]
pub struct Execution {
    /// The request as the collection has it.
    pub item: Arc<RequestItem>,
    /// Its position.
    pub cursor: Cursor,
    /// Its own id, as a UUID.
    pub reference: String,
    /// Everything that was sent, in the order of the responses.
    pub requests: Vec<SentRequest>,
    /// The events, in order.
    pub log: Vec<LogEntry>,
    /// How many pre-request and test scripts ran.
    pub scripts: (usize, usize),
    /// Whether a script skipped it.
    pub skipped: bool,
    /// Whether its tests were reached.
    pub tested: bool,
}

impl Execution {
    /// The collection's own request; `None` if it was skipped or not reached.
    pub fn own(&self) -> Option<&SentRequest> {
        self.requests.iter().find(|request| !request.by_script)
    }

    /// All assertions.
    pub fn assertions(&self) -> impl Iterator<Item = &Assertion> {
        self.log.iter().filter_map(|entry| match entry {
            LogEntry::Assertion(_, assertion) => Some(assertion),
            LogEntry::Request(_) | LogEntry::Script(_) | LogEntry::Console(..) => None,
        })
    }

    /// All script errors.
    pub fn script_failures(&self) -> impl Iterator<Item = &ScriptFailure> {
        self.log.iter().filter_map(|entry| match entry {
            LogEntry::Script(failure) => Some(failure),
            LogEntry::Request(_) | LogEntry::Assertion(..) | LogEntry::Console(..) => None,
        })
    }

    /// The message about a refusal that no test checks; only safe mode counts it as a failure.
    pub fn untested(&self, mode: Mode) -> Option<String> {
        let status = self.own()?.status.filter(|status| *status >= 400)?;
        let is_failure = mode == Mode::Safe && self.assertions().next().is_none();
        is_failure.then(|| format!("the site answered {status}, and no test looks at it"))
    }

    /// Whether an assertion failed.
    pub fn has_failed_assertion(&self) -> bool {
        self.assertions().any(|assertion| !assertion.passed)
    }

    /// Whether a script or a request ended with an error.
    pub fn has_error(&self) -> bool {
        self.script_failures().next().is_some()
            || self.requests.iter().any(|it| it.error.is_some() && !it.by_script)
    }
}

/// Postman's word in a failure's `source`.
pub fn script_name(listen: Listen) -> &'static str {
    match listen {
        Listen::PreRequest => "prerequest-script",
        Listen::Test => "test-script",
    }
}
