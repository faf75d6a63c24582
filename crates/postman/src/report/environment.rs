//! The environment after a run, as `--export-environment` writes it.
//!
//! A secret from a file or an option is left out, so that no copy of it is on the disk, and a later run that lacks
//! it says so before it sends. Values that a script has set, for example a pipeline's token, are the reason for
//! exporting, so they are written. With `--as-newman`, everything is written.

use serde_json::{Value, json};

use crate::model::Variable;
use crate::run::{Run, Secrets, State};
use crate::value::shown;
use crate::variables::Mode;

/// An environment to write, and the notices about it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportedEnvironment {
    /// The file's content.
    pub json: Value,
    /// Variables with a secret from a file or an option, or in their names, which are left out; masked.
    pub left_out: Vec<String>,
    /// Variables with a secret that are written; masked.
    pub written: Vec<String>,
}

/// The environment as it is now.
pub fn export_environment(run: &Run, state: &State, secrets: &Secrets) -> ExportedEnvironment {
    let scope = &state.scopes.environment;
    let (mut left_out, mut written, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for variable in scope.variables() {
        let is_named = secrets.are_in(&variable.key);
        let is_secret = is_named || is_secret(variable, secrets);
        let came_in = run.scopes.environment.variables().contains(variable);
        // A script may use a secret as a name.
        if is_secret && (came_in || is_named) && run.options.mode == Mode::Safe {
            left_out.push(secrets.masked(&variable.key));
            continue;
        }
        if is_secret {
            written.push(secrets.masked(&variable.key));
        }
        let kind = if variable.is_secret { "secret" } else { "any" };
        values.push(json!({"type": kind, "value": variable.value, "key": variable.key}));
    }
    let json = json!({"name": scope.name.as_deref().unwrap_or("environment"), "values": values,
        "_postman_variable_scope": "environment"});
    ExportedEnvironment { json, left_out, written }
}

fn is_secret(variable: &Variable, secrets: &Secrets) -> bool {
    let value = variable.value.as_ref().map(shown).unwrap_or_default();
    !value.is_empty()
        && (variable.is_secret || secrets.are_in(&value) || secrets.is_name(&variable.key))
}
