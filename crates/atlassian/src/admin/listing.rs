//! All users and groups of the organization, page by page, for exports, which must not hold them all in memory.

use super::{ALL_DIRECTORIES, Admin, Cursors, Pages, ROWS_A_PAGE, group, person};
use crate::client::Call;
use crate::endpoint::Endpoint;
use crate::error::{CallError, CallErrorKind};
use crate::records::{
    AppUse, DirectoryRecord, GroupRecord, ListedGroup, ListedPerson, PersonRecord,
};
use crate::wire::admin as wire;
use crate::wire::path::Path;
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, AccountStatus, AccountType, Product};

/// All users of a directory, or of all directories.
#[derive(Debug)]
pub struct People(Pages<wire::UserSearch<'static>>);

impl People {
    /// The next page of at most 100; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<ListedPerson>>, CallError> {
        let page: Option<Vec<wire::DirectoryUser>> = self.0.next().await?;
        Ok(page.map(|rows| rows.into_iter().filter_map(listed_person).collect()))
    }
}

/// All groups of a directory, or of all directories.
#[derive(Debug)]
pub struct Groups(Pages<wire::GroupSearch<'static>>);

impl Groups {
    /// The next page of at most 100; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<ListedGroup>>, CallError> {
        let page: Option<Vec<wire::DirectoryGroup>> = self.0.next().await?;
        Ok(page.map(|rows| rows.into_iter().filter_map(listed_group).collect()))
    }
}

/// All managed accounts, in a directory or not.
#[derive(Debug)]
pub struct ManagedAccounts {
    admin: Admin,
    cursors: Cursors,
    ended: bool,
    /// The number of accounts, once an answer has named it (`meta.total`).
    pub total: Option<u64>,
}

impl ManagedAccounts {
    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<PersonRecord>>, CallError> {
        if self.ended {
            return Ok(None);
        }
        let endpoint = Endpoint::AdminManagedAccounts;
        let mut path = Path::filled(endpoint.path(), &[self.admin.org().await?]);
        if let Some(cursor) = self.cursors.current() {
            path = path.with("cursor", cursor);
        }
        let call = Call { endpoint, path: path.into_string(), body: None };
        let answer = self.admin.client.read(&call).await?;
        let page: wire::Page<wire::Account> = self.admin.client.json(endpoint, &answer)?;
        let Some(data) = page.data else {
            let words = "its answer has no list";
            return Err(self.admin.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        };
        self.total = page.meta.and_then(|meta| meta.total).or(self.total);
        self.ended = !self.cursors.go_on(endpoint, page.links)?;
        Ok(Some(data.into_iter().filter_map(managed).collect()))
    }
}

impl Admin {
    /// The id of the configured directory.
    pub fn directory(&self) -> Option<&str> {
        self.directory.as_deref()
    }

    /// `GET v2/…/directories`: the directories that the key shows (organizations description). Errors: 400, 401,
    /// 429, 500; 404 if the organization has no such API.
    pub async fn directories(&self) -> Result<Vec<DirectoryRecord>, CallError> {
        let endpoint = Endpoint::AdminDirectories;
        let org = self.org().await?;
        let mut found = Vec::new();
        let mut cursors = Cursors::default();
        loop {
            let mut path =
                Path::filled(endpoint.path(), &[org]).with("limit", ROWS_A_PAGE.to_string());
            if let Some(cursor) = cursors.current() {
                path = path.with("cursor", cursor);
            }
            let call = Call { endpoint, path: path.into_string(), body: None };
            let answer = self.client.read(&call).await?;
            let page: wire::Page<wire::Directory> = self.client.json(endpoint, &answer)?;
            let Some(data) = page.data else {
                let words = "its answer has no list of directories";
                return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
            };
            found.extend(data.into_iter().filter_map(|row| {
                let name = row.name.unwrap_or_default();
                Some(DirectoryRecord { id: row.directory_id?, name })
            }));
            if !cursors.go_on(endpoint, page.links)? {
                return Ok(found);
            }
        }
    }

    /// `POST v2/…/users/search` without a filter: all users of the directory; without a directory, all users of
    /// all directories and the managed accounts that are in none. With `groups`, each user's groups "within the
    /// requested directory". Errors as for [`users_by_mail`](Self::users_by_mail).
    pub async fn all_people(
        &self,
        directory: Option<&str>,
        expand: &'static [&'static str],
    ) -> Result<People, CallError> {
        let search = wire::UserSearch { expand, limit: ROWS_A_PAGE, ..wire::UserSearch::default() };
        let directory = directory.unwrap_or(ALL_DIRECTORIES);
        Ok(People(self.pages(Endpoint::AdminSearchUsers, directory, search).await?))
    }

