//! `run undo`: a new plan made from what a run really changed.

use headcount_core::directory::Directory;
use headcount_core::journal::{Journal, NewRun, Run, RunState};
use headcount_core::plan::look_up::look_up_undo;
use headcount_core::plan::undo::{inverse_job, plan_undo};
use serde_json::json;

use super::run::open_site_of;
use super::send::{Sending, check_oneself, check_options};
use crate::args::SendArgs;
use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::show::ask::Answers;
use crate::show::progress::Progress;
use crate::site::Opened;

/// Plans, shows, asks and carries out the undo of a run.
pub async fn run(
    journal: &mut Journal,
    undone: &Run,
    send: &SendArgs,
    only_plan: bool,
    remove_created: bool,
    context: &Context,
) -> Result<u8, Failure> {
    let job = inverse_job(undone.job);
    let answers = Answers::of(context, false);
    check_options(job, send, answers, only_plan)?;
    if undone.state == RunState::Running && journal.is_held(&undone.id) {
        return Err(Failure::new(USAGE, format!("run {} is still going on", undone.id))
            .hint("wait for it, or stop it with Ctrl-C first"));
    }
    let opened = open_site_of(undone, send, context).await?;
    check_oneself(job, &opened)?;
    let (run, lock) = journal.begin(&NewRun {
        job,
        site: undone.site.clone(),
        profile: opened.profile.clone(),
        input: undone.input.clone(),
        headings: undone.headings.clone(),
        options: json!({ "remove_created": remove_created }),
        undoes: Some(undone.id.clone()),
        at: context.clock.now(),
    })?;
    if let Err(failure) = plan(journal, &run, undone, &opened, remove_created, context).await {
        journal.discard(&run.id)?;
        return Err(failure.of_site(&run.site));
    }
    journal.seal(&run.id, context.clock.now())?;
    let run = journal.run(run.id.as_str())?;
    let sending = Sending { context, opened: &opened, send, answers, recheck: false, only_plan };
    sending.go(journal, &run, &lock).await.map_err(|failure| failure.of_run(&run))
}

async fn plan(
    journal: &mut Journal,
    run: &Run,
    undone: &Run,
    opened: &Opened,
    remove_created: bool,
    context: &Context,
) -> Result<(), Failure> {
    let mut directory = Directory::default();
    let progress = Progress::counting(context, "looked up on the site");
    let looked = look_up_undo(journal, run, undone, &opened.site, &mut directory, &mut |more| {
        progress.add(more);
    })
    .await;
    progress.end();
    looked?;
    Ok(plan_undo(journal, run, &undone.id, &directory, &opened.guards, remove_created)?)
}
