//! `postman run`: plan, canary, rows, reports; each row is a step of a run.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use headcount_app::collections::{options, send};
use headcount_app::failure::{Failure, OK, ROWS};
use headcount_app::native_job::native_jobs;
use headcount_app::report_file::{self, Format};
use headcount_app::words::quoted;
use headcount_collections::{CollectionExecutor, Executing, FinishedRows, Loaded, Source, plan};
use headcount_engine::{Ending, Halt};
use headcount_journal::{Journal, Run, RunLock};
use headcount_model::event::Event;

use super::reporting::Reporting;
use super::reports::Reports;
use super::source::{export_environment, given, proxies, source};
use crate::args::{PostmanArgs, Reporter, SendArgs};
use crate::cmd::send::write_report;
use crate::cmd::{limits, send as sending};
use crate::context::Context;
use crate::interrupt::stop;
use crate::show::watch::Console;
use crate::show::{collection, output, runs};
use crate::terminal::stdout;

/// Runs the command.
pub async fn run(mut args: PostmanArgs, context: &Context) -> Result<u8, Failure> {
    if context.json {
        // Standard output has the events.
        args.reporters.retain(|reporter| *reporter != Reporter::Cli);
    }
    if let Some(path) = &args.report {
        output::check_report(path, context)?;
    }
    if args.reporters.contains(&Reporter::Html) {
        report_file::check(&html_path(&args))?;
    }
    let (source, given) = (source(&args)?, given(&args.variables));
    let loaded = source.load(&given)?;
    offer_jobs(&args, &loaded, context);
    let mut journal = headcount_app::journal::open(&context.app)?;
    let (run, lock) = plan(&mut journal, &source, &given, &loaded, context.app.clock)?;
    let limits = send_args(&args);
    limits::keep(&mut journal, &run, &limits)?;
    let run = journal.run(run.id.as_str())?;
    context.events.about(&run, journal.counts(&run.id)?);
    tell_planned(&journal, &run, context)?;
    if args.plan {
        return keep(&journal, &run, context);
    }
    context.say(collection::order(&run));
    let halt = Halt::default();
    let finished = FinishedRows::default();
    let with = Executing {
        journal: &journal,
        run: &run,
        source: &source,
        concurrency: args.concurrency.max(1),
        rate: (args.rate > 0).then(|| f64::from(args.rate)),
        proxies: proxies(context)?,
        halt: halt.clone(),
        clock: context.app.clock,
        finished: Some(finished.clone()),
    };
    let executor = Arc::new(CollectionExecutor::new(loaded, &with)?);
    let all = Rows { args: &args, limits: &limits, executor, halt, finished, source: &source };
    let result = all.go(&mut journal, &run, &lock, context).await;
    result.map_err(|failure| failure.of_run(&run))
}

fn html_path(args: &PostmanArgs) -> PathBuf {
    args.reporter_html_export.clone().unwrap_or_else(|| "newman-run-report.html".into())
}

/// Offers headcount's own jobs that do the same as the collection.
fn offer_jobs(args: &PostmanArgs, loaded: &Loaded, context: &Context) {
    let jobs = native_jobs(loaded);
    if jobs.is_empty() {
        return;
    }
    let file = args.iteration_data.as_ref().map(|path| path.display().to_string());
    let file = file.map_or_else(|| "FILE".to_owned(), |file| quoted(&file).into_owned());
    let commands: Vec<_> = jobs
        .iter()
        .map(|job| match job.split_once(" --") {
            Some((job, option)) => format!("headcount {job} {file} --{option}"),
            None => format!("headcount {job} {file}"),
        })
        .collect();
    context.say(format!(
        "headcount has a job for these requests, with lookups, `unchanged` rows and undo: {}",
        commands.join(", then ")
    ));
}

/// The limits, in the form in which every run stores them.
fn send_args(args: &PostmanArgs) -> SendArgs {
    let given = u32::try_from(args.concurrency).unwrap_or(u32::MAX);
    SendArgs {
        yes: true,
        canary: Some(args.canary as u64),
        max_failures: Some(args.max_failures),
        max_wait: args.max_wait,
        concurrency: Some(given),
        rate: (args.rate > 0).then(|| f64::from(args.rate)),
        report: args.report.clone(),
        ..SendArgs::asking()
    }
}

