//! `worker status`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

use headcount_app::failure::{Failure, OK};
use headcount_app::words::{self, clean, many, thousands};
use headcount_app::workers::{Carried, Overview};
use headcount_journal::WorkerEntry;

use crate::context::Context;
use crate::show::runs;
use crate::terminal::stdout;

/// Prints the workers with their runs, and the runs that wait.
pub fn print(overview: &Overview, context: &Context) -> Result<u8, Failure> {
    let mut text = String::new();
    for worker in &overview.workers {
        worker_line(&mut text, worker);
        for run in overview.of(Some(worker.number)) {
            run_line(&mut text, run, context);
        }
    }
    if overview.workers.is_empty() {
        text.push_str("no workers\n");
    }
    if overview.of(None).next().is_some() {
        text.push_str("commands and pages\n");
    }
    for run in overview.of(None) {
        run_line(&mut text, run, context);
    }
    let _ = writeln!(text, "waiting  {}", many(overview.waiting.len() as u64, "run"));
    for (queued, run) in &overview.waiting {
        let _ = write!(text, "  {}  {}  {}", run.id, clean(&run.profile), clean(&run.site));
        let note = queued.note.as_deref().map(|note| format!("  left: {}", clean(note)));
        let _ = writeln!(text, "{}", note.unwrap_or_default());
    }
    if !overview.interrupted.is_empty() {
        text.push_str(
            "interrupted, and not in the queue: to continue one, headcount run resume RUN\n",
        );
    }
    for run in &overview.interrupted {
        let _ = writeln!(text, "  {}  {}  {}", run.id, clean(&run.profile), clean(&run.site));
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

fn run_line(text: &mut String, carried: &Carried, context: &Context) {
    let Carried { entry, run, counts } = carried;
    let now = context.app.clock.now();
    let wait = entry.waits_until.map(|until| words::time_of_day(until, now));
    let wait = wait.map(|until| format!("  waits until {until}")).unwrap_or_default();
    let _ = writeln!(
        text,
        "  {}  {}  {}: {}  {} a minute{wait}",
        run.id,
        clean(&run.site),
        carried.doing(),
        runs::short(counts),
        thousands(entry.settled),
    );
}
