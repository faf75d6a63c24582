//! What the journal keeps of a row that was sent: requests, responses, tests, variables; masked and
//! bounded.

use headcount_postman::run::{Execution, Secrets, SentRequest, Stats};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::note::Note;
use super::state_record::StateRecord;
use super::totals::Totals;

/// A body is kept up to this length, in characters.
const BODY: usize = 2_000;

/// Requests and tests of a row that are kept, each at most.
const MOST: usize = 100;

/// What the journal has of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// It was sent to its end.
    Whole(Box<RowRecord>),
    /// It was interrupted, or has no answer: what it was about to send.
    Noted(Box<Note>),
}

impl Kept {
    /// Of a step's records; `None`: nothing is kept.
    pub fn read(records: &[String]) -> Option<Self> {
        let whole = RowRecord::read(records).map(|record| Self::Whole(Box::new(record)));
        whole.or_else(|| Note::last(records).map(|note| Self::Noted(Box::new(note))))
    }
}

/// A row that was sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RowRecord {
    /// Its requests, in their order.
    pub requests: Vec<RequestRecord>,
    /// Its tests.
    pub tests: Vec<TestRecord>,
    /// Errors of its scripts.
    pub script_errors: Vec<String>,
    /// The variables that scripts have set, by scope.
    pub variables: Value,
    /// Postman's counts, of everything, also of what is not kept.
    pub totals: Totals,
    /// What it leaves to the next row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<StateRecord>,
}

/// A request and its response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestRecord {
    /// Its name in the collection.
    pub name: String,
    /// The method.
    pub method: String,
    /// The address.
    pub url: String,
    /// The body that was sent.
    pub body: String,
    /// The status; `None`: no answer.
    pub status: Option<u16>,
    /// The body that was received, or why there is no answer.
    pub response: String,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

/// A test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TestRecord {
    /// Its name.
    pub name: String,
    /// The name of its request.
    pub request: String,
    /// Why it failed; `None`: it passed.
    pub error: Option<String>,
}

impl RowRecord {
    pub(crate) fn of(executions: &[Execution], variables: Value, secrets: &Secrets) -> Self {
        let mut record = Self { variables, ..Self::default() };
        let mut stats = Stats::default();
        for execution in executions {
            stats.add(execution);
            let name = &secrets.masked(&execution.item.name);
            let requests = execution.requests.iter().map(|it| request(name, it, secrets));
            record.requests.extend(requests);
            let tests = execution.assertions().map(|assertion| TestRecord {
                name: bounded(&assertion.name, secrets),
                request: name.clone(),
                error: assertion.error.as_ref().map(|error| bounded(&error.message, secrets)),
            });
            record.tests.extend(tests);
            let errors = execution.script_failures();
            record.script_errors.extend(errors.map(|it| bounded(&it.error.to_string(), secrets)));
        }
        record.totals = Totals::of_row(&stats);
        record.requests.truncate(MOST);
        record.tests.truncate(MOST);
        record.script_errors.truncate(MOST);
        record
    }

    pub(crate) fn text(&self) -> Box<str> {
        serde_json::to_string(self).unwrap_or_default().into()
    }

    /// The record of a row among a step's records, where it was sent to its end.
    pub fn read(records: &[String]) -> Option<Self> {
        let last = records.last()?;
        let value: Value = serde_json::from_str(last).ok()?;
        value.get("requests")?;
        serde_json::from_value(value).ok()
    }
}

fn request(name: &str, sent: &SentRequest, secrets: &Secrets) -> RequestRecord {
    let body = match sent.request.get("body") {
        None | Some(Value::Null) => String::new(),
        Some(body) => match body.get("raw") {
            Some(Value::String(raw)) => raw.clone(),
            _ => body.to_string(),
        },
    };
    let response = match &sent.error {
        Some(error) => error.to_string(),
        None => String::from_utf8_lossy(&sent.body[..sent.body.len().min(32 * BODY)]).into_owned(),
    };
    RequestRecord {
        name: name.to_owned(),
        method: sent.method.clone(),
        url: bounded(&sent.url, secrets),
        body: bounded(&body, secrets),
        status: sent.status,
        response: bounded(&response, secrets),
        milliseconds: u64::try_from(sent.time.as_millis()).unwrap_or(u64::MAX),
    }
}

/// Masked before it is cut: a part of a secret is one, too.
fn bounded(text: &str, secrets: &Secrets) -> String {
    let masked = secrets.masked(text);
    match masked.char_indices().nth(BODY) {
        None => masked,
        Some((end, _)) => format!("{}…", &masked[..end]),
    }
}
