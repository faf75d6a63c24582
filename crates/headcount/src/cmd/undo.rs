//! `run undo`: a new plan made from what a run really changed.

use headcount_core::journal::{Journal, Run};
use headcount_core::plan::undo::inverse_job;

use super::looking::Looking;
use super::send::{Sending, check_options};
use crate::args::SendArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::show::ask::Answers;
use crate::work;
use crate::work::send::check_oneself;
use crate::work::undo::Take;

/// Plans, shows, asks and carries out the undo of a run.
pub async fn run(
    journal: &mut Journal,
    undone: &Run,
    send: &SendArgs,
    only_plan: bool,
    take: &Take,
    context: &Context,
) -> Result<u8, Failure> {
    let job = inverse_job(undone.job);
    let answers = Answers::of(context, false);
    check_options(job, send, answers, only_plan, context)?;
    work::undo::check_still(journal, undone)?;
    let opened = work::undo::open(journal, undone, send, context).await?;
    check_oneself(job, &opened)?;
    let mut looking = Looking::at_undo(context, answers, send.yes, undone);
    let clock = context.clock;
    let (run, lock) = work::undo::plan(journal, undone, take, &opened, clock, &mut looking).await?;
    let sending = Sending {
        context,
        opened: &opened,
        send,
        answers,
        recheck: false,
        only_plan,
        rehearsal: false,
    };
    sending.go(journal, &run, &lock).await.map_err(|failure| failure.of_run(&run))
}
