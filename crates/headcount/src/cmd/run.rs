//! `run list | show | approve | reject | apply | resume | queue | undo | cancel | prune | report | failed`.

use std::path::Path;

use headcount_app::apply::{
    Cancelled, cancel as cancel_run, check_own_account, check_resumable, open_site_of, wrong_state,
};
use headcount_app::collections::is_collection;
use headcount_app::failure::{Failure, OK, ROWS, USAGE};
use headcount_app::queue;
use headcount_app::report_file::{self, Format};
use headcount_app::site::Purpose;
use headcount_app::undo::Take;
use headcount_app::words;
use headcount_journal::{Journal, Run, RunState};
use headcount_model::event::Event;
use headcount_model::outcome::Counts;
use headcount_people::plan::summary;
use headcount_report::{Corrections, write_failed};

use super::approval;
use super::limits;
use super::postman;
use super::prune;
use super::send::{self, Sending, check_options};
use super::undo;
use crate::args::{Audience, RunCommand, SendArgs, VariableArgs};
use crate::context::Context;
use crate::show::ask::Answers;
use crate::show::{collection, output, plan, runs};
use crate::terminal;
use crate::terminal::stdout;

/// Runs the command.
pub async fn run(command: RunCommand, context: &Context) -> Result<u8, Failure> {
    let mut journal = headcount_app::journal::open(&context.app)?;
    match command {
        RunCommand::List => print(&runs::list(&journal, terminal::Paint::plain())?, None),
        RunCommand::Show { run, rows } => show_run(&journal, &journal.find(&run)?, rows, context),
        RunCommand::Apply { run, send, variables } => {
            let run = journal.find(&run)?;
            context.events.about(&run, journal.counts(&run.id)?);
            if run.state != RunState::Sealed {
                journal.check_approved(&run)?;
                return Err(wrong_state(&journal, &run, "only a waiting plan can be applied"));
            }
            go_on(&mut journal, run, &send, &variables, (GoOn::Send, context)).await
        }
        RunCommand::Approve { run } => approval::approve(&mut journal, &run, context).await,
        RunCommand::Reject { run, why } => {
            approval::reject(&mut journal, &run, &why, context).await
        }
        RunCommand::Resume { run, send, variables } => {
            let run = journal.find(&run)?;
            resume(&mut journal, run, &send, &variables, context).await
        }
        RunCommand::Queue { run, remove, send } => {
            let run = journal.find(&run)?;
            context.events.about(&run, journal.counts(&run.id)?);
            if remove {
                return take_out(&journal, &run, context);
            }
            check_queueable(&journal, &run)?;
            let variables = VariableArgs::default();
            go_on(&mut journal, run, &send, &variables, (GoOn::Queue, context)).await
        }
        RunCommand::Undo { run, send, only_plan, remove_created, rows } => {
            let undone = journal.find(&run)?;
            let take = Take { created: remove_created, rows };
            undo::run(&mut journal, &undone, &send, only_plan, &take, context).await
        }
        RunCommand::Cancel { run } => cancel(&mut journal, &run, context),
        RunCommand::Prune(args) => prune::run(&mut journal, &args, context),
        RunCommand::Report { run, format, output, audience } => {
            let to = output.as_deref();
            let named = || to.map_or(Format::Csv, Format::of_name);
            report(
                &journal,
                &journal.find(&run)?,
                format.map_or_else(named, Format::from),
                (to, audience),
            )
        }
        RunCommand::Failed { run, output, audience } => {
            failed(&journal, &run, output.as_deref(), audience, context)
        }
    }
}

async fn resume(
    journal: &mut Journal,
    run: Run,
    send: &SendArgs,
    variables: &VariableArgs,
    context: &Context,
) -> Result<u8, Failure> {
    let counts = journal.counts(&run.id)?;
    context.events.about(&run, counts);
    // No read can show the result of a collection's rows that ended unknown.
    let is_over = counts.unknown == 0 || is_collection(&run);
    if run.state == RunState::Finished && is_over {
        return finished_before(journal, &run, &counts, send, context);
    }
    check_resumable(journal, &run)?;
    go_on(journal, run, send, variables, (GoOn::Send, context)).await
}

