//! Variables in the journal: masked for people; and for rows that run one after another, in a form from which a
//! later process can continue.

use headcount_postman::model::Scope;
use headcount_postman::run::{Run, Secrets, State};
use headcount_postman::value::shown;
use headcount_postman::variables::Scopes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The largest state that is kept, in bytes.
const LARGEST: usize = 256 * 1024;

/// The longest value that is shown, in characters.
const SHOWN: usize = 500;

fn scopes_of(scopes: &Scopes) -> [(&'static str, &Scope); 4] {
    [
        ("globals", &scopes.globals),
        ("collection", &scopes.collection),
        ("environment", &scopes.environment),
        ("local", &scopes.local),
    ]
}

/// Whether a script has set a variable.
pub(crate) fn has_written(scopes: &Scopes) -> bool {
    scopes_of(scopes).iter().any(|(_, scope)| scope.variables().iter().any(|it| it.is_written))
}

/// The variables that scripts have set, masked and limited.
pub(crate) fn written(scopes: &Scopes, secrets: &Secrets) -> Value {
    let mut all = Map::new();
    for (name, scope) in scopes_of(scopes) {
        let set = scope.variables().iter().filter(|it| it.is_written);
        let set = set.map(|it| {
            let text = it.value.as_ref().map(shown).unwrap_or_default();
            let text = match it.is_secret {
                true => Secrets::MASK.to_owned(),
                false => secrets.masked(&text).chars().take(SHOWN).collect(),
            };
            (secrets.masked(&it.key), Value::from(text))
        });
        let set: Map<_, _> = set.collect();
        if !set.is_empty() {
            all.insert(name.to_owned(), set.into());
        }
    }
    all.into()
}

/// The state that a row leaves for the next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StateRecord {
    /// Each scope's variables that differ from the files: set, or removed (without a value).
    Whole(Vec<(String, String, Option<Value>)>),
    /// It can't be stored, with the reason.
    Lost(String),
}

impl StateRecord {
    /// The record of the state after a row.
    pub(crate) fn of(run: &Run, state: &State, secrets: &Secrets) -> Self {
        if !state.jar.is_empty() {
            return Self::Lost("the site has set cookies, which are not kept".to_owned());
        }
        let mut changes = Vec::new();
        for ((name, before), (_, now)) in
            scopes_of(&run.scopes).into_iter().zip(scopes_of(&state.scopes))
        {
            for variable in now.variables().iter().filter(|it| it.is_written) {
                let value = variable.value.clone().unwrap_or(Value::Null);
                let is_named = secrets.are_in(&variable.key);
                if is_named || variable.is_secret || secrets.are_in(&shown(&value)) {
                    let name = secrets.masked(&variable.key);
                    return Self::Lost(format!(
                        "a script has set the secret {name}, which is not kept"
                    ));
                }
                changes.push((name.to_owned(), variable.key.clone(), Some(value)));
            }
            let gone = before.variables().iter().filter(|it| now.get(&it.key).is_none());
            let gone = gone.filter(|it| !it.disabled);
            changes.extend(gone.map(|it| (name.to_owned(), it.key.clone(), None)));
        }
        let size = serde_json::json!(changes).to_string().len();
        match size > LARGEST {
            true => Self::Lost(format!("the variables that scripts have set hold {size} bytes")),
            false => Self::Whole(changes),
        }
    }

    /// The recorded state.
    ///
    /// # Errors
    /// It was not stored, with the reason.
    pub(crate) fn restored(self, run: &Run) -> Result<State, String> {
        let changes = match self {
            Self::Whole(changes) => changes,
            Self::Lost(why) => return Err(why),
        };
        let mut state = State::new(run);
        for (name, key, value) in changes {
            let scope = match name.as_str() {
                "globals" => &mut state.scopes.globals,
                "collection" => &mut state.scopes.collection,
                "environment" => &mut state.scopes.environment,
                _ => &mut state.scopes.local,
            };
            match value {
                Some(value) => scope.write(&key, Some(value)),
                None => scope.unset(&key),
            }
        }
        Ok(state)
    }
}
