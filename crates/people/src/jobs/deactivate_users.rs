//! `user deactivate`: deactivates managed accounts.

use crate::rows::SheetJob;
use crate::steps::{Before, No, StepKind, Wanted};
use headcount_model::job::Job;
use headcount_model::user::Privilege;

use super::families::{if_changed, none, tokens, users};
use super::{
    Area, Copied, Counted, Creates, JobSpec, Need, Phrases, REVOKE_TOKENS, Tile, asked, spared,
};
use crate::directory::Person;
use crate::lookup::{LookingUp, Lookup};
use crate::resolve::{self, Part, Resolved, Resolver, target};
use crate::rows::{self, Intent};

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::DeactivateUsers,
    help: Some(
        "Deactivate the account of each row. It must be managed: its email domain is one that your organization has claimed. Columns: account id or email",
    ),
    options: &["message", "revoke_tokens", "scim"],
    phrases: Phrases {
        one: "user",
        imperative: ("deactivate", ""),
        title: "Deactivate accounts",
        done: "Deactivated",
        heading: "Accounts deactivated",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "deactivate",
        area: Area::People,
        title: "Deactivate accounts",
        about: "Deactivate the Atlassian accounts of users who have left. You can undo it.",
        needs: users::NEEDS,
        picture: "<circle cx='10' cy='8' r='4'/><path d='M3 21c0-4 3-7 7-7 1 0 2 .2 2.9.6'/><circle cx='17.5' cy='17.5' r='4'/><path d='M14.8 20.2l5.4-5.4'/>",
    }),
    template: users::TEMPLATE,
    sheet: SheetJob::Users,
    read: rows::user,
    asked: &[asked::DEACTIVATE],
    decision: Some("deactivate"),
    exports: users::EXPORTS,
    copy: Copied::USERS,
    need: Need::Org,
    takes_away: true,
    own_access: true,
    consequences: none,
    spared: spared::TAKEN_FROM,
    owner: resolve::lifecycle,
    counted: Counted::Managed,
    look_up,
    look_up_undo: |mut lookup| {
        Box::pin(async move { lookup.read_lifecycles(Privilege::Enablement).await })
    },
    resolve,
    arrange: None,
    inverse: Job::ActivateUsers,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};

fn wanted(person: &Person, with: Resolver<'_>) -> Wanted {
    Wanted { message: with.spec.message.clone(), ..users::suspended(person) }
}

/// Reads what may be done with each account, and if the plan revokes them, the API tokens.
fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        users::read_accounts(&mut lookup, Privilege::Enablement).await?;
        if lookup.run.options[REVOKE_TOKENS] != true {
            return Ok(());
        }
        let people = lookup.people();
        lookup.read_tokens(&people).await
    })
}

/// A deactivation, and if asked for, the revocation of each API token, which waits for it: a user whose account cannot
/// be deactivated keeps the tokens.
fn resolve(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    let first = users::resolve(intent, with, StepKind::Deactivate, wanted)?;
    if !with.spec.revoke_tokens {
        return Ok(first);
    }
    let at = with.user(intent)?;
    let person = with.directory.person(at);
    let (part, needs) = match &first {
        Resolved::Step(step) => (Part::new((**step).clone()), Some(0)),
        Resolved::Settled(outcome, reason, detail) => {
            with.guard_user(person, intent.org_role.as_deref())?;
            let (subject, before) = (person.id.as_str().to_owned(), Before::Unseen);
            let wanted = wanted(person, with);
            let step = with.step(StepKind::Deactivate, subject, target(person), before, wanted)?;
            let settled = Some((*outcome, *reason, detail.clone()));
            (Part { settled, ..Part::new(step) }, None)
        }
        Resolved::Parts(_) => return Ok(first),
    };
    let tokens = tokens::steps(at, with)?;
    if tokens.is_empty() {
        return Ok(first);
    }
    let tokens = tokens.into_iter().map(|step| Part { needs, ..Part::new(step) });
    Ok(Resolved::Parts(std::iter::once(part).chain(tokens).collect()))
}