fn report(
    journal: &Journal,
    run: &Run,
    format: Format,
    (to, audience): (Option<&Path>, Option<Audience>),
) -> Result<u8, Failure> {
    output::check_is_not(Path::new(&run.input), to)?;
    let form = output::form(run, audience, to);
    report_file::write(journal, run, format, form, output::open(to)?)?;
    Ok(OK)
}

/// Resuming a finished run ends as the run did, so that a script may resume until it is done.
fn finished_before(
    journal: &Journal,
    run: &Run,
    counts: &Counts,
    send: &SendArgs,
    context: &Context,
) -> Result<u8, Failure> {
    let exit = if counts.all_well() { OK } else { ROWS };
    context.say(format!(
        "Run {} has already finished: {}. There is nothing to continue.",
        run.id,
        runs::short(counts)
    ));
    send::write_report(journal, run, send, context).map_err(|failure| failure.of_run(run))?;
    if context.json {
        let state = run.state.word().into();
        let event = Event::Finished { state, exit, counts: *counts };
        context.events.write(context.app.clock, run.id.as_str(), &run.site, &event);
    }
    Ok(exit)
}

fn print(text: &str, columns: Option<usize>) -> Result<u8, Failure> {
    use std::io::Write;
    stdout::data().write_all(terminal::wrapped(text, columns).as_bytes())?;
    Ok(OK)
}

fn show_run(journal: &Journal, run: &Run, rows: bool, context: &Context) -> Result<u8, Failure> {
    if rows {
        let mut out = std::io::BufWriter::new(stdout::data());
        runs::rows(journal, run, &mut out)?;
        return Ok(OK);
    }
    let paint = terminal::Paint::plain();
    match run.state {
        RunState::Sealed if is_collection(run) => {
            let plan = collection::plan(run, &journal.counts(&run.id)?, paint);
            print(&plan, context.out_columns)
        }
        RunState::Sealed | RunState::Unapproved => {
            let summary = summary(journal, &run.id)?;
            let mut text = plan::text(journal, run, &summary, None, paint)?;
            runs::acts(&mut text, run);
            print(&text, context.out_columns)
        }
        _ => print(&runs::standing(journal, run, paint)?, context.out_columns),
    }
}

/// How a run goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum GoOn {
    /// This command sends it.
    Send,
    /// A worker sends it.
    Queue,
}

/// Accepts a waiting plan, and a run that can be resumed.
fn check_queueable(journal: &Journal, run: &Run) -> Result<(), Failure> {
    queue::of(journal)?;
    if is_collection(run) {
        let message = format!(
            "run {id} is a Postman collection's, which workers do not take: its files, and the values given with it, \
             are on this computer only",
            id = run.id
        );
        let verb = if run.started_at.is_none() { "apply" } else { "resume" };
        let hint = format!("on this computer: headcount run {verb} {}", run.id);
        return Err(Failure::new(USAGE, message).hint(hint).of_run(run));
    }
    match run.state {
        RunState::Sealed => Ok(()),
        RunState::Unapproved | RunState::Rejected => {
            Err(wrong_state(journal, run, "only an approved plan can be queued"))
        }
        RunState::Draft
        | RunState::Running
        | RunState::Stopped
        | RunState::Finished
        | RunState::Cancelled => check_resumable(journal, run),
    }
}

fn take_out(journal: &Journal, run: &Run, context: &Context) -> Result<u8, Failure> {
    queue::of(journal)?;
    context.say(match queue::take_out(journal, run)? {
        true if journal.is_held(&run.id) => format!(
            "Run {id} was taken out of the queue. The worker that applies it now continues. If that worker dies, no \
             other one takes the run over: to continue it then, headcount run resume {id}",
            id = run.id
        ),
        true => format!("Run {} was taken out of the queue; nothing more is sent.", run.id),
        false => format!("Run {} is not in the queue.", run.id),
    });
    Ok(OK)
}

