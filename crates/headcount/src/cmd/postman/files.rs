//! The files of a run.

use std::path::Path;

use headcount_app::failure::Failure;
use headcount_postman::load::{File, Inputs};
use headcount_postman::run::{Secrets, State};
use serde_json::json;

use crate::args::PostmanArgs;

/// Reads the files that the options name.
pub fn inputs(args: &PostmanArgs, usage: u8) -> Result<Inputs, Failure> {
    let read = |path: &Path| {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Ok(File { name, bytes }),
            Err(error) => Err(Failure::new(usage, format!("{name} can't be read: {error}"))),
        }
    };
    let optional = |path: &Option<std::path::PathBuf>| path.as_deref().map(read).transpose();
    Ok(Inputs {
        collection: Some(read(&args.collection)?),
        environment: optional(&args.environment)?,
        globals: optional(&args.globals)?,
        data: optional(&args.iteration_data)?,
        sheet: args.sheet.clone(),
        map: args.map.clone(),
        environment_variables: args.env_var.clone(),
        global_variables: args.global_var.clone(),
        folders: args.folder.clone(),
        iterations: args.iteration_count,
    })
}

/// Writes the environment as it is now, without secrets.
pub fn export_environment(
    args: &PostmanArgs,
    state: &State,
    secrets: &Secrets,
) -> Result<(), Failure> {
    let Some(path) = &args.export_environment else { return Ok(()) };
    let scope = &state.scopes.environment;
    let values = scope.variables().iter().map(|it| {
        let kind = if it.is_secret { "secret" } else { "any" };
        json!({"type": kind, "value": it.value, "key": it.key})
    });
    let mut value = json!({"name": scope.name.as_deref().unwrap_or("environment"),
        "values": values.collect::<Vec<_>>(), "_postman_variable_scope": "environment"});
    secrets.masked_value(&mut value);
    std::fs::write(path, format!("{value:#}\n"))?;
    Ok(())
}
