//! `postman export`: writes a plan, or a job with a sample row, as a collection with its environment and data.

use std::io::Write;
use std::path::Path;

use headcount_app::failure::{Failure, OK, USAGE};
use headcount_app::postman_export::{self, Exported};
use headcount_app::words::{many, quoted};
use headcount_journal::{Run, RunState};
use headcount_model::job::Job;
use headcount_people::jobs;

use crate::args::PostmanExportArgs;
use crate::context::Context;
use crate::terminal::stdout;

/// Runs the command.
pub async fn run(args: &PostmanExportArgs, context: &Context) -> Result<u8, Failure> {
    let what = args.what.join(" ");
    if let Some(job) = Job::from_command(&what) {
        let exported = postman_export::job(job, &context.app, &args.output).await?;
        context.say(format!("The requests of “{job}” with a sample row: replace it by your own."));
        return done(&exported, context);
    }
    if args.what.len() > 1 {
        let has_sample = |job: &Job| !jobs::of(*job).template.0.is_empty();
        let jobs: Vec<&str> = Job::ALL.into_iter().filter(has_sample).map(Job::command).collect();
        return Err(Failure::new(USAGE, format!("“{what}” is neither a run nor a job"))
            .hint(format!("the jobs are: {}", jobs.join(", "))));
    }
    let journal = headcount_app::journal::open(&context.app)?;
    let run = journal.find(&what)?;
    let exported = postman_export::run(&journal, &run, &args.output).await;
    let exported = exported.map_err(|failure| failure.of_run(&run))?;
    for line in summary(&run, &exported) {
        context.say(line);
    }
    done(&exported, context)
}

fn summary(run: &Run, exported: &Exported) -> Vec<String> {
    let (changes, requests) = (exported.changes, exported.requests as u64);
    let mut lines = vec![format!(
        "Run {}, “{}” on {}: {}, {}.",
        run.id,
        run.job,
        run.site,
        many(changes, "change"),
        many(requests, "kind") + " of request"
    )];
    let left_out = exported.left_out.iter();
    let mut left_out: Vec<String> = left_out
        .map(|(outcome, reason, rows)| format!("{} {outcome} ({reason})", many(*rows, "row")))
        .collect();
    if exported.unanswered > 0 {
        left_out.push(format!("{} without a recorded response", many(exported.unanswered, "step")));
    }
    if !left_out.is_empty() {
        lines.push(format!("Left out: {}.", left_out.join(", ")));
    }
    match run.state {
        RunState::Finished | RunState::Stopped | RunState::Cancelled => {
            let words = "has already sent changes that are in the data file; do not send them again to the \
                         same site";
            if run.started_at.is_some() {
                lines.push(format!("Run {} {words}.", run.id));
            }
        }
        RunState::Draft
        | RunState::Sealed
        | RunState::Unapproved
        | RunState::Rejected
        | RunState::Running => {}
    }
    lines
}

/// Names the files, and says what to do with them.
fn done(exported: &Exported, context: &Context) -> Result<u8, Failure> {
    let mut out = stdout::data();
    for file in &exported.files {
        writeln!(out, "{}", file.display())?;
    }
    let [collection, environment, data] = exported.files.each_ref().map(|file| shown(file));
    if !exported.empty.is_empty() {
        context.say(format!(
            "The environment holds no credentials. Fill in {}, in the file or with --env-var.",
            exported.empty.join(", ")
        ));
    }
    context.say(format!("To run it: newman run {collection} -e {environment} -d {data}"));
    let command = context.command();
    context.say(format!("or: {command} postman run {collection} -e {environment} -d {data}"));
    context.say(
        "The collection sends each change without looking at the site first, and cannot resume or undo.",
    );
    Ok(OK)
}

fn shown(file: &Path) -> String {
    quoted(&file.display().to_string()).into_owned()
}
