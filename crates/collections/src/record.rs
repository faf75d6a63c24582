//! The record of a sent row in the journal: requests, responses, tests, variables; masked and limited.

use headcount_postman::run::{Execution, Secrets, SentRequest, Stats};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::note::Note;
use super::state_record::StateRecord;
use super::totals::Totals;

/// The longest body that is kept, in characters.
const BODY: usize = 2_000;

/// The most requests and the most tests of a row that are kept.
const MOST: usize = 100;

/// What the journal has about a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// The row was sent to its end.
    Whole(Box<RowRecord>),
    /// The row was interrupted or has no response: the request that it was about to send.
    Noted(Box<Note>),
}

impl Kept {
    /// Reads a step's records; `None` if there are none.
    pub fn read(records: &[String]) -> Option<Self> {
        let whole = RowRecord::read(records).map(|record| Self::Whole(Box::new(record)));
        whole.or_else(|| Note::last(records).map(|note| Self::Noted(Box::new(note))))
    }
}

/// A row that was sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RowRecord {
    /// Its requests, in order.
    pub requests: Vec<RequestRecord>,
    /// Its tests.
    pub tests: Vec<TestRecord>,
    /// Errors of its scripts.
    pub script_errors: Vec<String>,
    /// The variables that scripts have set, by scope.
    pub variables: Value,
    /// Postman's counts, including what is not kept.
    pub totals: Totals,
    /// The state for the next row.
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
    /// The status; `None` if there is no response.
    pub status: Option<u16>,
    /// The body of the response, or why there is none.
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
    /// Why it failed; `None` if it passed.
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

    /// The record of a row among a step's records, if the row was sent to its end.
    pub fn read(records: &[String]) -> Option<Self> {
        let last = records.last()?;
        let value: Value = serde_json::from_str(last).ok()?;
        value.get("requests")?;
        serde_json::from_value(value).ok()
    }
}

fn request(name: &str, sent: &SentRequest, secrets: &Secrets) -> RequestRecord {
    let mut body = sent.request.body();
    // Fields of a form have their names next to them.
    if let Ok(mut form) = serde_json::from_str::<Value>(&body)
        && form.get("mode").is_some()
    {
        secrets.masked_value(&mut form);
        body = form.to_string();
    }
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

/// Masked before it is cut, because a part of a secret is a secret, too.
fn bounded(text: &str, secrets: &Secrets) -> String {
    let masked = secrets.masked(text);
    match masked.char_indices().nth(BODY) {
        None => masked,
        Some((end, _)) => format!("{}…", &masked[..end]),
    }
}
