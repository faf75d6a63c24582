//! Approval of plans, and who does what with a run.
//!
//! A profile says which plans need approval. The requirement is kept with the plan when it is sealed, so that a changed
//! profile lets no plan through. Approvers are compared by the account of their own credential, which the site names.

use headcount_atlassian::Site;
use headcount_journal::{Count, Journal, Run};
use headcount_model::clock::Clock;
use headcount_model::door::{Api, Credential, Doors};
use headcount_people::jobs;

use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::hint::Hint;
use crate::site::{self, Need, Opened};

/// Seals the plan of a draft. If the profile wants approval for it, it then waits.
///
/// # Errors
/// It needs approval, and only an API token shows whose plan it is.
pub fn seal(
    journal: &mut Journal,
    run: &Run,
    opened: &Opened,
    clock: Clock,
) -> Result<(), Failure> {
    journal.act_as(Some(opened.actor.clone()));
    let approvals = needed(journal, run, opened)?;
    if approvals > 0 && opened.actor.id.is_none() {
        let message = format!(
            "the profile “{}” wants approval for this plan, and with an organization API key alone headcount cannot \
             tell whose plan it is; nothing was sent",
            opened.profile
        );
        let hint = Hint::Settings(
            "give your API token, too (cloud_url, email and API token): approvals are compared by account".into(),
        );
        return Err(Failure::new(USAGE, message).hint(hint));
    }
    Ok(journal.submit(&run.id, approvals, clock.now())?)
}

/// How many others have to approve this plan, by the profile.
fn needed(journal: &Journal, run: &Run, opened: &Opened) -> Result<u32, Failure> {
    let Some(rule) = opened.approval else { return Ok(0) };
    let changes = journal.count(&run.id, Count::SendableSteps)?;
    Ok(rule.others(jobs::of(run.job).takes_away, changes))
}

/// Refuses to start a plan that was sealed before the profile wanted approval for it, or by fewer accounts.
pub(crate) fn check_rule(journal: &Journal, run: &Run, opened: &Opened) -> Result<(), Failure> {
    let needed = needed(journal, run, opened)?;
    if run.started_at.is_some() || needed <= run.approvals {
        return Ok(());
    }
    let (profile, id) = (&opened.profile, &run.id);
    let message = match run.approvals {
        0 => format!(
            "the profile “{profile}” wants approval for this plan, and run {id} was planned without it; nothing was \
             sent"
        ),
        others => format!(
            "run {id} was planned for the agreement of {} people, and the profile “{profile}” now wants that of {}; \
             nothing was sent",
            others + 1,
            needed + 1
        ),
    };
    Err(Failure::new(USAGE, message)
        .hint("make the plan again: it then waits for approval")
        .of_run(run))
}

/// Approves the plan of a run, as the owner of the API token. Returns the run as it is now.
///
/// # Errors
/// The site does not name the account, or it is the planner's, or it could not apply the plan; or the plan is not the
/// one that was sealed.
pub async fn approve(journal: &mut Journal, run: &Run, context: &Context) -> Result<Run, Failure> {
    // An account that may not do it can hardly judge it, and is easily made.
    if let Some(opened) = identify(journal, run, context, Need::of_run(run)).await? {
        check_able(run, &opened).await.map_err(|failure| failure.of_run(run))?;
    }
    journal.approve(&run.id, context.clock.now()).map_err(|error| Failure::from(error).of_run(run))
}

/// Rejects the plan of a run: it is never applied. Returns the run as it is now.
///
/// # Errors
/// The site does not name the account, or it is the planner's; or no reason is given.
pub async fn reject(
    journal: &mut Journal,
    run: &Run,
    why: &str,
    context: &Context,
) -> Result<Run, Failure> {
    let why = why.trim();
    if why.is_empty() {
        let failure = Failure::new(USAGE, "a rejection needs a reason, which the planner reads");
        return Err(failure.of_run(run));
    }
    identify(journal, run, context, Need::Jira).await?;
    let now = context.clock.now();
    journal.reject(&run.id, why, now).map_err(|error| Failure::from(error).of_run(run))
}

/// Reads on the run's site whose API token this is. If the plan needs no approval, nothing is read.
async fn identify(
    journal: &mut Journal,
    run: &Run,
    context: &Context,
    need: Need,
) -> Result<Option<Opened>, Failure> {
    if run.approvals == 0 {
        return Ok(None);
    }
    let opened = site::open_to_decide(context, journal, run, need).await?;
    // Without an account, the journal says what is missing.
    if opened.actor.id.is_some() && opened.site.name != run.site {
        let message = format!(
            "run {} belongs to {}, but the profile “{}” is for {}; nothing was changed",
            run.id, run.site, opened.profile, opened.site.name
        );
        let hint = Hint::NameProfile(run.site.clone().into_boxed_str());
        return Err(Failure::new(USAGE, message).hint(hint).of_run(run));
    }
    journal.act_as(Some(opened.actor.clone()));
    Ok(Some(opened))
}

/// The doors that the credentials open, as far as the run needs them: some are known only after a request.
async fn doors(run: &Run, site: &Site) -> Result<Doors, Failure> {
    if let Some(admin) = &site.admin {
        if run.doors.iter().any(|door| door.credential() == Credential::OrgApiKey) {
            admin.org().await?;
        }
        if run.goes_through(Api::Directory) {
            admin.home().await?;
        }
    }
    Ok(site.doors())
}

/// Refuses an approver whose credentials could not apply the plan.
async fn check_able(run: &Run, opened: &Opened) -> Result<(), Failure> {
    let name = &opened.actor.name;
    let doors = doors(run, &opened.site).await?;
    for door in &run.doors {
        if doors.at(door.api()).is_none_or(|open| **open != *door) {
            let message = format!(
                "the plan of run {} goes through {door}, which the credentials of {name} do not open, so {name} cannot \
                 approve it",
                run.id
            );
            let hint = "nothing was changed; an approver has the credentials that the plan needs";
            return Err(Failure::new(USAGE, message).hint(hint));
        }
    }
    if !run.goes_through(Api::Jira) {
        return site::confirm(&opened.site, Need::of_run(run)).await;
    }
    let administers = match &opened.site.jira {
        Some(jira) => jira.administers().await?,
        None => None,
    };
    if administers == Some(true) {
        return Ok(());
    }
    let message = format!(
        "{name} does not administer {}, so {name} cannot approve the plan of run {}",
        run.site, run.id
    );
    let hint = "nothing was changed; an approver needs the global permission Administer Jira, as for the changes of \
                the plan";
    Err(Failure::new(USAGE, message).hint(hint))
}
