//! The roles of users and groups in apps: read, granted, revoked (organizations description, v1 and v2).

use super::{Admin, Cursors, ROWS_A_PAGE};
use crate::admin::directory::{ACCESS, USE};
use crate::client::Call;
use crate::endpoint::Endpoint;
use crate::error::{CallError, CallErrorKind};
use crate::pace::Permit;
use crate::records::{AssignedRole, AssignmentMethods, Change, ListedPerson};
use crate::wire::admin as wire;
use crate::wire::path::Path;
use headcount_model::app_role::AppRole;
use headcount_model::group::GroupId;
use headcount_model::user::AccountId;

impl Admin {
    /// `GET …/users/{accountId}/role-assignments`: the user's roles in the apps of the directory, and how each was
    /// assigned. Where an answer has only the deprecated `roles`, the methods are unknown.
    ///
    /// Errors: 400, 401, 404 (unknown organization or directory), 429, 500.
    pub async fn roles_of_user(&self, id: &AccountId) -> Result<Vec<AssignedRole>, CallError> {
        self.roles(Endpoint::AdminUserRoles, id.as_str()).await
    }

    /// `GET …/groups/{groupId}/role-assignments`: the roles that the group gives its members. The description has no
    /// methods for groups.
    ///
    /// Errors: 400, 401, 403, 404, 429, 500.
    pub async fn roles_of_group(&self, id: &GroupId) -> Result<Vec<AssignedRole>, CallError> {
        self.roles(Endpoint::AdminGroupRoles, id.as_str()).await
    }

    async fn roles(&self, endpoint: Endpoint, of: &str) -> Result<Vec<AssignedRole>, CallError> {
        let mut found = Vec::new();
        let mut cursors = Cursors::default();
        loop {
            let mut path = self.at(endpoint, &[of]).await?.with("limit", ROWS_A_PAGE.to_string());
            if let Some(cursor) = cursors.current() {
                path = path.with("cursor", cursor);
            }
            let call = Call { endpoint, path: path.into_string(), body: None };
            let answer = self.client.read(&call).await?;
            let page: wire::Page<wire::RoleAssignments> = self.client.json(endpoint, &answer)?;
            let rows =
                page.data.map(|rows| rows.into_iter().map(assigned).collect::<Option<Vec<_>>>());
            let Some(Some(rows)) = rows else {
                let words = "its answer has no list of roles";
                return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
            };
            found.extend(rows.into_iter().flatten());
            if !cursors.go_on(endpoint, page.links)? {
                return Ok(found);
            }
        }
    }

    /// `POST v1/orgs/{org}/users/{userId}/roles/assign`, 204: gives one user a role in one app. 409: no seat left.
    ///
    /// Assumptions: the role is then one of the user's own (`direct`), and a role that the user has already is 204
    /// too; the description does not say either.
    pub async fn assign_role(
        &self,
        permit: Permit,
        id: &AccountId,
        app: &str,
        role: AppRole,
    ) -> Result<Change, CallError> {
        self.change_role(permit, Endpoint::AdminAssignRole, id, app, role).await
    }

    /// `POST v1/orgs/{org}/users/{userId}/roles/revoke`, 204. Assumption: roles that come through groups stay.
    pub async fn revoke_role(
        &self,
        permit: Permit,
        id: &AccountId,
        app: &str,
        role: AppRole,
    ) -> Result<Change, CallError> {
        self.change_role(permit, Endpoint::AdminRevokeRole, id, app, role).await
    }

    async fn change_role(
        &self,
        permit: Permit,
        endpoint: Endpoint,
        id: &AccountId,
        app: &str,
        role: AppRole,
    ) -> Result<Change, CallError> {
        let body = serde_json::to_vec(&wire::UserRole { resource: app, role: role.id() })
            .map_err(|error| CallError::unsendable(endpoint, &error))?;
        let path = Path::filled(endpoint.path(), &[self.org().await?, id.as_str()]).into_string();
        let call = Call { endpoint, path, body: Some(body.into()) };
        let answer = self.client.change(permit, &call).await?;
        Ok(Change::Done { status: answer.status.as_u16() })
    }

