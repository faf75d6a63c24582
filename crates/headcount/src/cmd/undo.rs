//! `run undo`: a new plan, made from what a run really changed.

use headcount_app::apply::check_own_account;
use headcount_app::failure::Failure;
use headcount_app::undo::Take;
use headcount_app::words;
use headcount_journal::{Journal, Run, RunState};
use headcount_people::jobs;

use super::limits;
use super::looking::Looking;
use super::send::{Sending, check_options};
use crate::args::SendArgs;
use crate::context::Context;
use crate::show::ask::Answers;

/// Plans, shows, asks, and applies the undo of a run.
pub async fn run(
    journal: &mut Journal,
    undone: &Run,
    send: &SendArgs,
    only_plan: bool,
    take: &Take,
    context: &Context,
) -> Result<u8, Failure> {
    let job = jobs::of(undone.job).inverse;
    let answers = Answers::of(context, false);
    check_options(job, send, answers, only_plan, context)?;
    headcount_app::undo::check_still(journal, undone)?;
    let opened = headcount_app::undo::open(journal, undone, &send.options(), &context.app).await?;
    context.events.at(&opened.site.name);
    check_own_account(job, &opened)?;
    let mut looking = Looking::at_undo(context, answers, send.yes, undone);
    let clock = context.app.clock;
    let (run, lock) =
        headcount_app::undo::plan(journal, undone, take, &opened, clock, &mut looking).await?;
    limits::keep(journal, &run, send)?;
    tell_rest(journal, undone, context)?;
    let sending = Sending {
        context,
        opened: &opened,
        send,
        answers,
        recheck: false,
        only_plan,
        rehearsal: false,
        is_queued: false,
    };
    sending.go(journal, &run, &lock).await.map_err(|failure| failure.of_run(&run))
}

/// An undo does not end the run: its pending rows stay pending until the run is canceled.
fn tell_rest(journal: &Journal, undone: &Run, context: &Context) -> Result<(), Failure> {
    let pending = journal.counts(&undone.id)?.pending;
    if pending == 0 || undone.state == RunState::Cancelled {
        return Ok(());
    }
    let (id, command) = (&undone.id, context.command());
    context.say(format!(
        "Run {id} stopped with {} not sent; the undo does not change them. To cancel them: {command} run cancel {id}",
        words::many(pending, "row")
    ));
    Ok(())
}
