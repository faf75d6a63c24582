//! API tokens of managed accounts.

use crate::directory::PersonIndex;
use crate::jobs::{Exports, Template};
use crate::lookup::{LookingUp, Lookup, LookupBack};
use crate::resolve::{Resolved, Resolver, target};
use crate::rows::Intent;
use crate::steps::{Before, NewStep, No, StepKind, Target, Wanted};
use headcount_model::reason::Reason;

/// The content of a row, in the page's words.
pub(in crate::jobs) const NEEDS: &str =
    "an API token's id and its owner (email or account id) in each row";

/// The job's template.
pub(in crate::jobs) const TEMPLATE: Template =
    (&["Email", "Token id"], &["jane@example.com", "AbCd1234"]);

/// Only the site shows which tokens exist now.
pub(in crate::jobs) const NO_EXPORTS: Exports = Exports { users: false, groups: false };

/// Reads the owners and their tokens.
pub(in crate::jobs) fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        lookup.read_people().await?;
        let people = lookup.people();
        lookup.read_facts(&people).await?;
        lookup.read_tokens(&people).await
    })
}

/// Nothing: no undo restores a token.
pub(in crate::jobs) fn look_up_undo(_: LookupBack<'_>) -> LookingUp<'_> {
    Box::pin(async { Ok(()) })
}

/// Resolves a row of `token revoke`.
pub(in crate::jobs) fn revoke(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    let at = with.user(intent)?;
    let person = with.directory.person(at);
    let (who, id) = (person.shown(), intent.token.as_deref().unwrap_or_default());
    let steps = steps(at, with)?;
    with.guard_user(person, intent.org_role.as_deref())?;
    match steps.into_iter().find(|step| step.target.token.as_deref() == Some(id)) {
        Some(step) => Ok(step.into()),
        None => {
            let detail = format!(
                "{who} has no API token with the id {id}: it was revoked, has expired, or is another user's"
            );
            Err(No::new(Reason::TokenNotFound, detail))
        }
    }
}

/// A step for each token of a user.
pub(in crate::jobs) fn steps(at: PersonIndex, with: Resolver<'_>) -> Result<Vec<NewStep>, No> {
    let person = with.directory.person(at);
    let who = person.shown();
    let tokens = match with.directory.tokens.get(&at) {
        Some(Some(tokens)) => tokens,
        Some(None) => {
            let detail = format!("the organization does not manage {who}");
            return Err(No::new(Reason::Unmanaged, detail));
        }
        None => {
            let detail = format!("headcount could not read the API tokens of {who}");
            return Err(No::new(Reason::NotSent, detail));
        }
    };
    let step = |token: &headcount_atlassian::records::TokenRecord| {
        let (id, label) = (token.id.to_string(), token.label.to_string());
        let target = Target { token: Some(id), token_label: Some(label), ..target(person) };
        let subject = target.with_part(person.id.as_str());
        with.step(StepKind::RevokeToken, subject, target, Before::Present, Wanted::default())
    };
    tokens.iter().map(step).collect()
}
