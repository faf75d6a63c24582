//! Reads which apps users have: a call for 100 users, by their emails.

use std::collections::HashMap;

use futures_util::stream::{self, StreamExt as _};

use super::error::{LookupError, ORG_KEY};
use super::standing::each_member;
use super::{Progress, person};
use crate::directory::{Directory, PersonIndex};
use headcount_atlassian::Site;
use headcount_atlassian::admin::{self, USE};
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::records::ListedPerson;
use headcount_model::user::AccountId;

/// The ids of the apps that each user has, in whichever way they have them. A user that the directory does not show has
/// none.
pub type UserApps = HashMap<PersonIndex, Vec<Box<str>>>;

/// Reads which apps these users have. The directory's search shows it (`productAccess`); it may lag behind a change. A user
/// whose email is hidden, or who is not shown, is searched by id, ten in each call.
///
/// # Errors
/// The site cannot be read.
pub async fn user_apps(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<UserApps, LookupError> {
    let Some(admin) = &site.admin else {
        return Err(LookupError::NoWay { what: "the apps of users", needs: ORG_KEY });
    };
    let mails: Vec<String> = people
        .iter()
        .filter_map(|at| Some(directory.person(*at).mail.as_deref()?.to_owned()))
        .collect();
    let most = site.pacer.most(Lane::AdminRead) as usize;
    let mut answers = stream::iter(mails.chunks(admin::NAMES_A_CALL).map(<[_]>::to_vec))
        .map(|mails| async move {
            let mails: Vec<&str> = mails.iter().map(String::as_str).collect();
            admin.apps_by_mail(&mails).await
        })
        .buffered(most);
    let mut found = UserApps::new();
    while let Some(listed) = answers.next().await {
        for listed in listed? {
            note(directory, &mut found, listed);
            progress(1);
        }
    }
    let unseen = people.iter().filter(|at| !found.contains_key(*at));
    let ids: Vec<AccountId> = unseen.map(|at| directory.person(*at).id.clone()).collect();
    each_member(site, admin, &ids, USE, &mut |listed| note(directory, &mut found, listed)).await?;
    Ok(found)
}

fn note(directory: &mut Directory, found: &mut UserApps, listed: ListedPerson) {
    let Some(apps) = listed.apps else { return };
    let at = directory.add_person(person(listed.person));
    found.insert(at, apps.into_iter().map(|used| used.app).collect());
}
