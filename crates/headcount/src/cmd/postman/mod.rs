//! `postman`: runs collections as Newman does, with rows at the same time where order cannot matter.

mod files;
mod reports;

use std::time::{Duration, Instant};

use headcount_app::failure::{Failure, GUARD, OK, ROWS, USAGE};
use headcount_postman::check::{Order, order};
use headcount_postman::client::{ClientOptions, HttpClient, Paced};
use headcount_postman::exchange::Sender;
use headcount_postman::load::load;
use headcount_postman::prepare::{Prepared, Preparing};
use headcount_postman::run::{
    Bail, Finished, Progress, Rows, Run, RunOptions, Secrets, State, run_all,
};
use headcount_postman::script::{EngineLimits, Modules, Pool};
use headcount_postman::variables::{Mode, Scopes};

use crate::args::{BailArg, PostmanArgs, PostmanCommand};
use crate::context::Context;
use crate::interrupt::INTERRUPTED;
use crate::terminal::talk;

use self::reports::Reports;

/// Runs it.
pub async fn run(command: PostmanCommand, context: &Context) -> Result<u8, Failure> {
    match command {
        PostmanCommand::Run(args) => collection(*args, context).await,
    }
}

async fn collection(args: PostmanArgs, context: &Context) -> Result<u8, Failure> {
    let modules = modules(&args)?;
    let usage = if args.as_newman { ROWS } else { USAGE };
    let inputs = files::inputs(&args, usage)?;
    let run = load(inputs, &modules, options(&args))
        .map_err(|error| Failure::new(usage, error.to_string()).hint("nothing was sent"))?;
    let secrets = Secrets::of(&run);
    let order = order(&run);
    if args.plan {
        return plan(&run, &order, &secrets);
    }
    talk_about_order(&run, &order, &args);
    let concurrency = match order {
        Order::Parallel(_) => args.concurrency.max(1),
        Order::InTurn(_) => 1,
    };
    let timeout = request_timeout(args.timeout_request, args.as_newman);
    let options = ClientOptions { insecure: args.insecure, timeout };
    let client = HttpClient::new(options).map_err(|error| Failure::new(USAGE, error))?;
    let pool = Pool::new(limits(&args), modules);
    let mut interrupts = context.interrupts.own();
    let whole = async {
        match args.as_newman {
            true => rows(&run, concurrency, &client, &pool, &secrets, &args).await,
            false => {
                let paced = Paced::new(client, args.rate);
                rows(&run, concurrency, &paced, &pool, &secrets, &args).await
            }
        }
    };
    tokio::select! {
        biased;
        exit = whole => exit,
        _ = interrupts.next() => Err(Failure::new(
            INTERRUPTED,
            "interrupted; the reports end with the last row that was done, and requests that were \
             being sent may have been applied",
        )),
    }
}

async fn rows<S: Sender>(
    run: &Run,
    concurrency: usize,
    sender: &S,
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
    let part = |range, concurrency| Rows { run, range, concurrency, sender, pool };
    let mut finished = Finished { state: State::new(run), bailed: false };
    if canary > 0 {
        let first = part(0..canary, 1);
        finished = run_all(first, finished.state, |it| take(&mut reports, it)).await;
        if reports.has_failed_row() && canary < run.iterations {
            reports.end(&finished.state, started.elapsed())?;
            let left = run.iterations - canary;
            let message = format!("a canary row failed, so {left} rows were not run");
            return Err(Failure::new(GUARD, message));
        }
    }
    if canary < run.iterations && !finished.bailed {
        let rest = part(canary..run.iterations, concurrency);
        finished = run_all(rest, finished.state, |it| take(&mut reports, it)).await;
    }
    let state = finished.state;
    if let Some(error) = failed {
        return Err(error);
    }
    files::export_environment(args, &state, secrets)?;
    let has_failed = reports.has_failed();
    reports.end(&state, started.elapsed())?;
    Ok(if has_failed && !args.suppress_exit_code { ROWS } else { OK })
}