async fn go_on(
    journal: &mut Journal,
    run: Run,
    send: &SendArgs,
    variables: &VariableArgs,
    (how, context): (GoOn, &Context),
) -> Result<u8, Failure> {
    if is_collection(&run) {
        return postman::go_on(journal, run, send, variables, context).await;
    }
    let answers = Answers::of(context, false);
    let send = &limits::with_kept(send, &run);
    context.events.about(&run, journal.counts(&run.id)?);
    check_options(run.job, send, answers, false, context)?;
    output::check_is_not(Path::new(&run.input), send.report.as_deref())?;
    let lock = journal.lock(&run.id)?;
    if how == GoOn::Send && queue::take_out(journal, &run)? {
        context.say(format!("Run {} was taken out of the queue of the workers.", run.id));
    }
    limits::keep(journal, &run, send)?;
    let opened = open_site_of(journal, &run, Purpose::Send, &send.options(), &context.app).await?;
    check_own_account(run.job, &opened)?;
    let sending = Sending {
        context,
        opened: &opened,
        send,
        answers,
        recheck: true,
        only_plan: false,
        rehearsal: false,
        is_queued: how == GoOn::Queue,
    };
    let result = sending.go(journal, &run, &lock).await;
    result.map_err(|failure| failure.of_run(&run))
}

fn cancel(journal: &mut Journal, typed: &str, context: &Context) -> Result<u8, Failure> {
    let run = journal.find(typed)?;
    cancel_run(journal, &run, context.app.clock).map_err(|why| match why {
        Cancelled::Failed(failure) => failure,
        Cancelled::Unread => unread(&run, context),
    })?;
    let counts = journal.counts(&run.id)?;
    context.say(format!("Run {} is canceled: {}", run.id, runs::short(&counts)));
    if counts.changed > 0 {
        let command = context.command();
        context.say(format!("To undo what it changed: {command} run undo {}", run.id));
    }
    Ok(OK)
}

fn unread(run: &Run, context: &Context) -> Failure {
    let id = &run.id;
    let message =
        format!("run {id} has requests without a recorded response and cannot be canceled yet");
    let command = context.command();
    Failure::new(USAGE, message).hint(format!(
        "to check them and continue: {command} run resume {id}; to undo what was applied: {command} run undo {id}"
    ))
}

fn failed(
    journal: &Journal,
    typed: &str,
    to: Option<&Path>,
    audience: Option<Audience>,
    context: &Context,
) -> Result<u8, Failure> {
    let run = journal.find(typed)?;
    output::check_is_not(Path::new(&run.input), to)?;
    let form = output::form(&run, audience, to);
    let Corrections { written, emptied } = write_failed(journal, &run, form, output::open(to)?)?;
    context.say(match written + emptied.len() as u64 {
        0 => "No row needs correction.".into(),
        1 => "1 row to correct or try again.".to_owned(),
        many => words::many(many, "row") + " to correct or try again.",
    });
    if !emptied.is_empty() {
        context.say(not_exported(&run, &emptied));
    }
    let pending = journal.counts(&run.id)?.pending;
    if pending > 0 {
        let (rows, command) = (words::many(pending, "row"), context.command());
        context.say(format!(
            "{rows} not sent yet, and not in the export. To send: {command} run resume {}",
            run.id
        ));
    }
    Ok(OK)
}

/// Rows that need correction and have no cells to export.
fn not_exported(run: &Run, lines: &[u64]) -> String {
    const MOST: usize = 20;
    let mut named = lines.iter().take(MOST).map(u64::to_string).collect::<Vec<_>>().join(", ");
    if lines.len() > MOST {
        named.push_str(&format!(" and {} more", lines.len() - MOST));
    }
    let (is_or_are, them) = if lines.len() == 1 { ("is", "it") } else { ("are", "them") };
    format!(
        "{} {is_or_are} not in the export, because a password may be in any of the cells: {} {named} of {}. \
         Correct {them} in that file.",
        words::many(lines.len() as u64, "row"),
        if lines.len() == 1 { "line" } else { "lines" },
        run.input,
    )
}
