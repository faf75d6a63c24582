//! Jobs with one user in each row.

use crate::steps::{self, No, Note, Now, StepKind, Wanted};

use crate::directory::{Person, PersonIndex};
use crate::error::PlanError;
use crate::jobs::{Exports, Template};
use crate::lookup::{LookingUp, Lookup};
use crate::resolve::{Resolved, Resolver, rests, target, unchanged};
use crate::rows::Intent;
use headcount_model::user::Privilege;

/// The content of a row, in the page's words.
pub(in crate::jobs) const NEEDS: &str = "a user (email or account id) in each row";

/// The jobs' template.
pub(in crate::jobs) const TEMPLATE: Template = (&["Email"], &["jane@example.com"]);

/// Ids of users can come from an export.
pub(in crate::jobs) const EXPORTS: Exports = Exports { users: true, groups: false };

/// Reads the rows' users, by id and by email.
pub(in crate::jobs) async fn look_up(
    lookup: &mut Lookup<'_>,
) -> Result<Vec<PersonIndex>, PlanError> {
    lookup.read_people().await?;
    let people = lookup.people();
    lookup.compare(&people).await?;
    Ok(people)
}

/// Reads whether this may be done with each account, from user management.
pub(in crate::jobs) fn look_up_accounts(
    mut lookup: Lookup<'_>,
    privilege: Privilege,
) -> LookingUp<'_> {
    Box::pin(async move { read_accounts(&mut lookup, privilege).await })
}

/// The same, for a job that reads more.
pub(in crate::jobs) async fn read_accounts(
    lookup: &mut Lookup<'_>,
    privilege: Privilege,
) -> Result<(), PlanError> {
    lookup.take_accounts();
    lookup.read_mails().await?;
    let people = lookup.people();
    lookup.compare(&people).await?;
    lookup.read_lifecycles(&people, privilege).await
}

/// Reads whether each account may be deleted, and which are scheduled for deletion.
pub(in crate::jobs) fn look_up_deletions(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move { read_deletions(&mut lookup).await })
}

/// The same, for a job that reads more.
pub(in crate::jobs) async fn read_deletions(lookup: &mut Lookup<'_>) -> Result<(), PlanError> {
    read_accounts(lookup, Privilege::Deletion).await?;
    let people = lookup.people();
    lookup.read_deletions(&people).await
}

/// Reads the state of the users in the directory.
pub(in crate::jobs) fn look_up_standings(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        let people = look_up(&mut lookup).await?;
        lookup.read_standings(&people).await
    })
}

/// A step on the row's user, unless the user is already in the wanted state. The guards come afterwards, because a
/// row that needs no change is `unchanged`, whichever user it names.
pub(in crate::jobs) fn resolve(
    intent: &Intent,
    with: Resolver<'_>,
    kind: StepKind,
    wanted: fn(&Person, Resolver<'_>) -> Wanted,
) -> Result<Resolved, No> {
    let person = with.directory.person(with.user(intent)?);
    let before = match (steps::of(kind).now)(person, None)? {
        Now::Already(reason, words) => {
            return Ok(unchanged(reason, format!("{} {words}", person.shown())));
        }
        Now::Before(before) => before,
    };
    with.guard_user(person, intent.org_role.as_deref())?;
    let (subject, wanted) = (person.id.as_str().to_owned(), wanted(person, with));
    Ok(with.step(kind, subject, target(person), before, wanted)?.into())
}

/// Nothing besides the change itself.
pub(in crate::jobs) fn nothing_else(_: &Person, _: Resolver<'_>) -> Wanted {
    Wanted::default()
}

/// A user to reactivate is known to be deactivated, so only a suspension is noted.
pub(in crate::jobs) fn suspended(person: &Person) -> Wanted {
    let notes = rests(person).into_iter().filter(|note| *note == Note::Suspended).collect();
    Wanted { notes, ..Wanted::default() }
}
