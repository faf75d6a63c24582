//! `postman run --as-newman`: without a journal, one row after another, as Newman does.

use std::time::Instant;

use headcount_app::failure::{Failure, GUARD, OK, ROWS};
use headcount_collections::{Loaded, first_row};
use headcount_postman::client::HttpClient;
use headcount_postman::run::{Finished, Progress, Rows, Run, Secrets, State, run_all};
use headcount_postman::script::Pool;

use super::reports::{self, Reports};
use super::source::{export_environment, given, proxies, source};
use crate::args::{PostmanArgs, Reporter};
use crate::context::Context;
use crate::interrupt::INTERRUPTED;

/// Runs the command.
pub async fn run(args: PostmanArgs, context: &Context) -> Result<u8, Failure> {
    if args.reporters.contains(&Reporter::Html) {
        return Err(Failure::new(
            ROWS,
            "the HTML report is made from the journal, and --as-newman has none",
        )
        .hint("leave -r html or --as-newman out; nothing was sent"));
    }
    let source = source(&args)?;
    let loaded = source
        .load(&given(&args.variables))
        .map_err(|error| Failure { exit: ROWS, ..Failure::from(error) })?;
    if args.plan {
        return plan(&loaded);
    }
    let client = HttpClient::new(source.client(proxies(context)?))
        .map_err(|error| Failure::new(ROWS, error))?;
    let Loaded { run, modules, secrets, .. } = loaded;
    let pool = Pool::new(source.limits(), modules);
    let mut interrupts = context.interrupts.own();
    tokio::select! {
        biased;
        exit = rows(&run, &client, &pool, &secrets, &args) => exit,
        _ = interrupts.next() => Err(Failure::new(
            INTERRUPTED,
            "interrupted; the reports end with the last row that was done, and requests that were \
             being sent may have been applied",
        )),
    }
}

async fn rows(
    run: &Run,
    sender: &HttpClient,
    pool: &Pool,
    secrets: &Secrets,
    args: &PostmanArgs,
) -> Result<u8, Failure> {
    let started = Instant::now();
    let mut reports = Reports::new(run, secrets, args)?;
    let mut failed = None;
    let mut take = |reports: &mut Reports<'_>, progress: Progress| {
        if let Err(error) = reports.take(progress) {
            failed.get_or_insert(error);
        }
    };
    let canary = args.canary.min(run.iterations);
    let part = |range| Rows { run, range, concurrency: 1, sender, pool };
    let mut finished = Finished { state: State::new(run), bailed: false };
    if canary > 0 {
        finished = run_all(part(0..canary), finished.state, |it| take(&mut reports, it)).await?;
        if reports.has_failed_row() && canary < run.iterations {
            reports.end(&finished.state, started.elapsed())?;
            let left = run.iterations - canary;
            let message = format!("a canary row failed, so {left} rows were not run");
            return Err(Failure::new(GUARD, message));
        }
    }
    if canary < run.iterations && !finished.bailed {
        let rest = part(canary..run.iterations);
        finished = run_all(rest, finished.state, |it| take(&mut reports, it)).await?;
    }
    let state = finished.state;
    if let Some(error) = failed {
        return Err(error);
    }
    export_environment(args, &state, run, secrets)?;
    let has_failed = reports.has_failed();
    reports.end(&state, started.elapsed())?;
    Ok(if has_failed && !args.suppress_exit_code { ROWS } else { OK })
}

/// Shows what would be sent; this plan is not kept as a run.
fn plan(loaded: &Loaded) -> Result<u8, Failure> {
    let run = &loaded.run;
    let (rows, requests) = (run.iterations, run.items.len());
    let mut text = format!(
        "{}: {rows} rows, {requests} requests each; nothing is sent\n",
        run.collection.name
    );
    for line in first_row(loaded)? {
        text += &format!("  {line}\n");
    }
    reports::print(&text)?;
    Ok(OK)
}
