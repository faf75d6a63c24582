//! Checks whether a sealed run may be sent and to which site, and applies it.

use std::sync::Arc;
use std::time::Duration;

use headcount_engine::{
    DAY, Ending, Halt, Patience, RunContext, RunError, RunOptions, Watcher, carry_out as carry,
};
use headcount_journal::{Count, Journal, JournalError, ReasonCount, Run, RunState};
use headcount_model::clock::Clock;
use headcount_model::job::Job;
use headcount_model::step::Unreadable;
use headcount_people::executor::PeopleExecutor;
use headcount_people::jobs;
use headcount_people::plan::{PlanError, chosen, recheck_undo, saw_every_mail};
use headcount_people::resolve::Guards;
use headcount_report::worth_another_try;

use crate::approval;
use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::hint::Hint;
use crate::members_file;
use crate::options::SendOptions;
use crate::site::{self, Bound, Ceiling, Need, Opened, Purpose};
use crate::words;

/// Refuses a job that can take your own access away if the credential's own account is unknown.
pub fn check_own_account(job: Job, opened: &Opened) -> Result<(), Failure> {
    let spec = jobs::of(job);
    // With a key of the organization alone, no call names the account; a changed address ends its sessions, too.
    let takes_own_access = spec.takes_away || (spec.own_access && spec.need == jobs::Need::Org);
    if !takes_own_access || opened.guards.own_account.is_known() {
        return Ok(());
    }
    Err(Failure::new(
        USAGE,
        "headcount cannot tell which account is yours, so this job could lock you out",
    )
    .hint(Hint::SayOwnAccount))
}

/// Accepts a run that stopped or was interrupted, or that finished with rows whose outcome is unknown.
pub fn check_resumable(journal: &Journal, run: &Run) -> Result<(), Failure> {
    match run.state {
        RunState::Stopped | RunState::Running => check_not_undone(journal, run),
        RunState::Finished if journal.counts(&run.id)?.unknown > 0 => Ok(()),
        RunState::Unapproved | RunState::Rejected => {
            journal.check_approved(run).map_err(|error| Failure::from(error).of_run(run))?;
            Err(wrong_state(journal, run, "there is nothing to continue"))
        }
        RunState::Sealed => {
            Err(wrong_state(journal, run, "it waits to be applied")
                .hint(Hint::Apply(run.id.clone())))
        }
        _ => Err(wrong_state(journal, run, "there is nothing to continue")),
    }
}

/// Refuses to send the rest of a run that was undone as a whole: it would appear on the site again, and a later
/// run's changes would count as this run's.
fn check_not_undone(journal: &Journal, run: &Run) -> Result<(), Failure> {
    if journal.count(&run.id, Count::OpenSteps)? == 0 {
        return Ok(());
    }
    for taken in journal.taken_back(&run.id)? {
        if chosen(&journal.run(taken.by.as_str())?).is_some() {
            continue;
        }
        let message = format!(
            "run {} was undone by run {}, so its remaining rows are not sent",
            run.id, taken.by
        );
        return Err(Failure::new(USAGE, message)
            .hint("cancel the run, and make a new plan for the rows that were not sent")
            .of_run(run));
    }
    Ok(())
}

/// The failure of a run in a wrong state.
pub fn wrong_state(journal: &Journal, run: &Run, rule: &str) -> Failure {
    let state = words::runs::state(journal, run);
    Failure::new(USAGE, format!("run {} is {state}; {rule}", run.id))
        .hint(Hint::ListRuns)
        .of_run(run)
}

/// Opens the run's own site. A run is only sent to the site that it was planned for, and only undone on the site
/// that it was sent to.
pub async fn open_site_of(
    journal: &Journal,
    run: &Run,
    purpose: Purpose,
    send: &SendOptions,
    context: &Context,
) -> Result<Opened, Failure> {
    if purpose == Purpose::Send {
        members_file::check(run).map_err(|failure| failure.of_run(run))?;
        journal.check_approved(run).map_err(|error| Failure::from(error).of_run(run))?;
    }
    let bound = Bound::of(journal, run, purpose)?;
    let (ceiling, need) = (Ceiling::of(send), Need::of_run(run));
    let opened = site::open_bound(context, journal, Some(&bound), ceiling, need).await?;
    let other = if opened.site.name != run.site {
        Some((run.site.clone(), opened.site.name.clone()))
    } else {
        let (of_run, now) = (run.organization.clone(), opened.organization.clone());
        of_run
            .filter(|of_run| now.as_ref() != Some(of_run))
            .map(|of_run| (of_run, now.unwrap_or_default()))
    };
    let Some((of_run, now)) = other else {
        if purpose == Purpose::Send {
            approval::check_rule(journal, run, &opened)?;
        }
        return Ok(opened);
    };
    let message = format!(
        "run {} belongs to {of_run}, but the profile “{}” is for {now}; nothing was sent",
        run.id, opened.profile
    );
    Err(Failure::new(USAGE, message).hint(Hint::NameProfile(of_run.into_boxed_str())).of_run(run))
}

