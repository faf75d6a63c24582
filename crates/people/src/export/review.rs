//! `user access`: the access review. Who has which app in which role, through what, and when it was last used.
//!
//! Users and last use come from the listing (100 users a page). The roles come from each user's own role assignments
//! (a call for each user with an app), because only these say how a role was assigned. The names of groups come from the
//! groups that give a role in an app, and their members.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use futures_util::stream::{self, StreamExt as _};

use super::chosen::{Found, chosen};
use super::columns::{Out, last_seen, status_word};
use super::error::ExportError;
use super::{Exported, Progress};
use crate::choose::{Apps, Filters, Verdict};
use crate::directory::lookup::Witness;
use headcount_atlassian::Site;
use headcount_atlassian::admin::Admin;
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::records::{AssignedRole, ListedPerson};
use headcount_model::app_role::AppRole;
use headcount_model::group::GroupId;
use headcount_model::user::AccountId;

/// The columns of `user access`. `Decision` and `Reviewer` are empty; `access revoke` and `user deactivate` read the
/// others and `Decision`.
pub const REVIEW_COLUMNS: [&str; 10] = [
    "User id",
    "User name",
    "Email",
    "User status",
    "Product",
    "Role",
    "Through",
    "Last seen",
    "Decision",
    "Reviewer",
];

/// The result of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// How the listing went.
    pub listing: Exported,
    /// Users whose roles could not be read: their rows have no role.
    pub unread: u64,
    /// Groups whose roles or members could not be read, so that their names are missing.
    pub unread_groups: u64,
}

/// The groups that give roles: their names, by user, app and role.
type Through = HashMap<AccountId, BTreeMap<(usize, AppRole), Vec<usize>>>;

/// Writes a row for each role in an app of each user that the filters list.
///
/// # Errors
/// As of [`users`](super::users); there is no organization API key.
pub async fn access_review(
    site: &Site,
    own_account: Witness<'_>,
    filters: &Filters,
    out: impl Write + Send,
    progress: Progress<'_>,
) -> Result<Reviewed, ExportError> {
    let Some(admin) = &site.admin else {
        let needs = "an organization API key";
        return Err(ExportError::NoWay { what: "who has which app", needs });
    };
    let mut apps = Apps::default();
    let mut people: Vec<ListedPerson> = Vec::new();
    let mut listing = chosen((site, admin), own_account, filters, progress, &mut |found| {
        match found {
            Found::Apps(known) => apps = known.clone(),
            Found::User(person, Verdict::Listed) => people.push(person.clone()),
            Found::User(_, Verdict::LeftOut(_)) => {}
        }
        Ok(())
    })
    .await?;
    let groups = Groups::read(site, admin, &apps).await?;
    let mut out = Out::new(out);
    out.headings(&REVIEW_COLUMNS)?;
    let mut unread = 0;
    let with_apps =
        people.into_iter().filter(|one| one.apps.as_ref().is_none_or(|of| !of.is_empty()));
    let most = site.pacer.most(Lane::AdminRead) as usize;
    let mut answers = stream::iter(with_apps)
        .map(|person| async move {
            let roles = match admin.roles_of_user(&person.person.id).await {
                Ok(roles) => Ok(Some(roles)),
                // Asked here, because outside of this future the other reads would stand still meanwhile.
                Err(error) if site.fails_for_this_alone(&error).await => Ok(None),
                Err(error) => Err(error),
            };
            (person, roles)
        })
        .buffered(most);
    while let Some((person, roles)) = answers.next().await {
        let roles = roles?;
        unread += u64::from(roles.is_none());
        for row in rows(&person, roles.as_deref(), &apps, &groups) {
            out.cells(&row)?;
        }
    }
    listing.rows = out.end()?;
    Ok(Reviewed { listing, unread, unread_groups: groups.unread })
}

/// The groups that give roles in apps.
#[derive(Default)]
struct Groups {
    names: Vec<Box<str>>,
    through: Through,
    unread: u64,
}

