//! Makes a sealed run that undoes another run. Nothing is sent.

use std::sync::Arc;

use headcount_engine::{CanaryReport, Halt, RunContext, RunOptions, Watcher, settle};
use headcount_journal::{Count, Journal, NewRun, Run, RunLock, RunState, SITE_ID};
use headcount_model::clock::Clock;
use headcount_model::event::Event;
use headcount_model::rows::Rows;
use headcount_people::directory::Directory;
use headcount_people::executor::PeopleExecutor;
use headcount_people::jobs;
use headcount_people::plan::look_up::look_up_undo;
use headcount_people::plan::undo::{Asked, plan_undo};
use headcount_people::plan::{ROWS, count_changed, note_blast_radius};
use serde_json::json;

use crate::apply::{open_site_of, wrong_state};
use crate::approval;
use crate::collections::check_undoable;
use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::hint::Hint;
use crate::options::SendOptions;
use crate::plan::{Onlooker, Phase};
use crate::site::{self, Bound, Ceiling, Need, Opened, Purpose};
use crate::words::runs::rows_in_words;

/// The part of a run to undo.
#[derive(Clone, Debug, Default)]
pub struct Take {
    /// Whether created users and groups are removed, too.
    pub created: bool,
    /// Only these rows; `None` means all rows that the run changed.
    pub rows: Option<Rows>,
}

/// Refuses to undo an active run.
pub fn check_still(journal: &Journal, undone: &Run) -> Result<(), Failure> {
    check_undoable(undone)?;
    if undone.state == RunState::Running && journal.is_held(&undone.id) {
        return Err(Failure::new(USAGE, format!("run {} is still active", undone.id))
            .hint(Hint::WaitOrStop(undone.id.clone())));
    }
    // An empty undo would become the newest run, and `last` would mean it.
    if matches!(
        undone.state,
        RunState::Draft | RunState::Sealed | RunState::Unapproved | RunState::Rejected
    ) {
        return Err(wrong_state(
            journal,
            undone,
            "it was never applied, so there is nothing to undo",
        ));
    }
    Ok(())
}

/// Opens the run's own site, in the same way as the undo will open it when it is sent. The undo may need less than
/// the run (a user that the organization invited is removed through Jira), and a plan that required more could not
/// be sent.
pub async fn open(
    journal: &Journal,
    undone: &Run,
    send: &SendOptions,
    context: &Context,
) -> Result<Opened, Failure> {
    let opened = open_site_of(journal, undone, Purpose::Undo, send, context).await?;
    // What went through the identity provider's directory is undone there.
    let need = match jobs::is_provisioned(undone) {
        true => Need::Provisioning,
        false => Need::of(jobs::of(undone.job).inverse),
    };
    // The undo of a removal sends nothing: its plan says what to do by hand.
    let sends = jobs::of(undone.job).undo_sends;
    if need == Need::of_run(undone) || !sends {
        return Ok(opened);
    }
    drop(opened);
    // The run's doors were checked already.
    let bound = Bound::to_profile(undone);
    site::open_bound(context, journal, Some(&bound), Ceiling::of(send), need).await
}

/// Makes the plan of an undo on the run's own site.
pub async fn plan(
    journal: &mut Journal,
    undone: &Run,
    take: &Take,
    opened: &Opened,
    clock: Clock,
    onlooker: &mut dyn Onlooker,
) -> Result<(Run, RunLock), Failure> {
    // No worker continues the run meanwhile; the transaction that makes the plan final takes it out of the queue.
    let _undone = journal.lock(&undone.id)?;
    look_first(journal, undone, opened, clock, onlooker).await?;
    if let Some(rows) = &take.rows {
        check_rows(journal, undone, rows)?;
    }
    let (run, lock) = journal.begin(&NewRun {
        job: jobs::of(undone.job).inverse,
        site: opened.site.name.clone(),
        organization: opened.organization.clone(),
        profile: opened.profile.clone(),
        input: undone.input.clone(),
        headings: undone.headings.clone(),
        options: json!({
            SITE_ID: opened.site_id,
            "remove_created": take.created,
            "by": jobs::is_provisioned(undone).then_some(jobs::BY_SCIM),
            ROWS: take.rows,
        }),
        undoes: Some(undone.id.clone()),
        at: clock.now(),
    })?;
    let drafted = draft(journal, &run, undone, take.created, opened, onlooker).await;
    if let Err(failure) = drafted.and_then(|()| approval::seal(journal, &run, opened, clock)) {
        // If that fails too, the next command removes the draft.
        let _ = journal.discard(&run.id);
        return Err(failure.of_site(&run.site));
    }
    Ok((journal.run(run.id.as_str())?, lock))
}