/// The options and guards with which a run is applied, and what stops it.
#[derive(Clone, Debug)]
pub struct How {
    options: RunOptions,
    /// The guards that check each step of a plan that waited; `None` if the plan was made just now.
    guards: Option<Guards>,
    halt: Halt,
}

impl How {
    /// The largest allowed number of changes.
    pub fn max_changes(&self) -> Option<u64> {
        self.options.max_changes
    }

    /// The same, stopped by `halt`.
    #[must_use]
    pub fn until(self, halt: Halt) -> Self {
        Self { halt, ..self }
    }
}

/// Prepares to apply a run with at most `bound` changes. Steps of a plan that waited are read on the site again
/// before they are sent.
pub async fn how(
    send: &SendOptions,
    opened: &Opened,
    job: Job,
    bound: Option<u64>,
    recheck: bool,
) -> Result<How, Failure> {
    let guards = match recheck {
        true => Some(opened.guards_of(job).await?),
        false => None,
    };
    let options = RunOptions {
        canary: send.canary,
        verify: send.verify,
        max_failures: send.max_failures,
        max_changes: bound,
        recheck,
        rereads_unknown: true,
        patience: Patience {
            without_progress: Duration::from_secs(send.patience),
            longest_wait: send.max_wait.map_or(DAY, |most| DAY.min(Duration::from_secs(most))),
            ..Patience::default()
        },
    };
    Ok(How { options, guards, halt: Halt::default() })
}

/// Applies a run on its site. The caller holds its lock. The run that it undoes is not continued meanwhile: if a process
/// carries that one, nothing is sent.
pub async fn carry_out<W: Watcher>(
    journal: &mut Journal,
    run: &Run,
    opened: &Opened,
    how: &How,
    clock: Clock,
    watcher: &mut W,
) -> Result<Ending, RunError> {
    let _undone = run.undoes.as_ref().map(|undone| journal.lock(undone)).transpose()?;
    journal.act_as(Some(opened.actor.clone()));
    if how.options.recheck {
        recheck_undo(journal, run, clock.now()).map_err(unread)?;
    }
    opened.site.obey(journal.lease(&run.id));
    let known = journal.known_before(&run.id)?;
    let mut executor = PeopleExecutor::new(opened.site.clone(), opened.doors.clone(), known);
    if let Some(guards) = &how.guards {
        executor = executor.guarded(guards.clone(), saw_every_mail(run));
    }
    let (executor, options, halt) = (Arc::new(executor), &how.options, how.halt.clone());
    carry(RunContext { journal, run, executor, options, halt, clock, watcher }).await
}

/// How many rows an undo would revert, including rows that earlier undos reverted.
pub fn undoable(job: Job, reasons: &[ReasonCount]) -> u64 {
    let is_undoable = jobs::of(job).is_undoable;
    let is_undoable = |reason: &&ReasonCount| is_undoable(reason);
    reasons.iter().filter(is_undoable).map(|reason| reason.rows).sum()
}

/// How many rows `run failed` would write.
pub fn feedable(reasons: &[ReasonCount]) -> u64 {
    let worth = |reason: &&ReasonCount| worth_another_try(reason.outcome, Some(reason.reason));
    reasons.iter().filter(worth).map(|reason| reason.rows).sum()
}

/// Cancels a run: pending steps are never sent. If requests have no recorded response, they must be read on the
/// site first.
pub fn cancel(journal: &mut Journal, run: &Run, clock: Clock) -> Result<(), Cancelled> {
    let _lock = journal.lock(&run.id).map_err(|error| Cancelled::Failed(error.into()))?;
    cancel_held(journal, run, clock)
}

/// Cancels a run whose lock the caller holds.
pub fn cancel_held(journal: &mut Journal, run: &Run, clock: Clock) -> Result<(), Cancelled> {
    if matches!(run.state, RunState::Finished | RunState::Cancelled | RunState::Rejected) {
        let failure = wrong_state(journal, run, "there is nothing to cancel");
        return Err(Cancelled::Failed(failure));
    }
    let started = journal
        .count(&run.id, Count::StartedSteps)
        .map_err(|error| Cancelled::Failed(error.into()))?;
    if started > 0 {
        return Err(Cancelled::Unread);
    }
    journal.cancel(&run.id, clock.now()).map_err(|error| Cancelled::Failed(error.into()))
}

/// Why a run could not be canceled.
#[derive(Debug)]
pub enum Cancelled {
    /// Requests of the run have no recorded response.
    Unread,
    /// Another failure.
    Failed(Failure),
}

/// Used if only the journal is read and written.
fn unread(error: PlanError) -> RunError {
    match error {
        PlanError::Journal(error) => error.into(),
        PlanError::Sheet(_) | PlanError::LookUp(_) | PlanError::Contradiction(_) => {
            JournalError::from(Unreadable { what: error.to_string() }).into()
        }
    }
}
