//! Reads the records of users and groups in the identity provider's directory (SCIM).

use std::collections::{BTreeSet, HashMap};

use headcount_atlassian::Site;
use headcount_atlassian::records::ProvisionedUser;
use headcount_atlassian::scim::Scim;
use headcount_model::group::name_key;
use headcount_model::user::{AccountId, mail_key};

use super::LookupError;
use crate::directory::{Directory, GroupIndex, PersonIndex};

/// Up to this many users are searched one by one; for more, the whole directory is listed, 100 to a page.
const ONE_BY_ONE: usize = 20;

/// Reads the ids of the records. A user's record is the one that names the account; if the answer names no account, the
/// one with exactly the user's email. A user or group without a record gets none.
pub async fn records(
    site: &Site,
    directory: &mut Directory,
    people: &BTreeSet<PersonIndex>,
    groups: &BTreeSet<GroupIndex>,
) -> Result<(), LookupError> {
    let Some(scim) = &site.scim else { return Ok(()) };
    let wanted: Vec<(AccountId, Option<String>)> = people
        .iter()
        .map(|at| directory.person(*at))
        .map(|person| (person.id.clone(), person.mail.as_deref().map(Into::into)))
        .collect();
    let mut users = Users::default();
    if wanted.len() <= ONE_BY_ONE {
        for mail in wanted.iter().filter_map(|(_, mail)| mail.as_deref()) {
            users.add(scim.users_named(mail).await?);
        }
    }
    // An identity provider's user name need not be the email.
    if wanted.iter().any(|(account, mail)| users.of(account, mail.as_deref()).is_none()) {
        users.add(scim.all_users().await?);
    }
    for (account, mail) in wanted {
        if let Some(record) = users.of(&account, mail.as_deref()) {
            directory.records.insert(account, record.into());
        }
    }
    for at in groups {
        let group = directory.group(*at).clone();
        if let Some(record) = group_record(scim, &group.name).await? {
            directory.group_records.insert(group.id, record.into());
        }
    }
    Ok(())
}

/// The record of the group with this name. Atlassian ignores case when it compares names.
async fn group_record(scim: &Scim, name: &str) -> Result<Option<String>, LookupError> {
    let found = scim.groups_named(name).await?;
    let mut same = found.into_iter().filter(|group| name_key(&group.name) == name_key(name));
    let first = same.next();
    Ok(first.filter(|_| same.next().is_none()).map(|group| group.id))
}

#[derive(Default)]
struct Users {
    by_account: HashMap<AccountId, String>,
    /// Records that name no account, by email; `None` for an email that several have.
    by_mail: HashMap<String, Option<String>>,
}

impl Users {
    fn add(&mut self, found: Vec<ProvisionedUser>) {
        for user in found {
            match (user.account, user.mail) {
                (Some(account), _) => drop(self.by_account.insert(account, user.id)),
                (None, Some(mail)) => {
                    let id = user.id;
                    self.by_mail
                        .entry(mail_key(&mail))
                        .and_modify(|known| *known = known.take().filter(|known| *known == id))
                        .or_insert(Some(id.clone()));
                }
                (None, None) => {}
            }
        }
    }

    fn of(&self, account: &AccountId, mail: Option<&str>) -> Option<&str> {
        let by_mail = || self.by_mail.get(&mail_key(mail?))?.as_deref();
        self.by_account.get(account).map(String::as_str).or_else(by_mail)
    }
}
