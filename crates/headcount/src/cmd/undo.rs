//! `run undo`: a new plan made from what a run really changed.

use std::sync::Arc;

use headcount_core::directory::Directory;
use headcount_core::journal::{Journal, NewRun, Run, RunState};
use headcount_core::plan::look_up::look_up_undo;
use headcount_core::plan::undo::{inverse_job, plan_undo};
use headcount_core::run::{CanaryReport, Halt, How, PeopleHands, Watcher, settle};
use headcount_core::values::event::Event;
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
    check_options(job, send, answers, only_plan, context)?;
    if undone.state == RunState::Running && journal.is_held(&undone.id) {
        return Err(Failure::new(USAGE, format!("run {} is still going on", undone.id))
            .hint("wait for it, or stop it with Ctrl-C first"));
    }
    let opened = open_site_of(journal, undone, send, context).await?;
    check_oneself(job, &opened)?;
    look_first(journal, undone, &opened, context).await?;
    let (run, lock) = journal.begin(&NewRun {
        job,
        site: undone.site.clone(),
        organisation: opened.organisation.clone(),
        profile: opened.profile.clone(),
        input: undone.input.clone(),
        headings: undone.headings.clone(),
        options: json!({ "remove_created": remove_created }),
        undoes: Some(undone.id.clone()),
        at: context.clock.now(),
    })?;
    if let Err(failure) = plan(journal, &run, undone, &opened, remove_created, context).await {
        // Where that fails too, the next command sweeps it.
        let _ = journal.discard(&run.id);
        return Err(failure.of_site(&run.site));
    }
    journal.seal(&run.id, context.clock.now())?;
    let run = journal.run(run.id.as_str())?;
    let sending = Sending { context, opened: &opened, send, answers, recheck: false, only_plan };
    sending.go(journal, &run, &lock).await.map_err(|failure| failure.of_run(&run))
}

/// What the run sent without hearing an answer is read before it is planned: an undo that forgets
/// it would leave it on the site. Nothing is sent.
async fn look_first(
    journal: &mut Journal,
    undone: &Run,
    opened: &Opened,
    context: &Context,
) -> Result<(), Failure> {
    let unknown = journal.counts(&undone.id)?.unknown;
    if journal.started_steps(&undone.id)? + unknown == 0 {
        return Ok(());
    }
    let _lock = journal.lock(&undone.id)?;
    context.say(format!("Looking first at what run {} left without an answer.", undone.id));
    let known = journal.known_accounts(&undone.id)?;
    let hands = Arc::new(PeopleHands::new(opened.site.clone(), known));
    let (how, halt) = (How::default(), Halt::default());
    let stop = settle(journal, undone, hands, &how, halt, context.clock, &mut Silent).await?;
    match stop {
        None => Ok(()),
        Some(stop) => Err(Failure::new(stop.kind.exit_code(), stop.why)
            .hint("nothing was sent; undo it again once the site can be read")),
    }
}

/// Looks on without a word: what was found shows in the plan that follows.
struct Silent;

impl Watcher for Silent {
    fn event(&mut self, _: &Event) {}

    async fn go_on(&mut self, _: &[CanaryReport], _: u64) -> bool {
        false
    }
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