impl Groups {
    async fn read(site: &Site, admin: &Admin, apps: &Apps) -> Result<Self, ExportError> {
        let mut groups = Self::default();
        let mut pages = admin.all_groups(admin.directory(), false).await?;
        while let Some(page) = pages.next().await? {
            let ids: Vec<GroupId> = page.iter().map(|listed| listed.group.id.clone()).collect();
            let mut counted = Vec::new();
            for ids in ids.chunks(headcount_atlassian::admin::IDS_A_CALL) {
                counted.extend(admin.groups_counted(&ids.iter().collect::<Vec<_>>()).await?);
            }
            for listed in page {
                let same = counted.iter().find(|one| one.group.id == listed.group.id);
                if same.and_then(|one| one.apps) != Some(0) {
                    groups.add(site, admin, apps, &listed.group.id, &listed.group.name).await?;
                }
            }
        }
        Ok(groups)
    }

    async fn add(
        &mut self,
        site: &Site,
        admin: &Admin,
        apps: &Apps,
        id: &GroupId,
        name: &str,
    ) -> Result<(), ExportError> {
        let read = async {
            let roles = admin.roles_of_group(id).await?;
            let roles: Vec<_> = roles.iter().filter_map(|one| known(one, apps)).collect();
            let members = match roles.is_empty() {
                true => Vec::new(),
                false => admin.members_of(admin.directory(), id).await?,
            };
            Ok((roles, members))
        };
        let (roles, members) = match read.await {
            Ok(read) => read,
            Err(error) if site.fails_for_this_alone(&error).await => {
                self.unread += 1;
                return Ok(());
            }
            Err(error) => return Err(ExportError::from(error)),
        };
        let at = self.names.len();
        self.names.push(name.into());
        for member in members {
            let of = self.through.entry(member.id).or_default();
            for role in &roles {
                of.entry(*role).or_default().push(at);
            }
        }
        Ok(())
    }

    /// The names of the user's groups that give a role.
    fn names(&self, user: &AccountId, role: (usize, AppRole)) -> Vec<&str> {
        let of = self.through.get(user).and_then(|of| of.get(&role));
        of.into_iter().flatten().map(|at| &*self.names[*at]).collect()
    }
}

fn known(one: &AssignedRole, apps: &Apps) -> Option<(usize, AppRole)> {
    Some((apps.by_id(&one.app)?, AppRole::read(&one.role)?))
}

/// The rows of a user: one for each role, or one for each app with the role `unknown`, which no job takes, if the roles could not be read.
fn rows(
    person: &ListedPerson,
    roles: Option<&[AssignedRole]>,
    apps: &Apps,
    groups: &Groups,
) -> Vec<[String; 10]> {
    let of = &person.person;
    let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
    let row = |app: usize, role: &str, through: String| {
        let used = person.apps.iter().flatten().find(|one| apps.by_id(&one.app) == Some(app));
        [
            of.id.as_str().to_owned(),
            text(&of.name),
            text(&of.mail),
            of.standing.map_or("", status_word).to_owned(),
            apps.0[app].heading.clone(),
            role.to_owned(),
            through,
            used.map_or_else(String::new, last_seen),
            String::new(),
            String::new(),
        ]
    };
    let Some(roles) = roles else {
        let apps = person.apps.iter().flatten().filter_map(|one| apps.by_id(&one.app));
        return apps.map(|app| row(app, "unknown", "not shown by the site".to_owned())).collect();
    };
    let roles = roles.iter().filter_map(|one| Some((known(one, apps)?, one)));
    roles
        .map(|(key, one)| row(key.0, key.1.word(), through(one, &groups.names(&of.id, key))))
        .collect()
}

/// Through what a user has a role: `directly`, `group berlin`.
fn through(one: &AssignedRole, groups: &[&str]) -> String {
    let Some(methods) = one.methods else { return "not shown by the site".to_owned() };
    let mut words = Vec::new();
    if methods.direct {
        words.push("directly".to_owned());
    }
    match groups {
        [] if methods.by_group => words.push("a group".to_owned()),
        groups => words.extend(groups.iter().map(|name| format!("group {name}"))),
    }
    if methods.other {
        words.push("another role".to_owned());
    }
    words.join("; ")
}
