//! `worker status`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

use headcount_app::failure::{Failure, OK};
use headcount_app::words::{self, clean, many, thousands};
use headcount_journal::{CarriedRun, Journal, JournalError, QueuedRun, WorkQueue, WorkerEntry};

use crate::context::Context;
use crate::show::runs;
use crate::terminal::stdout;

/// Prints the workers with their runs, and the runs that wait.
pub fn print(
    journal: &Journal,
    queue: &mut dyn WorkQueue,
    context: &Context,
) -> Result<u8, Failure> {
    let (workers, carried, queued) = (queue.workers()?, queue.carried()?, queue.queued()?);
    let mut text = String::new();
    for worker in &workers {
        worker_line(&mut text, worker);
        for run in carried.iter().filter(|run| run.worker == Some(worker.number)) {
            run_line(&mut text, journal, run, context)?;
        }
    }
    if workers.is_empty() {
        text.push_str("no workers\n");
    }
    let others: Vec<_> = carried.iter().filter(|run| run.worker.is_none()).collect();
    if !others.is_empty() {
        text.push_str("commands and pages\n");
    }
    for run in others {
        run_line(&mut text, journal, run, context)?;
    }
    let waits = |one: &&QueuedRun| !carried.iter().any(|run| run.run == one.run);
    let waiting: Vec<_> = queued.iter().filter(waits).collect();
    let _ = writeln!(text, "waiting  {}", many(waiting.len() as u64, "run"));
    for one in waiting {
        let run = journal.run(one.run.as_str())?;
        let _ = write!(text, "  {}  {}  {}", run.id, clean(&run.profile), clean(&run.site));
        let note = one.note.as_deref().map(|note| format!("  left: {}", clean(note)));
        let _ = writeln!(text, "{}", note.unwrap_or_default());
    }
    stdout::data().write_all(text.as_bytes())?;
    Ok(OK)
}

fn worker_line(text: &mut String, worker: &WorkerEntry) {
    let WorkerEntry { number, host, process, profiles, jobs, seen, is_alive, .. } = worker;
    let profiles = profiles.as_ref().map_or("all profiles".to_owned(), |names| names.join(", "));
    let seen = words::short(Duration::from_secs(seen.as_secs()));
    let state = if *is_alive { "" } else { "  gone" };
    let _ = writeln!(
        text,
        "worker {number}  {} process {process}  {}  up to {jobs} at once  seen {seen} ago{state}",
        clean(host),
        clean(&profiles),
    );
}

fn run_line(
    text: &mut String,
    journal: &Journal,
    carried: &CarriedRun,
    context: &Context,
) -> Result<(), JournalError> {
    let run = journal.run(carried.run.as_str())?;
    let counts = journal.counts(&run.id)?;
    let now = context.app.clock.now();
    let wait = carried.waits_until.map(|until| words::time_of_day(until, now));
    let wait = wait.map(|until| format!("  waits until {until}")).unwrap_or_default();
    let _ = writeln!(
        text,
        "  {}  {}  {}  {} a minute{wait}",
        run.id,
        clean(&run.site),
        runs::short(&counts),
        thousands(carried.settled),
    );
    Ok(())
}
