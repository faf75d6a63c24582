//! Writes variables as an environment, in the form in which Postman exports it.

use serde_json::{Value, json};

/// The kind of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text that may be read by others.
    Plain,
    /// A secret: Postman hides its value.
    Secret,
}

/// A variable of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its value; empty if the user fills it in.
    pub value: String,
    /// Its kind.
    pub kind: Kind,
}

/// An environment.
pub fn environment(name: &str, variables: &[Variable]) -> Value {
    let values: Vec<Value> = variables
        .iter()
        .map(|variable| {
            let kind = match variable.kind {
                Kind::Plain => "default",
                Kind::Secret => "secret",
            };
            json!({"key": variable.name, "value": variable.value, "type": kind, "enabled": true})
        })
        .collect();
    json!({"name": name, "values": values, "_postman_variable_scope": "environment"})
}
