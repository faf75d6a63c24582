//! The directory's users, groups and memberships, one at a time: read, suspend, restore, remove, create, add
//! (organizations description, v2). A change names one directory; `-` (all directories) is for reads only.
//!
//! Errors of all calls: 400, 401, 403, 404 (unknown organization, directory, group or user), 429, 500; the
//! description gives no body for some of them.

use http::Method;

use super::{ALL_DIRECTORIES, Admin, ROWS_A_PAGE, group, listing, unclear};
use crate::client::Call;
use crate::endpoint::Endpoint;
use crate::error::{CallError, CallErrorKind};
use crate::json;
use crate::pace::Permit;
use crate::records::same_name;
use crate::records::{Change, DirectoryRecord, GroupMade, ListedGroup, ListedPerson, PersonRecord};
use crate::wire::admin as wire;
use crate::wire::path::Path;
use headcount_model::group::GroupId;
use headcount_model::user::AccountId;

/// Expands the platform roles, which show the user's role in the organization.
pub const STANDING: &[&str] = &["platformRoles"];
/// Also expands all groups of the user in the directory.
pub const GROUPS: &[&str] = &["platformRoles", "groups"];
/// Also expands the apps that the user has access to.
pub const ACCESS: &[&str] = &["platformRoles", "groups", "productAccess"];

/// Where people stand, and when they last used each app they have access to.
pub const USE: &[&str] = &["platformRoles", "productAccess"];

impl Admin {
    /// The id of the directory that changes go to: the profile's, else the organization's only one (the
    /// centralized user management has exactly one; a staff member in the community, 3151762). Errors as for
    /// [`directories`](Self::directories), and an error if there are several and none is configured.
    pub async fn home(&self) -> Result<&str, CallError> {
        let home = self.home.get_or_try_init(|| async {
            let mut directories = self.directories().await?;
            match (directories.pop(), directories.len()) {
                (Some(only), 0) => Ok(only.id),
                (None, _) => {
                    let words = "Atlassian lists no directory for this organization API key; set directory_id";
                    Err(unclear(Endpoint::AdminDirectories, words))
                }
                (Some(last), _) => {
                    directories.push(last);
                    let words = format!(
                        "the organization has {} directories: {}; set directory_id to the right one",
                        directories.len(),
                        self.listed(&directories)
                    );
                    Err(unclear(Endpoint::AdminDirectories, &words))
                }
            }
        });
        home.await.map(String::as_str)
    }

    /// Confirms that the configured directory belongs to the organization.
    pub async fn confirm_directory(&self) -> Result<(), CallError> {
        let Some(meant) = self.directory() else { return Ok(()) };
        let directories = self.directories().await?;
        if directories.iter().any(|shown| shown.id == meant) {
            return Ok(());
        }
        let words = format!(
            "the organization has {}, not {}; correct directory_id",
            match directories.is_empty() {
                true => "no directory".to_owned(),
                false => self.listed(&directories),
            },
            self.shown(meant)
        );
        Err(unclear(Endpoint::AdminDirectories, &words))
    }

    fn listed(&self, directories: &[DirectoryRecord]) -> String {
        let shown = directories.iter().map(|shown| self.named(&shown.name, &shown.id));
        shown.collect::<Vec<_>>().join(", ")
    }

    /// Finds the organization and the directory, once.
    pub async fn find_home(&self) -> Result<(), CallError> {
        self.org().await?;
        self.home().await.map(drop)
    }

    /// Whether the organization and the directory are known already.
    pub fn knows_home(&self) -> bool {
        self.home.initialized()
    }

    /// The id of the directory that changes go to, if it is known without a request.
    pub fn known_home(&self) -> Option<&str> {
        self.home.get().map(String::as_str)
    }

    pub(super) async fn at(&self, endpoint: Endpoint, more: &[&str]) -> Result<Path, CallError> {
        let mut parts = vec![self.org().await?, self.home().await?];
        parts.extend(more);
        Ok(Path::filled(endpoint.path(), &parts))
    }

