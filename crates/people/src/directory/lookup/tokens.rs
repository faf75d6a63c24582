//! Reads the API tokens of users (`manage/api-tokens`, a call for each user).

use super::Progress;
use super::error::{LookupError, ORG_KEY};
use super::failed::Reads;
use crate::directory::{Directory, PersonIndex};
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::{CallError, Site};
use headcount_model::user::AccountId;

/// Reads the tokens of these users.
///
/// # Errors
/// The site cannot be read. What fails for one user alone stays unknown.
pub async fn tokens(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else {
        return Err(LookupError::NoWay { what: "API tokens", needs: ORG_KEY });
    };
    let at_once = site.pacer.most(Lane::AdminRead) as usize;
    let ids: Vec<_> = people.iter().map(|&at| (at, directory.person(at).id.clone())).collect();
    let read = |id: AccountId| async move { admin.tokens_of(&id).await };
    let note = |at, answer: Result<_, CallError>| {
        if let Ok(tokens) = answer {
            directory.tokens.insert(at, tokens);
        }
        progress(1);
    };
    Reads { site, at_once }.each(ids, read, note).await
}