fn modules(args: &PostmanArgs) -> Result<Modules, Failure> {
    let Some(folder) = &args.modules else { return Ok(Modules::none()) };
    Modules::in_folder(folder).map_err(|error| {
        Failure::new(USAGE, format!("--modules: {} can't be read: {error}", folder.display()))
    })
}

fn options(args: &PostmanArgs) -> RunOptions {
    RunOptions {
        mode: if args.as_newman { Mode::AsNewman } else { Mode::Safe },
        bail: match args.bail {
            None => Bail::No,
            Some(BailArg::Failure) => Bail::Failure,
            Some(BailArg::Folder) => Bail::Folder,
        },
        delay: Duration::from_millis(args.delay_request),
        follow_redirects: !args.ignore_redirects,
        folder: args.working_dir.clone().unwrap_or_default(),
    }
}

/// The longest time of a request; `None` is no limit, which is Newman's own default.
fn request_timeout(given: Option<u64>, as_newman: bool) -> Option<Duration> {
    match given {
        Some(0) => None,
        Some(limit) => Some(Duration::from_millis(limit)),
        None => (!as_newman).then_some(Duration::from_secs(120)),
    }
}

fn limits(args: &PostmanArgs) -> EngineLimits {
    let limits = EngineLimits::default();
    match args.timeout_script {
        None | Some(0) => limits,
        Some(limit) => {
            let limit = Duration::from_millis(limit);
            EngineLimits { step: limit, whole: limit, ..limits }
        }
    }
}

fn talk_about_order(run: &Run, order: &Order, args: &PostmanArgs) {
    if run.iterations < 2 || args.as_newman || args.concurrency < 2 {
        return;
    }
    match order {
        Order::Parallel(reason) => {
            let rows = args.concurrency;
            talk::line(format!("Up to {rows} rows run at the same time: {reason}."));
        }
        Order::InTurn(reason) => {
            talk::line(format!("Rows run one after the other: {reason}."));
        }
    }
}

/// The plan: what would be sent, with the first row's requests.
fn plan(run: &Run, order: &Order, secrets: &Secrets) -> Result<u8, Failure> {
    let mut lines = vec![format!(
        "{}: {} rows, {} requests each; nothing is sent",
        run.collection.name,
        run.iterations,
        run.items.len()
    )];
    lines.push(match order {
        Order::Parallel(reason) => format!("Rows can run at the same time: {reason}."),
        Order::InTurn(reason) => format!("Rows run one after the other: {reason}."),
    });
    let scopes = Scopes { data: run.row(0), ..run.scopes.clone() };
    for item in &run.items {
        let preparing = Preparing {
            scopes: &scopes,
            auth: item.auth.as_ref(),
            behavior: &item.behavior,
            folder: &run.options.folder,
        };
        lines.push(match Prepared::new(&item.request, preparing) {
            Ok(prepared) => {
                let body = prepared.body.as_deref().map(String::from_utf8_lossy);
                let body = body.map(|body| format!("\n    {body}")).unwrap_or_default();
                format!("  {} {}{body}", prepared.method, prepared.target.text())
            }
            Err(error) => format!("  {} {}: {error}", item.request.method, item.request.url.text()),
        });
    }
    reports::print(&secrets.masked(&(lines.join("\n") + "\n")))?;
    Ok(OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requests_time_is_as_the_help_says() {
        let limit = Duration::from_secs;
        for (given, as_newman, wanted) in [
            (None, false, Some(limit(120))),
            (None, true, None),
            (Some(0), false, None),
            (Some(0), true, None),
            (Some(3000), false, Some(limit(3))),
            (Some(3000), true, Some(limit(3))),
        ] {
            assert_eq!(request_timeout(given, as_newman), wanted, "{given:?}, {as_newman}");
        }
    }
}
