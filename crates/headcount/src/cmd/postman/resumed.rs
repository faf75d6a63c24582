//! `run apply` and `run resume` for a collection's run.

use std::path::Path;
use std::sync::Arc;

use headcount_app::collections::{options, send, settle_started};
use headcount_app::failure::{Failure, GUARD, OK, ROWS, USAGE};
use headcount_app::words;
use headcount_collections::{
    CONCURRENCY, CollectionExecutor, Executing, Loaded, NotResumed, Source, check_resumable,
};
use headcount_engine::{Ending, Halt};
use headcount_journal::{Journal, Run, RunState};
use headcount_model::event::Event;

use super::source::{given, proxies};
use crate::args::{SendArgs, VariableArgs};
use crate::cmd::limits;
use crate::cmd::send::{broken_off, write_report};
use crate::context::Context;
use crate::interrupt::stop;
use crate::show::ask::Answers;
use crate::show::watch::Console;
use crate::show::{collection, output, runs};

/// Applies or resumes the run.
pub async fn go_on(
    journal: &mut Journal,
    run: Run,
    send: &SendArgs,
    variables: &VariableArgs,
    context: &Context,
) -> Result<u8, Failure> {
    let send = &limits::with_kept(send, &run);
    if let Some(path) = &send.report {
        output::check_report(path, context)?;
        output::check_is_not(Path::new(&run.input), Some(path))?;
    }
    let answers = Answers::of(context, false);
    if !send.yes && answers == Answers::Nowhere {
        return Err(Failure::new(USAGE, "there is no terminal to ask on")
            .hint("add --yes to continue without asking"));
    }
    let _lock = journal.lock(&run.id)?;
    limits::keep(journal, &run, send)?;
    let (source, loaded) = match check_resumable(journal, &run, &given(variables)) {
        Ok(both) => both,
        Err(NotResumed::State { run: id, row, why }) => {
            settle(journal, &run, variables, context).await?;
            return Err(NotResumed::State { run: id, row, why }.into());
        }
        Err(why) => return Err(why.into()),
    };
    let counts = journal.counts(&run.id)?;
    context.say(collection::plan(&run, &counts, context.paint).trim_end());
    if !send.yes {
        let question =
            format!("Run {} on {}?", words::many(counts.pending, "row"), words::clean(&run.site));
        let yes = tokio::task::spawn_blocking(move || answers.yes(&question)).await;
        if !yes.unwrap_or(false) {
            context.say("Nothing was sent.");
            return Ok(GUARD);
        }
    }
    let result = rows(journal, &run, (source, loaded), send, context).await;
    result.map_err(|failure| failure.of_run(&run))
}

/// Records the outcome of rows that were under way, although no other row can follow.
async fn settle(
    journal: &mut Journal,
    run: &Run,
    variables: &VariableArgs,
    context: &Context,
) -> Result<(), Failure> {
    if run.state == RunState::Sealed {
        return Ok(());
    }
    let Some(source) = headcount_collections::source_of(run) else { return Ok(()) };
    let loaded = source.load(&given(variables))?;
    let halt = Halt::default();
    let executor =
        Arc::new(executor(journal, run, (&source, loaded), &SendArgs::asking(), &halt, context)?);
    let counts = journal.counts(&run.id)?;
    let events = context.events.clone();
    let mut console = Console::new(context, run, counts, 0, None, events);
    settle_started(journal, run, executor, context.app.clock, &mut console).await?;
    console.end();
    Ok(())
}

fn executor(
    journal: &Journal,
    run: &Run,
    (source, loaded): (&Source, Loaded),
    send: &SendArgs,
    halt: &Halt,
    context: &Context,
) -> Result<CollectionExecutor, Failure> {
    let with = Executing {
        journal,
        run,
        source,
        concurrency: send.concurrency.map_or(CONCURRENCY, |rows| rows as usize),
        rate: send.rate,
        proxies: proxies(context)?,
        halt: halt.clone(),
        clock: context.app.clock,
        finished: None,
    };
    Ok(CollectionExecutor::new(loaded, &with)?)
}

async fn rows(
    journal: &mut Journal,
    run: &Run,
    (source, loaded): (Source, Loaded),
    args: &SendArgs,
    context: &Context,
) -> Result<u8, Failure> {
    let halt = Halt::default();
    let executor = executor(journal, run, (&source, loaded), args, &halt, context)?;
    let counts = journal.counts(&run.id)?;
    let events = context.events.clone();
    let mut console = Console::new(context, run, counts, counts.pending, None, events);
    let _heard = context.interrupts.own();
    let listener = tokio::spawn(stop(context.interrupts.own(), halt.clone(), context.quiet));
    let mut how = args.options();
    how.canary = args.canary.unwrap_or(0);
    how.max_failures = args.max_failures.unwrap_or(0);
    let options = options(&how);
    let (executor, clock) = (Arc::new(executor), context.app.clock);
    let ending = send(journal, run, executor, &options, clock, &mut console).await;
    listener.abort();
    console.end();
    let ending = ending.map_err(|error| broken_off(error.into(), &mut console))?;
    let run = journal.run(run.id.as_str())?;
    let counts = journal.counts(&run.id)?;
    let exit = match &ending {
        Ending::Finished if counts.all_well() => OK,
        Ending::Finished => ROWS,
        Ending::Stopped(_) if halt.why().is_some() => ROWS,
        Ending::Stopped(stop) => stop.kind.exit_code(),
    };
    let word = run.state.word();
    context.say(format!("Run {} {word}: {}", run.id, runs::short(&counts)));
    let written = write_report(journal, &run, args, context);
    let reasons = journal.reasons(&run.id)?;
    context.say(collection::next(&run, &ending, &reasons, &context.command(), &source));
    let exit = if written.is_err() { exit.max(ROWS) } else { exit };
    console.tell(&Event::Finished { state: word.into(), exit, counts });
    written.map(|()| exit).map_err(|failure| Failure { exit, told: true, ..failure })
}
