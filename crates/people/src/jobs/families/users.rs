//! Jobs on one user in each row.

use crate::steps::{self, No, Note, Now, StepKind, Wanted};

use crate::directory::{Person, PersonIndex};
use crate::error::PlanError;
use crate::jobs::{Exports, Template};
use crate::lookup::{LookingUp, Lookup};
use crate::resolve::warnings::rests;
use crate::resolve::{Resolved, Resolver, target, unchanged};
use crate::rows::Intent;

/// What a row holds, in the page's words.
pub(in crate::jobs) const NEEDS: &str = "a user (email or account id) in each row";

/// A template of it.
pub(in crate::jobs) const TEMPLATE: Template = (&["Email"], &["jane@example.com"]);

/// An export of users says who they are.
pub(in crate::jobs) const EXPORTS: Exports = Exports { users: true, groups: false };

/// The users of the rows, by id and by mail.
pub(in crate::jobs) async fn look_up(
    lookup: &mut Lookup<'_>,
) -> Result<Vec<PersonIndex>, PlanError> {
    lookup.read_people().await?;
    let people = lookup.people();
    lookup.compare(&people).await?;
    Ok(people)
}

/// What may be done to each account, as user management says.
pub(in crate::jobs) fn look_up_accounts(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        lookup.take_accounts()?;
        lookup.read_mails().await?;
        let people = lookup.people();
        lookup.compare(&people).await?;
        lookup.read_lifecycles(&people).await
    })
}

/// The state of the users in the directory.
pub(in crate::jobs) fn look_up_standings(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        let people = look_up(&mut lookup).await?;
        lookup.read_standings(&people).await
    })
}

/// A step on the user of a row, unless it is already in the wanted state; a row that needs no change is `unchanged`
/// no matter which user it is about, so the guards come after.
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

/// Who is to be reactivated is deactivated, and known to be: only that the user is suspended is noted.
pub(in crate::jobs) fn suspended(person: &Person) -> Wanted {
    let notes = rests(person).into_iter().filter(|note| *note == Note::Suspended).collect();
    Wanted { notes, ..Wanted::default() }
}