    /// `POST …/groups/{groupId}/role-assignments/assign`, 200: gives all members a role in an app. 409: not enough
    /// seats. Atlassian emails the members (support page “Edit a group”).
    pub async fn assign_group_role(
        &self,
        permit: Permit,
        id: &GroupId,
        app: &str,
        role: AppRole,
    ) -> Result<Change, CallError> {
        self.change_group_role(permit, Endpoint::AdminAssignGroupRole, id, app, role).await
    }

    /// `POST …/groups/{groupId}/role-assignments/revoke`, 204. A member keeps the app if another group gives it.
    pub async fn revoke_group_role(
        &self,
        permit: Permit,
        id: &GroupId,
        app: &str,
        role: AppRole,
    ) -> Result<Change, CallError> {
        self.change_group_role(permit, Endpoint::AdminRevokeGroupRole, id, app, role).await
    }

    async fn change_group_role(
        &self,
        permit: Permit,
        endpoint: Endpoint,
        id: &GroupId,
        app: &str,
        role: AppRole,
    ) -> Result<Change, CallError> {
        let body = serde_json::to_vec(&wire::GroupRole { resource_id: app, role_id: role.id() })
            .map_err(|error| CallError::unsendable(endpoint, &error))?;
        self.empty_change(permit, endpoint, &[id.as_str()], Some(body.into())).await
    }

    /// `POST …/users/search` by one group: all its members in the directory, with their groups and apps.
    pub async fn members_with_access(&self, id: &GroupId) -> Result<Vec<ListedPerson>, CallError> {
        let group_ids = &[id.as_str()];
        let expand = ACCESS;
        let search =
            wire::UserSearch { group_ids, expand, limit: ROWS_A_PAGE, ..Default::default() };
        let home = self.home().await?;
        let rows: Vec<wire::DirectoryUser> =
            self.search(Endpoint::AdminSearchUsers, home, search).await?;
        Ok(rows.into_iter().filter_map(super::listing::listed_person).collect())
    }

    /// `POST …/users/search` by exact emails in the directory, at most [`NAMES_A_CALL`](super::NAMES_A_CALL), with the
    /// apps that each user has access to. Errors as of [`users_by_mail`](Self::users_by_mail).
    pub async fn apps_by_mail(&self, mails: &[&str]) -> Result<Vec<ListedPerson>, CallError> {
        let search = wire::UserSearch {
            emails: mails,
            expand: USE,
            limit: ROWS_A_PAGE,
            ..Default::default()
        };
        let home = self.home().await?;
        let rows: Vec<wire::DirectoryUser> =
            self.search(Endpoint::AdminSearchUsers, home, search).await?;
        Ok(rows.into_iter().filter_map(super::listing::listed_person).collect())
    }

    /// `GET …/users/count` with `resourceIds`: how many active users of the directory have an app.
    pub async fn count_with_app(&self, app: &str) -> Result<Option<u64>, CallError> {
        let endpoint = Endpoint::AdminCountUsers;
        let path = self.at(endpoint, &[]).await?.with("resourceIds", app).with("status", "active");
        let call = Call { endpoint, path: path.into_string(), body: None };
        Ok(self.client.read_json::<wire::UserCount>(&call).await?.count)
    }
}

/// The roles of a row; `None` if it names none, or no app.
fn assigned(row: wire::RoleAssignments) -> Option<Vec<AssignedRole>> {
    let app: Box<str> = row.resource_id?.into();
    let Some(assignments) = row.role_assignments else {
        let of = |role: String| AssignedRole { app: app.clone(), role: role.into(), methods: None };
        return Some(row.roles?.into_iter().map(of).collect());
    };
    let of = |one: wire::RoleAssignment| {
        let methods = one.role_assignment_methods.map(|methods| {
            let has = |word: &str| methods.iter().any(|method| method == word);
            let (direct, by_group) = (has("direct"), has("group_direct"));
            let other =
                methods.iter().any(|one| !matches!(one.as_str(), "direct" | "group_direct"));
            AssignmentMethods { direct, by_group, other }
        });
        Some(AssignedRole { app: app.clone(), role: one.role?.into(), methods })
    };
    assignments.into_iter().map(of).collect()
}
