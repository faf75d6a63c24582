//! `sync`: makes the site match a list. Each row is one difference, and another job resolves it; also the undo of
//! `sync`.

use std::collections::HashMap;

use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountId, Privilege};

use super::families::{access, if_changed, none};
use super::{
    Action, Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Placed, Tile, spared, verbs,
};
use crate::directory::{Directory, lookup};
use crate::error::PlanError;
use crate::lookup::{LookingUp, Lookup, LookupBack};
use crate::resolve::{self, Resolved, Resolver, Touches};
use crate::rows::{Intent, SheetJob};
use crate::steps::{self, NewStep, No, StepKind};

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::Sync,
    help: None,
    options: &[],
    phrases: Phrases {
        one: "change",
        imperative: ("make", ""),
        title: "Sync with a list",
        done: "Applied",
        heading: "Changes from a list of users",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "sync",
        area: Area::People,
        title: "Sync with a list",
        about: "Make users, their state, their groups and their products match a list; or make several kinds of changes from one spreadsheet.",
        needs: "a user (email or account id) in each row, with their status, groups or products; or a column “Action” that says what to do with each row",
        picture: "<path d='M4 6h9M4 11h9M4 16h6'/><path d='M20.5 12a4.5 4.5 0 0 0-8-2.5M12 15a4.5 4.5 0 0 0 8 2.5'/><path d='M12 6.5v3.2h3.2M20.8 20.5v-3.2h-3.2'/>",
    }),
    template: (
        &["Email", "displayName", "status", "groups", "products"],
        &[
            "jane@example.com",
            "Jane Doe",
            "active",
            "berlin-support; munich-sales",
            "jira-software",
        ],
    ),
    // The rows of a list become differences; `crate::sync` reads it.
    sheet: SheetJob::Actions,
    read: verbs::read,
    asked: &[],
    decision: None,
    exports: access::NO_EXPORTS,
    copy: Copied::MEMBERSHIPS,
    need: Need::DirectoryOrJira,
    takes_away: true,
    own_access: true,
    consequences: none,
    spared: spared::TAKEN_FROM,
    owner: resolve::anyone,
    counted: Counted::OfTheSite,
    look_up,
    look_up_undo,
    resolve,
    arrange: Some(arrange),
    inverse: Job::Sync,
    creates: Creates::Users,
    undo_sends: true,
    is_undoable: if_changed,
};

/// Resolves a row by its own job, with that job's guards.
fn resolve(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    let Some(job) = intent.job else {
        return Err(No::new(Reason::NotAsked, "the row asks for no change"));
    };
    let spec = super::of(job);
    // `sync` has no door to an identity provider's directory.
    let touches = Touches { scim: false, ..spec.touches() };
    (spec.resolve)(intent, Resolver { touches, ..with })
}

/// Reads what the rows of each job need, job by job. The differences of a list are known only after the site was read, and
/// do not come here.
fn look_up(lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        let Lookup {
            journal,
            run,
            intents,
            site,
            directory,
            progress,
            own_account,
            people_from_exports,
            groups_from_exports,
            read,
        } = lookup;
        for job in Job::ALL {
            let intents = intents.of_job(job);
            if intents.is_empty() {
                continue;
            }
            let lookup = Lookup {
                journal: &mut *journal,
                run,
                intents: &intents,
                site,
                directory: &mut *directory,
                progress: &mut *progress,
                own_account,
                people_from_exports,
                groups_from_exports,
                read: &mut *read,
            };
            (super::of(job).look_up)(lookup).await?;
        }
        Ok(())
    })
}

/// Reads what the undo of each kind of step needs.
fn look_up_undo(mut lookup: LookupBack<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        let people = lookup.read_people().await?;
        lookup::organization_facts(lookup.site, lookup.directory, &people).await?;
        lookup.read_memberships().await?;
        let privilege = Privilege::Enablement;
        lookup.read_lifecycles_of(&[StepKind::Deactivate, StepKind::Activate], privilege).await?;
        lookup.read_deletions_of(&[StepKind::Delete, StepKind::CancelDelete]).await?;
        lookup.read_standings_of(&[StepKind::Suspend, StepKind::Restore]).await?;
        let of_users = &[StepKind::GrantRole, StepKind::RevokeRole];
        lookup.read_roles_of(of_users, &[StepKind::GrantGroupRole, StepKind::RevokeGroupRole]).await
    })
}

/// The place of a row in the plan. A row that creates a user also adds the user to groups; the undo of such a row
/// removes the user at the end.
fn action(resolved: &Resolved) -> Option<Action> {
    let kind = |step: &NewStep| Action::of_kind(step.kind);
    match resolved {
        Resolved::Settled(..) => None,
        Resolved::Step(step) => Some(kind(step)),
        Resolved::Parts(parts) => {
            let creates = |first: &&resolve::Part| steps::of(first.step.kind).creates_user;
            let creation = parts.first().filter(creates);
            creation.or(parts.last()).map(|part| kind(&part.step))
        }
    }
}

/// Orders the rows of a plan: what gives access first, what takes it away last. A user who comes back joins groups
/// only once that is done.
fn arrange(mut rows: Vec<(u64, Resolved)>, _: &Directory) -> Result<Vec<Placed>, PlanError> {
    rows.sort_by_key(|(row, resolved)| (action(resolved), *row));
    let mut back: HashMap<AccountId, u64> = HashMap::new();
    let mut placed = Vec::with_capacity(rows.len());
    for (row, resolved) in rows {
        let after = match &resolved {
            Resolved::Step(step) => waits_for(row, step, &mut back),
            Resolved::Parts(_) | Resolved::Settled(..) => None,
        };
        placed.push(Placed { row, resolved, after });
    }
    Ok(placed)
}

/// The row that a step waits for. `back`: the rows that bring users back.
fn waits_for(row: u64, step: &NewStep, back: &mut HashMap<AccountId, u64>) -> Option<u64> {
    let account = step.target.account.as_ref()?;
    match Action::of_kind(step.kind) {
        Action::Activate | Action::Restore => {
            back.insert(account.clone(), row);
            None
        }
        Action::Join | Action::Grant => back.get(account).copied(),
        Action::Create
        | Action::Leave
        | Action::Revoke
        | Action::Suspend
        | Action::Deactivate
        | Action::Remove => None,
    }
}
