//! The input and the results of a script.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use crate::model::Listen;

/// Everything that a script can read, as JSON texts, because most scripts read little of it.
#[derive(Clone, Debug, Default)]
pub struct ScriptInput {
    /// When it runs.
    pub target: Option<Listen>,
    /// `pm.info`.
    pub info: String,
    /// Names from the collection down to the request.
    pub location: String,
    /// The name of the script's owner.
    pub owner: String,
    /// The id of the execution that the script belongs to; reports show it.
    pub reference: String,
    /// The names of the environment and of the globals, as `{"environment": …, "globals": …}`.
    pub names: String,
    /// Scopes as `[key, value, cast, disabled]` lists: globals, collection, environment, data, local.
    pub globals: String,
    /// The collection's variables.
    pub collection: String,
    /// The environment.
    pub environment: String,
    /// The data row.
    pub data: String,
    /// `pm.variables`.
    pub local: String,
    /// The request in the SDK's form.
    pub request: String,
    /// The response without its headers and its body; empty before the request.
    pub response: String,
    /// The response's headers.
    pub headers: String,
    /// The body; `None` if there is no response.
    pub body: Option<Bytes>,
    /// The jar's cookies for the address.
    pub cookies: String,
    /// Whether the script may do more with `pm` than to name its members.
    pub is_whole: bool,
}

/// One assertion.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Assertion {
    /// Its name.
    pub name: String,
    /// `pm.test.skip`.
    pub skipped: bool,
    /// Whether it held.
    pub passed: bool,
    /// Its number among the script's assertions, from 0.
    pub index: usize,
    /// Why it failed.
    pub error: Option<ScriptError>,
    /// The execution whose script left the function that made it, if it is another one.
    #[serde(default)]
    pub of: Option<String>,
}

/// What a script reports while it runs, in order.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Event {
    /// `pm.test` or `tests[…]`.
    Assertion(Assertion),
    /// `console.log` and the others.
    Console {
        /// `log`, `warn`, `error`, `info` or `debug`.
        level: String,
        /// The values, shown.
        text: String,
    },
}

/// An error that a script threw or that stopped it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct ScriptError {
    /// `TypeError` and similar; empty if the thrown value is not an error.
    pub name: String,
    /// Its message.
    pub message: String,
    /// The line of the script, from 1.
    #[serde(default)]
    pub line: Option<u32>,
    /// The column of that line, from 1.
    #[serde(default)]
    pub column: Option<u32>,
}

impl std::fmt::Display for ScriptError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = if self.name.is_empty() { "Error" } else { &self.name };
        write!(f, "{name}: {}", self.message)
    }
}

/// One change of a variable: the scope's name in `pm`, the name, and the value.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Set to a value.
    Set(String, String, Value),
    /// Removed.
    Unset(String, String),
    /// All removed.
    Clear(String),
}

/// What is pending after a step.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Pending {
    /// Requests to send: a number, and the request in the SDK's form.
    pub sends: Vec<(u32, String)>,
    /// When the next timer is due, in milliseconds of the engine's clock.
    pub due: Option<f64>,
}

/// The results of a script.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScriptOutput {
    /// Assertions and console lines, in order.
    pub events: Vec<Event>,
    /// Changes of variables, in order.
    pub changes: Vec<Change>,
    /// The error that ended it.
    pub error: Option<ScriptError>,
    /// `setNextRequest`: the name, or `null`.
    pub next: Option<Value>,
    /// Whether it called `skipRequest`.
    pub skipped: bool,
    /// The request in the SDK's form, if the script used it.
    pub request: Option<String>,
}

#[derive(Deserialize)]
struct RawOutput {
    events: Vec<Event>,
    changes: Vec<Vec<Value>>,
    error: Option<ScriptError>,
    #[serde(default, deserialize_with = "present")]
    next: Option<Value>,
    #[serde(default)]
    skipped: bool,
    request: Option<String>,
}

/// `null` is a value here.
fn present<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

impl ScriptOutput {
    /// From JSON: an object, or, where assertions that hold are all there is, the list of their names.
    pub(super) fn read(text: &str) -> Result<Self, serde_json::Error> {
        if !text.starts_with('[') {
            return serde_json::from_str::<RawOutput>(text).map(Self::from);
        }
        let names: Vec<String> = serde_json::from_str(text)?;
        let passed = |(index, name)| {
            let (skipped, passed, error, of) = (false, true, None, None);
            Event::Assertion(Assertion { name, skipped, passed, index, error, of })
        };
        let events = names.into_iter().enumerate().map(passed).collect();
        Ok(Self { events, ..Self::default() })
    }
}

impl From<RawOutput> for ScriptOutput {
    fn from(raw: RawOutput) -> Self {
        Self {
            events: raw.events,
            changes: raw.changes.into_iter().filter_map(change).collect(),
            error: raw.error,
            next: raw.next,
            skipped: raw.skipped,
            request: raw.request,
        }
    }
}

fn change(parts: Vec<Value>) -> Option<Change> {
    let mut parts = parts.into_iter();
    let mut text = || match parts.next()? {
        Value::String(text) => Some(text),
        _ => None,
    };
    let (scope, kind) = (text()?, text()?);
    match kind.as_str() {
        "clear" => Some(Change::Clear(scope)),
        "unset" => Some(Change::Unset(scope, text()?)),
        _ => {
            let name = text()?;
            Some(Change::Set(scope, name, parts.next().unwrap_or_default()))
        }
    }
}
