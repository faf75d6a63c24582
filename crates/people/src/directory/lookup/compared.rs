//! Checks whether an export matches the site, by comparing accounts in it with the site.
//!
//! People open, sort and save exports. If one column was sorted without the others, each email is next to another
//! user's id, and every row would change a wrong user.

use super::error::LookupError;
use super::{Progress, Witness, groups, is_closed, people};
use crate::directory::{Directory, FoundPerson, GroupIndex, Person, PersonIndex};
use headcount_atlassian::Site;
use headcount_model::group::GroupId;
use headcount_model::spelling::name_key;
use headcount_model::user::{AccountId, mail_key};

/// How many users are compared: all of most exports; of a larger one, a sample from everywhere in it. The
/// organization shows 99 emails per call, Jira 80 accounts.
const COMPARED: usize = 4_000;

/// Compares these users of an export with the site, and adds what the site shows about them.
///
/// If the credential may not read accounts, nothing is compared; the same holds for contradictory answers, because
/// exports are made for both cases.
///
/// # Errors
/// [`LookupError::Contradicted`]: the site shows another email for one of these accounts, or another account for
/// one of these emails.
pub async fn compare(
    site: &Site,
    directory: &mut Directory,
    named: &[PersonIndex],
    own_account: Witness<'_>,
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let chosen = named.iter().step_by(named.len().div_ceil(COMPARED).max(1));
    let written: Vec<(AccountId, String)> = chosen
        .map(|&at| directory.person(at))
        .filter_map(|person| Some((person.id.clone(), person.mail.as_deref()?.to_owned())))
        .collect();
    let Some(shown) = read(site, &written, own_account, progress).await? else { return Ok(()) };
    let mut differ = written.iter().filter_map(|(id, mail)| contradiction(id, mail, &shown));
    if let Some(first) = differ.next() {
        let (differ, compared) = (differ.count() + 1, written.len());
        return Err(LookupError::Contradicted { differ, compared, first });
    }
    for (_, person) in shown.people() {
        directory.add_person(person.clone());
    }
    Ok(())
}

/// Compares these groups of an export with the site: a group that was renamed since the export would be taken for
/// another one.
///
/// # Errors
/// [`LookupError::GroupsContradicted`]: the site has another name for one of these ids.
pub async fn compare_groups(
    site: &Site,
    directory: &Directory,
    named: &[GroupIndex],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let chosen = named.iter().step_by(named.len().div_ceil(COMPARED).max(1));
    let written: Vec<_> = chosen.map(|&at| directory.group(at)).collect();
    let ids: Vec<GroupId> = written.iter().map(|group| group.id.clone()).collect();
    let mut shown = Directory::default();
    match groups(site, &mut shown, &[], &ids, progress).await {
        Err(error) if tells_nothing(&error) => return Ok(()),
        done => done?,
    }
    let other = |id: &GroupId| shown.group_by_id(id).map(|at| shown.group(at).name.as_ref());
    let mut differ = written.iter().filter_map(|group| {
        let name = other(&group.id).filter(|name| name_key(name) != name_key(&group.name))?;
        Some(format!(
            "{}, which is “{}” in the export and “{name}” on the site",
            group.id, group.name
        ))
    });
    match differ.next() {
        Some(first) => {
            let (differ, compared) = (differ.count() + 1, written.len());
            Err(LookupError::GroupsContradicted { differ, compared, first })
        }
        None => Ok(()),
    }
}

/// The users as the site shows them: by email if the organization shows it (together with their state in its
/// directory), else by account. `None` if neither shows anything.
async fn read(
    site: &Site,
    written: &[(AccountId, String)],
    own_account: Witness<'_>,
    progress: Progress<'_>,
) -> Result<Option<Directory>, LookupError> {
    let mut shown = Directory::default();
    if site.admin.is_some() {
        let organization = Site { jira: None, ..site.clone() };
        let mails: Vec<_> = written.iter().map(|(_, mail)| mail_key(mail)).collect();
        match people(&organization, &mut shown, &mails, &[], own_account, progress).await {
            Err(error) if tells_nothing(&error) => {}
            done => return done.map(|()| Some(shown)),
        }
    }
    if site.jira.is_none() {
        return Ok(None);
    }
    let jira = Site { admin: None, ..site.clone() };
    shown = Directory::default();
    let ids: Vec<_> = written.iter().map(|(id, _)| id.clone()).collect();
    match people(&jira, &mut shown, &[], &ids, own_account, progress).await {
        Err(error) if tells_nothing(&error) => Ok(None),
        done => done.map(|()| Some(shown)),
    }
}

/// Whether the call is closed to the credential, or its answers contradict themselves; exports help in both cases.
fn tells_nothing(error: &LookupError) -> bool {
    match error {
        LookupError::Call(error) => is_closed(error),
        error => matches!(error, LookupError::Incredible { .. }),
    }
}

fn contradiction(id: &AccountId, mail: &str, shown: &Directory) -> Option<String> {
    let told = |person: &Person| person.mail.as_deref().map(mail_key);
    let account = shown.person_by_id(id).map(|at| shown.person(at));
    if let Some(other) = account.and_then(told).filter(|other| *other != mail_key(mail)) {
        return Some(format!("{id}, which is {mail} in the export and {other} on the site"));
    }
    match shown.people_by_mail(mail) {
        FoundPerson::One(at) if shown.person(at).id != *id => {
            let other = &shown.person(at).id;
            Some(format!("{mail}, which is {id} in the export and {other} on the site"))
        }
        _ => None,
    }
}