    /// `GET …/users/{accountId}`: one user of the directory; `None` if the directory does not know
    /// the account (404).
    pub async fn user(&self, id: &AccountId) -> Result<Option<PersonRecord>, CallError> {
        let endpoint = Endpoint::AdminUser;
        let path = self.at(endpoint, &[id.as_str()]).await?.into_string();
        let call = Call { endpoint, path, body: None };
        let answer = match self.client.read(&call).await {
            Ok(answer) => answer,
            Err(error) if error.kind == CallErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let one: wire::One<wire::DirectoryUser> = self.client.json(endpoint, &answer)?;
        match super::person(one.data).filter(|person| person.id == *id) {
            Some(person) => Ok(Some(person)),
            None => {
                let words = "its answer is about a different account";
                Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words))
            }
        }
    }

    /// `POST …/users/search` by ids in the directory, at most [`IDS_A_CALL`](super::IDS_A_CALL), with the fields
    /// that [`STANDING`], [`GROUPS`] or [`ACCESS`] expand.
    pub async fn members_by_id(
        &self,
        ids: &[&AccountId],
        expand: &'static [&'static str],
    ) -> Result<Vec<ListedPerson>, CallError> {
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        let account_ids = &ids;
        let search =
            wire::UserSearch { account_ids, expand, limit: ROWS_A_PAGE, ..Default::default() };
        let home = self.home().await?;
        let rows: Vec<wire::DirectoryUser> =
            self.search(Endpoint::AdminSearchUsers, home, search).await?;
        Ok(rows.into_iter().filter_map(listing::listed_person).collect())
    }

    /// `POST …/groups/search` by ids, at most [`IDS_A_CALL`](super::IDS_A_CALL), with the number of members and of
    /// apps that the group gives access to.
    pub async fn groups_counted(&self, ids: &[&GroupId]) -> Result<Vec<ListedGroup>, CallError> {
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        let (group_ids, expand): (_, &[&str]) = (&ids, &["counts.users", "counts.resources"]);
        let search =
            wire::GroupSearch { group_ids, expand, limit: ROWS_A_PAGE, ..Default::default() };
        let directory = self.directory.as_deref().unwrap_or(ALL_DIRECTORIES);
        let rows: Vec<wire::DirectoryGroup> =
            self.search(Endpoint::AdminSearchGroups, directory, search).await?;
        Ok(rows.into_iter().filter_map(listing::listed_group).collect())
    }

    /// `GET …/groups/{group}`: whether the directory has the group. 404 means no (organizations description).
    ///
    /// Assumption: a group that was just created appears here before it appears in a search.
    pub async fn has_group(&self, id: &GroupId) -> Result<bool, CallError> {
        let endpoint = Endpoint::AdminGroup;
        let path = self.at(endpoint, &[id.as_str()]).await?.into_string();
        let answer = match self.client.read(&Call { endpoint, path, body: None }).await {
            Ok(answer) => answer,
            Err(error) if error.kind == CallErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let one: wire::One<wire::DirectoryGroup> = self.client.json(endpoint, &answer)?;
        match listing::listed_group(one.data).filter(|listed| listed.group.id == *id) {
            Some(_) => Ok(true),
            None => {
                let words = "its answer is about a different group";
                Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words))
            }
        }
    }

    /// `GET …/users/count`: the number of active members of the directory.
    pub async fn count_members(&self) -> Result<Option<u64>, CallError> {
        let endpoint = Endpoint::AdminCountUsers;
        let home = self.home().await?;
        let path = Path::filled(endpoint.path(), &[self.org().await?, home])
            .with("directoryIds", home)
            .with("status", "active");
        let call = Call { endpoint, path: path.into_string(), body: None };
        Ok(self.client.read_json::<wire::UserCount>(&call).await?.count)
    }

    pub(super) async fn empty_change(
        &self,
        permit: Permit,
        endpoint: Endpoint,
        more: &[&str],
        body: Option<bytes::Bytes>,
    ) -> Result<Change, CallError> {
        debug_assert!(endpoint.method() != Method::GET);
        let path = self.at(endpoint, more).await?.into_string();
        let answer = self.client.change(permit, &Call { endpoint, path, body }).await?;
        Ok(Change::Done { status: answer.status.as_u16() })
    }

    /// `POST …/users/{accountId}/suspend`, 204. The user can no longer use any app of the directory; restoring
    /// returns groups and roles. The description gives no body, and no answer for a user who is already suspended,
    /// so read the user with [`user`](Self::user) first.
    pub async fn suspend(&self, permit: Permit, id: &AccountId) -> Result<Change, CallError> {
        self.empty_change(permit, Endpoint::AdminSuspend, &[id.as_str()], None).await
    }

    /// `POST …/users/{accountId}/restore`, 204.
    pub async fn restore(&self, permit: Permit, id: &AccountId) -> Result<Change, CallError> {
        self.empty_change(permit, Endpoint::AdminRestore, &[id.as_str()], None).await
    }

    /// `DELETE …/users/{accountId}`, 204. Removes the user from the directory and all its apps. After a new
    /// invitation, roles and groups have to be given again. The removal may take effect some time after the
    /// answer.
    pub async fn remove_user(&self, permit: Permit, id: &AccountId) -> Result<Change, CallError> {
        self.empty_change(permit, Endpoint::AdminRemoveUser, &[id.as_str()], None).await
    }

    /// `POST …/groups`, 201; the description gives no body. 409: “A group with this name already exists”.
    pub async fn create_group(
        &self,
        permit: Permit,
        name: &str,
        description: Option<&str>,
    ) -> Result<GroupMade, CallError> {
        let endpoint = Endpoint::AdminCreateGroup;
        let body = serde_json::to_vec(&wire::NewGroup { name, description })
            .map_err(|error| CallError::unsendable(endpoint, &error))?;
        let path = self.at(endpoint, &[]).await?.into_string();
        let call = Call { endpoint, path, body: Some(body.into()) };
        match self.client.change(permit, &call).await {
            // If the answer holds an id after all, it is used.
            Ok(answer) => {
                let made = json::read::<wire::DirectoryGroup>(&answer.body).ok();
                let theirs = made.as_ref().and_then(|made| made.name.as_deref());
                if theirs.is_some_and(|theirs| !same_name(theirs, name)) {
                    let words = "its answer is about a different group";
                    return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
                }
                let names_none =
                    |made: &wire::DirectoryGroup| made.name.is_none() && made.id.is_none();
                if made.as_ref().is_some_and(names_none) {
                    let words = "its answer names no group";
                    return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
                }
                let id = made.and_then(group).map(|group| group.id);
                Ok(GroupMade::Done { id, status: answer.status.as_u16() })
            }
            Err(error) if error.says_in_use() => {
                Ok(GroupMade::InUse { status: error.status.unwrap_or_default() })
            }
            Err(error) => Err(error),
        }
    }

    /// `DELETE …/groups/{groupId}`, 204.
    pub async fn remove_group(&self, permit: Permit, id: &GroupId) -> Result<Change, CallError> {
        self.empty_change(permit, Endpoint::AdminRemoveGroup, &[id.as_str()], None).await
    }

    /// `POST …/groups/{groupId}/memberships`, 204. A 409 has two causes: the user is already a member, or an app
    /// that the group gives access to has no seat left; only a read can tell which. 404: the user is not in the
    /// directory and has to be invited first (KB 1384125493). For a group that an identity provider owns, the
    /// change is refused.
    pub async fn add_member(
        &self,
        permit: Permit,
        group: &GroupId,
        account: &AccountId,
    ) -> Result<Change, CallError> {
        let endpoint = Endpoint::AdminAddMember;
        let body = serde_json::to_vec(&wire::NewMember { account_id: account.as_str() })
            .map_err(|error| CallError::unsendable(endpoint, &error))?;
        self.empty_change(permit, endpoint, &[group.as_str()], Some(body.into())).await
    }

    /// `DELETE …/groups/{groupId}/memberships/{accountId}`, 204. The description gives no answer for a user who is
    /// not a member (404 “group or user” fits).
    pub async fn remove_member(
        &self,
        permit: Permit,
        group: &GroupId,
        account: &AccountId,
    ) -> Result<Change, CallError> {
        let more = [group.as_str(), account.as_str()];
        self.empty_change(permit, Endpoint::AdminRemoveMember, &more, None).await
    }
}