    /// `POST v2/…/users/search` by one group: all its members, in the directory or in all of them.
    /// Errors as of [`users_by_mail`](Self::users_by_mail).
    pub async fn members_of(
        &self,
        directory: Option<&str>,
        group: &GroupId,
    ) -> Result<Vec<PersonRecord>, CallError> {
        let group_ids = &[group.as_str()];
        let search = wire::UserSearch { group_ids, limit: ROWS_A_PAGE, ..Default::default() };
        let directory = directory.unwrap_or(ALL_DIRECTORIES);
        let rows: Vec<wire::DirectoryUser> =
            self.search(Endpoint::AdminSearchUsers, directory, search).await?;
        Ok(rows.into_iter().filter_map(person).collect())
    }

    /// `POST v2/…/groups/search` without a filter: all groups of the directory, or of all directories, with the
    /// site's number of members if asked for. Errors as for [`users_by_mail`](Self::users_by_mail).
    pub async fn all_groups(
        &self,
        directory: Option<&str>,
        with_counts: bool,
    ) -> Result<Groups, CallError> {
        let expand: &[&str] = if with_counts { &["counts.users"] } else { &[] };
        let search =
            wire::GroupSearch { expand, limit: ROWS_A_PAGE, ..wire::GroupSearch::default() };
        let directory = directory.unwrap_or(ALL_DIRECTORIES);
        Ok(Groups(self.pages(Endpoint::AdminSearchGroups, directory, search).await?))
    }

    /// `GET v1/orgs/{org}/users`: managed accounts only, in any state (organizations description). Errors: 400,
    /// 401, 404, 429, 500.
    pub fn all_managed(&self) -> ManagedAccounts {
        let (admin, cursors) = (self.clone(), Cursors::default());
        ManagedAccounts { admin, cursors, ended: false, total: None }
    }

    /// `GET v2/…/users/count`: the number of users in the directory; without a directory, in all directories
    /// together with all managed accounts (organizations description). Errors as for
    /// [`users_by_mail`](Self::users_by_mail).
    pub async fn count_people(&self, directory: Option<&str>) -> Result<Option<u64>, CallError> {
        let endpoint = Endpoint::AdminCountUsers;
        let org = self.org().await?;
        let mut path = Path::filled(endpoint.path(), &[org, directory.unwrap_or(ALL_DIRECTORIES)]);
        if let Some(directory) = directory {
            path = path.with("directoryIds", directory);
        }
        let call = Call { endpoint, path: path.into_string(), body: None };
        Ok(self.client.read_json::<wire::UserCount>(&call).await?.count)
    }
}

pub(super) fn listed_person(mut row: wire::DirectoryUser) -> Option<ListedPerson> {
    let added = row.added_to_org.take().map(Into::into);
    let groups: Option<Vec<GroupRecord>> =
        row.groups.take().map(|groups| groups.into_iter().filter_map(group).collect());
    let access = row.product_access.take();
    let products = access.as_ref().map(|access| {
        access.iter().filter_map(|one| Product::from_key(one.key.as_deref()?)).collect()
    });
    let apps = access.map(|access| access.into_iter().filter_map(app_use).collect());
    let bare = |role: &String| role.trim_start_matches("atlassian/").into();
    let roles = row.platform_roles.as_ref().map(|roles| roles.iter().map(bare).collect());
    Some(ListedPerson { person: person(row)?, added, groups, products, apps, roles })
}

/// One that has no id is named by its key.
fn app_use(access: wire::ProductAccess) -> Option<AppUse> {
    let app = access.id.or(access.key)?.into();
    Some(AppUse { app, last: access.last_active_timestamp.map(Into::into) })
}

pub(super) fn listed_group(mut row: wire::DirectoryGroup) -> Option<ListedGroup> {
    let description = row.description.take().filter(|text| !text.is_empty()).map(Into::into);
    let counts = row.counts.take();
    let members = counts.as_ref().and_then(|counts| counts.users);
    let apps = counts.and_then(|counts| counts.resources);
    let deletable = row.management_access.as_ref().and_then(|access| access.deletable);
    Some(ListedGroup { group: group(row)?, description, members, apps, deletable })
}

fn managed(row: wire::Account) -> Option<PersonRecord> {
    Some(PersonRecord {
        id: AccountId::parse(&row.account_id?).ok()?,
        mail: row.email.filter(|mail| !mail.is_empty()).map(Into::into),
        name: row.name.filter(|name| !name.is_empty()).map(Into::into),
        status: row.account_status.as_deref().and_then(AccountStatus::read),
        managed: Some(true),
        synced: None,
        org_admin: None,
        standing: None,
        account_type: row.account_type.as_deref().and_then(AccountType::read),
    })
}