/// Refuses rows that do not exist or that changed nothing: the command is probably wrong.
fn check_rows(journal: &Journal, undone: &Run, rows: &Rows) -> Result<(), Failure> {
    let is_there = |row: u64| journal.rows(&undone.id, row - 1, 1).map(|rows| !rows.is_empty());
    if let Some(last) = rows.last()
        && !is_there(last)?
    {
        return Err(Failure::new(USAGE, format!("run {} has no row {last}", undone.id))
            .hint("the report's column `row` has the numbers"));
    }
    if count_changed(journal, &undone.id, rows)? > 0 {
        return Ok(());
    }
    let message = format!("of run {}, {} changed nothing", undone.id, rows_in_words(rows));
    Err(Failure::new(USAGE, message).hint("only rows that ended `changed` can be undone"))
}

/// Reads on the site what the run sent without a recorded response, before the undo is planned. An undo without it
/// would leave these changes on the site. Nothing is sent. The caller holds the run's lock.
async fn look_first(
    journal: &mut Journal,
    undone: &Run,
    opened: &Opened,
    clock: Clock,
    onlooker: &mut dyn Onlooker,
) -> Result<(), Failure> {
    let unknown = journal.counts(&undone.id)?.unknown;
    if journal.count(&undone.id, Count::StartedSteps)? + unknown == 0 {
        return Ok(());
    }
    journal.act_as(Some(opened.actor.clone()));
    onlooker.begins(Phase::LookingFirst);
    let known = journal.known_before(&undone.id)?;
    let executor = PeopleExecutor::new(opened.site.clone(), opened.doors.clone(), known);
    let stop = settle(RunContext {
        journal,
        run: undone,
        executor: Arc::new(executor),
        options: &RunOptions::default(),
        halt: Halt::default(),
        clock,
        watcher: &mut Silent,
    })
    .await;
    onlooker.ends();
    match stop? {
        None => Ok(()),
        Some(stop) => Err(Failure::new(stop.kind.exit_code(), stop.why)
            .hint("nothing was sent; when the site can be read, undo the run again")),
    }
}

/// Ignores all events: what was found appears in the plan that follows.
struct Silent;

impl Watcher for Silent {
    fn event(&mut self, _: &Event) {}

    async fn go_on(&mut self, _: &[CanaryReport], _: u64) -> bool {
        false
    }
}

async fn draft(
    journal: &mut Journal,
    run: &Run,
    undone: &Run,
    remove_created: bool,
    opened: &Opened,
    onlooker: &mut dyn Onlooker,
) -> Result<(), Failure> {
    let mut directory = Directory::default();
    onlooker.begins(Phase::LookingUp);
    let mut asked = 0;
    let looked = look_up_undo(journal, run, undone, &opened.site, &mut directory, &mut |more| {
        asked += more;
        onlooker.counted(asked);
    })
    .await;
    onlooker.ends();
    looked?;
    let now = opened.site.clock.now().map(|time| time.at_least);
    let asked = Asked { undone: &undone.id, remove_created, now };
    plan_undo(journal, run, &directory, &opened.guards, &opened.doors, asked)?;
    note_blast_radius(journal, run, &opened.site, || onlooker.begins(Phase::Counting)).await?;
    onlooker.ends();
    Ok(())
}
