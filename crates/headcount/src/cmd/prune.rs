//! `run prune`: removes old runs from the journal.

use std::path::PathBuf;

use headcount_app::failure::{Failure, GUARD, OK, USAGE};
use headcount_app::retention::{before, keep_reports};
use headcount_app::words::runs::state;
use headcount_app::words::{clean, many};
use headcount_journal::{Journal, Run, Space};

use crate::args::PruneArgs;
use crate::context::Context;
use crate::show::ask::Answers;
use crate::show::runs;

/// The folder of kept reports, next to the journal.
const FOLDER: &str = "reports";

/// Runs the command.
pub fn run(journal: &mut Journal, args: &PruneArgs, context: &Context) -> Result<u8, Failure> {
    let before = before(&args.older_than, context.app.clock)?;
    let old = journal.old_runs(before)?;
    let total: usize = old.iter().map(Vec::len).sum();
    if total == 0 {
        context.say(format!("No run ended before {before} and can be removed."));
        return Ok(OK);
    }
    for run in old.iter().flatten() {
        context.say(line(journal, run)?);
    }
    let runs = many(total as u64, "run");
    let kept = args.keep_report.as_ref().map(|folder| folder_of(folder, context));
    if !is_agreed(args, &runs, context)? {
        context.say("Nothing was removed.");
        return Ok(GUARD);
    }
    if let Some(folder) = &kept {
        old.iter().flatten().try_for_each(|run| keep_reports(journal, run, folder))?;
    }
    old.iter().try_for_each(|family| journal.remove_runs(family))?;
    let reports = kept.map(|folder| format!("; their reports are in {}", folder.display()));
    context.say(format!("Removed {runs}{}.", reports.unwrap_or_default()));
    context.say(match journal.shrink()? {
        Space::Returned { before, after } => {
            format!("The journal shrank from {} to {}.", kilobytes(before), kilobytes(after))
        }
        Space::Reused => "The journal uses the space again for new runs.".to_owned(),
    });
    Ok(OK)
}

fn is_agreed(args: &PruneArgs, runs: &str, context: &Context) -> Result<bool, Failure> {
    if args.yes {
        return Ok(true);
    }
    let answers = Answers::of(context, false);
    if answers == Answers::Nowhere {
        return Err(Failure::new(USAGE, "there is no terminal to ask on; nothing was removed")
            .hint("add --yes to remove these runs without asking"));
    }
    Ok(answers.yes(&format!("Remove {runs} from the journal? They can no longer be undone.")))
}

fn folder_of(folder: &Option<PathBuf>, context: &Context) -> PathBuf {
    let next_to_journal = || context.app.journal.parent().map(|journal| journal.join(FOLDER));
    folder.clone().or_else(next_to_journal).unwrap_or_else(|| PathBuf::from(FOLDER))
}

fn line(journal: &Journal, run: &Run) -> Result<String, Failure> {
    let what = match &run.undoes {
        Some(undone) => format!("undo of {undone}"),
        None => run.input.clone(),
    };
    let counts = journal.counts(&run.id)?;
    Ok(format!(
        "  {}  {}  {}  {}  {}: {}",
        run.id,
        state(journal, run),
        run.job.command(),
        clean(&run.site),
        clean(&what),
        runs::short(&counts)
    ))
}

fn kilobytes(bytes: u64) -> String {
    format!("{} KB", headcount_app::words::thousands(bytes.div_ceil(1_000)))
}
