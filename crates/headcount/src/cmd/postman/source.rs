//! Reads the files and options of a run from the command line.

use std::io::Write;
use std::path::{Path, PathBuf};

use headcount_app::failure::Failure;
use headcount_app::words::clean;
use headcount_collections::{Given, Source};
use headcount_postman::client::ProxyMatcher;
use headcount_postman::report::{ExportedEnvironment, export_environment as exported};
use headcount_postman::run::{Run, Secrets, State};

use crate::args::{BailArg, PostmanArgs, VariableArgs};
use crate::context::Context;
use crate::terminal::talk;

/// The files and options, with absolute paths, because a run may be resumed from another folder.
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
        is_uploaded: false,
    })
}

/// The proxies that the environment names.
pub fn proxies(context: &Context) -> Result<ProxyMatcher, Failure> {
    let named = context.app.proxies()?;
    Ok(ProxyMatcher::new(named.matcher(), named.http_matcher()?))
}

/// The values that no file has.
pub fn given(args: &VariableArgs) -> Given {
    let (environment, globals) = (args.env_var.clone(), args.global_var.clone());
    Given { environment, globals, hidden: Vec::new() }
}

/// Writes the environment in its current state; `headcount_postman::report::export_environment` says what happens
/// to its secrets.
pub fn export_environment(
    args: &PostmanArgs,
    state: &State,
    run: &Run,
    secrets: &Secrets,
) -> Result<(), Failure> {
    let Some(path) = &args.export_environment else { return Ok(()) };
    let ExportedEnvironment { json, left_out, written } = exported(run, state, secrets);
    write_private(path, &format!("{json:#}\n"))?;
    let file = path.display();
    if !left_out.is_empty() {
        talk::line(format!(
            "{file} does not contain {}: headcount leaves out secrets from your files and options. \
             Give them to the next run with --env-var, or write all with --as-newman.",
            clean(&left_out.join(", "))
        ));
    }
    if !written.is_empty() {
        talk::line(format!(
            "{file} holds secrets ({}); keep the file as safe as a password.",
            clean(&written.join(", "))
        ));
    }
    Ok(())
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