/// Writes the event of a sealed plan.
fn tell_planned(journal: &Journal, run: &Run, context: &Context) -> Result<(), Failure> {
    if context.json {
        let (counts, seats) = (journal.counts(&run.id)?, Default::default());
        let event = Event::Planned { counts, seats, mails: 0, read: None };
        let events = &context.events;
        events.write(context.app.clock, run.id.as_str(), &run.site, &event);
    }
    Ok(())
}

/// Keeps the plan as a run.
fn keep(journal: &Journal, run: &Run, context: &Context) -> Result<u8, Failure> {
    let counts = journal.counts(&run.id)?;
    context.say(collection::plan(run, &counts, context.paint).trim_end());
    let command = context.command();
    context.say(format!("Nothing was sent. To apply it: {command} run apply {}", run.id));
    if context.json {
        let event = Event::Finished { state: run.state.word().into(), exit: OK, counts };
        context.events.write(context.app.clock, run.id.as_str(), &run.site, &event);
    } else {
        writeln!(stdout::data(), "{}", run.id)?;
    }
    Ok(OK)
}

/// The rows of a run that is being applied.
struct Rows<'a> {
    args: &'a PostmanArgs,
    limits: &'a SendArgs,
    executor: Arc<CollectionExecutor>,
    halt: Halt,
    finished: FinishedRows,
    source: &'a Source,
}

impl Rows<'_> {
    async fn go(
        &self,
        journal: &mut Journal,
        run: &Run,
        _lock: &RunLock,
        context: &Context,
    ) -> Result<u8, Failure> {
        let started = Instant::now();
        let counts = journal.counts(&run.id)?;
        let shows_rows = self.args.reporters.contains(&Reporter::Cli);
        // Newman's report and the progress bar would overwrite each other.
        let context = &Context { bars: context.bars && !shows_rows, ..context.clone() };
        let events = context.events.clone();
        let mut console = Console::new(context, run, counts, counts.planned, None, events);
        let reports = Reports::new(self.executor.run(), self.executor.secrets(), self.args)?;
        let finished = self.finished.clone();
        let mut reporting = Reporting::new(reports, &mut console, shows_rows, finished);
        let _heard = context.interrupts.own();
        let listener =
            tokio::spawn(stop(context.interrupts.own(), self.halt.clone(), context.quiet));
        let (executor, clock) = (Arc::clone(&self.executor), context.app.clock);
        let options = options(&self.limits.options());
        let ending = send(journal, run, executor, &options, clock, &mut reporting).await;
        listener.abort();
        let reports = reporting.end();
        console.end();
        let ending = ending.map_err(|error| sending::broken_off(error.into(), &mut console))?;
        let reports = reports?;
        let state = self.executor.take_state().await;
        let executor = &self.executor;
        export_environment(self.args, &state, executor.run(), executor.secrets())?;
        let has_failed = reports.has_failed();
        reports.end(&state, started.elapsed())?;
        self.end(journal, run, (&ending, has_failed), &mut console, context)
    }

    /// `-r html`: writes the HTML report of the run.
    fn write_html(&self, journal: &Journal, run: &Run) -> Result<(), Failure> {
        if !self.args.reporters.contains(&Reporter::Html) {
            return Ok(());
        }
        let path = html_path(self.args);
        let form = output::form(run, None, Some(&path));
        report_file::write(journal, run, Format::Html, form, report_file::create(&path)?)
    }

    fn end(
        &self,
        journal: &Journal,
        run: &Run,
        (ending, has_failed): (&Ending, bool),
        console: &mut Console<'_>,
        context: &Context,
    ) -> Result<u8, Failure> {
        let run = journal.run(run.id.as_str())?;
        let counts = journal.counts(&run.id)?;
        let exit = match ending {
            Ending::Finished if counts.all_well() && !has_failed => OK,
            Ending::Finished => ROWS,
            Ending::Stopped(_) if self.halt.why().is_some() => ROWS,
            Ending::Stopped(stop) => stop.kind.exit_code(),
        };
        let exit = if exit == ROWS && self.args.suppress_exit_code { OK } else { exit };
        let (word, short) = (run.state.word(), runs::short(&counts));
        context.say(format!("Run {} {word}: {short}", run.id));
        let written = write_report(journal, &run, self.limits, context)
            .and_then(|()| self.write_html(journal, &run));
        let reasons = journal.reasons(&run.id)?;
        context.say(collection::next(&run, ending, &reasons, &context.command(), self.source));
        let exit = if written.is_err() { exit.max(ROWS) } else { exit };
        console.tell(&Event::Finished { state: word.into(), exit, counts });
        written.map(|()| exit).map_err(|failure| Failure { exit, told: true, ..failure })
    }
}
