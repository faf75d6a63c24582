//! Reads the API tokens of users (`manage/api-tokens`, a call for each user).

use futures_util::stream::{self, StreamExt as _};

use super::Progress;
use super::error::{LookupError, ORG_KEY};
use crate::directory::{Directory, PersonIndex};
use headcount_atlassian::Site;
use headcount_atlassian::endpoint::Lane;

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
    let most = site.pacer.most(Lane::AdminRead) as usize;
    let ids: Vec<_> = people.iter().map(|&at| directory.person(at).id.clone()).collect();
    let mut answers =
        stream::iter(ids).map(|id| async move { admin.tokens_of(&id).await }).buffered(most);
    for &at in people {
        let Some(answer) = answers.next().await else { break };
        match answer {
            Ok(tokens) => {
                directory.tokens.insert(at, tokens);
            }
            Err(error) if site.fails_for_this_alone(&error).await => {}
            Err(error) => return Err(error.into()),
        }
        progress(1);
    }
    Ok(())
}
