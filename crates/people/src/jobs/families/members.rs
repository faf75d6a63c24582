//! Jobs with one membership in each row.

use crate::steps::{Before, No, StepKind, Target, Wanted};
use headcount_model::reason::Reason;
use headcount_model::user::Standing;

use crate::directory::{Group, Person};
use crate::jobs::{Exports, Template};
use crate::lookup::{LookingUp, Lookup, LookupBack, people_of};
use crate::resolve::{Resolved, Resolver, of_addition, target, unchanged};
use crate::rows::Intent;

/// The content of a row, in the page's words.
pub(in crate::jobs) const NEEDS: &str = "a user (email or account id) and a group in each row";

/// The jobs' template.
pub(in crate::jobs) const TEMPLATE: Template =
    (&["Email", "Group"], &["jane@example.com", "berlin-support"]);

/// Ids of users and groups can come from exports.
pub(in crate::jobs) const EXPORTS: Exports = Exports { users: true, groups: true };

/// Whether the apps of groups are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::jobs) enum Apps {
    /// They are read.
    Read,
    /// They make no difference.
    Ignored,
}

/// Reads the users, the groups, and their memberships.
pub(in crate::jobs) fn look_up(mut lookup: Lookup<'_>, apps: Apps) -> LookingUp<'_> {
    Box::pin(async move {
        lookup.read_people().await?;
        lookup.read_groups().await?;
        let pairs = lookup.pairs();
        lookup.compare(&people_of(&pairs)).await?;
        lookup.read_owners(&pairs).await?;
        if apps == Apps::Read {
            lookup.read_products(&pairs).await?;
        }
        lookup.read_memberships(&pairs).await
    })
}

/// Reads the same for an undo.
pub(in crate::jobs) fn look_up_undo(mut lookup: LookupBack<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        lookup.read_people().await?;
        lookup.read_memberships().await
    })
}

/// Resolves a row that adds its user to its group.
pub(in crate::jobs) fn add(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    resolve(intent, with, true)
}

/// Resolves a row that removes its user from its group.
pub(in crate::jobs) fn remove(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    resolve(intent, with, false)
}

fn resolve(intent: &Intent, with: Resolver<'_>, adds: bool) -> Result<Resolved, No> {
    // Both are looked up, so that one row reports everything that is wrong with it.
    let (at, of) = match (with.user(intent), with.group(intent)) {
        (Ok(at), Ok(of)) => (at, of),
        (Err(no), Ok(_)) | (Ok(_), Err(no)) => return Err(no),
        (Err(first), Err(second)) => {
            return Err(No::new(first.reason, format!("{}; and {}", first.detail, second.detail)));
        }
    };
    let (person, group) = (with.directory.person(at), with.directory.group(of));
    let is_member = with.directory.is_member(at, of);
    if is_member == Some(adds) {
        let (reason, words) = if adds {
            (Reason::AlreadyMember, "is already a member of")
        } else {
            (Reason::NotAMember, "is not a member of")
        };
        return Ok(unchanged(reason, format!("{} {words} {}", person.shown(), group.name)));
    }
    with.guard_group(of)?;
    with.guard_user(person, None)?;
    if adds && person.standing == Some(Standing::NotInvited) {
        let who = person.shown();
        let detail = format!("{who} has an Atlassian account, but is not in this organization");
        return Err(No::new(Reason::NotInDirectory, detail));
    }
    let target = Target {
        group: Some(group.id.clone()),
        group_name: Some(group.name.to_string()),
        ..target(person)
    };
    let (kind, wanted) = match adds {
        true => (StepKind::AddMember, of_addition(Some(person), of, with.directory)),
        false => (StepKind::RemoveMember, Wanted::default()),
    };
    let before = is_member.map_or(Before::Unseen, Before::Member);
    Ok(with.step(kind, subject(person, group), target, before, wanted)?.into())
}

/// The key by which two memberships are equal. An account id contains no space, so the key is unique.
fn subject(person: &Person, group: &Group) -> String {
    format!("{} {}", person.id, group.id)
}
