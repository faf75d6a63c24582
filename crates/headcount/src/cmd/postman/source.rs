//! From the command line to the files and options of a run.

use std::path::{Path, PathBuf};

use headcount_app::failure::Failure;
use headcount_collections::{Given, Source};
use headcount_postman::run::{Run, Secrets, State};
use serde_json::json;

use crate::args::{BailArg, PostmanArgs, VariableArgs};

/// The files and options, with absolute paths: a run may be resumed from another folder.
pub fn source(args: &PostmanArgs) -> Result<Source, Failure> {
    let absolute = |path: &Path| std::path::absolute(path);
    let optional = |path: &Option<PathBuf>| path.as_deref().map(absolute).transpose();
    let working = args.working_dir.clone().unwrap_or_else(|| ".".into());
    Ok(Source {
        collection: absolute(&args.collection)?,
        environment: optional(&args.environment)?,
        globals: optional(&args.globals)?,
        data: optional(&args.iteration_data)?,
        sheet: args.sheet.clone(),
        map: args.map.clone(),
        folders: args.folder.clone(),
        iterations: args.iteration_count,
        bail: args.bail.map(|at| match at {
            BailArg::Folder => "folder".to_owned(),
            BailArg::Failure => "failure".to_owned(),
        }),
        follows_redirects: !args.ignore_redirects,
        delay: args.delay_request,
        request_timeout: args.timeout_request,
        script_timeout: args.timeout_script,
        folder: absolute(&working)?,
        is_insecure: args.insecure,
        modules: optional(&args.modules)?,
        as_newman: args.as_newman,
    })
}

/// The values that no file has.
pub fn given(args: &VariableArgs) -> Given {
    Given { environment: args.env_var.clone(), globals: args.global_var.clone() }
}

/// Writes the environment as it is now, without secrets.
pub fn export_environment(
    args: &PostmanArgs,
    state: &State,
    run: &Run,
    secrets: &Secrets,
) -> Result<(), Failure> {
    let Some(path) = &args.export_environment else { return Ok(()) };
    let secrets = secrets.and(run, &state.scopes);
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
