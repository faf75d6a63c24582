//! The table of calls: address, method, path, whether the call changes anything, and the answers that mean
//! success.
//!
//! Pace and errors are per [`Endpoint`]: Atlassian counts burst limits per endpoint and method (Jira's page on
//! rate limiting, 2026-03), so a limit on one call says nothing about another.

use std::fmt;

use http::Method;

/// The address and the credential of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// The site, with an API token.
    Jira,
    /// `api.atlassian.com`, with the organization API key.
    Admin,
    /// `api.atlassian.com`, with the key of the identity provider's directory.
    Scim,
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jira => "Jira",
            Self::Admin => "the organization",
            Self::Scim => "the identity provider's directory",
        })
    }
}

/// How the description defines the body of a call's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// The description gives no body. An empty body, or an object, is accepted.
    Nothing,
    /// A JSON object.
    Object,
    /// A JSON array.
    List,
}

/// Calls that share a limit on open requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// All calls to Jira.
    Jira,
    /// Changes through the admin APIs, whose limits are not published.
    AdminChange,
    /// Reads from the admin APIs.
    AdminRead,
}

impl Lane {
    pub(crate) const COUNT: usize = 3;

    pub(crate) fn index(self) -> usize {
        match self {
            Self::Jira => 0,
            Self::AdminChange => 1,
            Self::AdminRead => 2,
        }
    }
}

macro_rules! endpoints {
    ($($name:ident $host:ident $method:ident $path:literal $changes:literal [$($status:literal),+]
      $body:ident $verb:literal;)+) => {
        /// A call of one of the APIs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Endpoint {
            $(#[doc = concat!("`", stringify!($method), " ", $path, "`")] $name,)+
        }

        impl Endpoint {
            /// All calls.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The call's address and credential.
            pub fn host(self) -> Host {
                match self { $(Self::$name => Host::$host,)+ }
            }

            /// The call's method.
            pub fn method(self) -> Method {
                match self { $(Self::$name => Method::$method,)+ }
            }

            /// The call's path, with names in braces.
            pub fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)+ }
            }

            /// Whether the call changes something. Such a call is never sent twice.
            pub fn changes(self) -> bool {
                match self { $(Self::$name => $changes,)+ }
            }

            /// The statuses that mean success (from the descriptions). Any other 2xx is unclear.
            pub fn success(self) -> &'static [u16] {
                match self { $(Self::$name => &[$($status),+],)+ }
            }

            /// The body of a successful answer (from the descriptions).
            pub fn body(self) -> Body {
                match self { $(Self::$name => Body::$body,)+ }
            }

            /// The call's action, to follow “could not”.
            pub fn verb(self) -> &'static str {
                match self { $(Self::$name => $verb,)+ }
            }
        }
    };
}

endpoints! {
    JiraMyself Jira GET "/rest/api/3/myself" false [200] Object "sign in";
    JiraPermissions Jira GET "/rest/api/3/mypermissions" false [200] Object "read your own permissions";
    JiraCreateUser Jira POST "/rest/api/3/user" true [201] Object "create the user";
    JiraRemoveUser Jira DELETE "/rest/api/3/user" true [204] Nothing "remove the user";
    JiraUser Jira GET "/rest/api/3/user" false [200] Object "read the user";
    JiraSearchUsers Jira GET "/rest/api/3/user/search" false [200] List "search for the user";
    JiraListUsers Jira GET "/rest/api/3/users/search" false [200] List "list the users";
    JiraUsersById Jira GET "/rest/api/3/user/bulk" false [200] Object "read users by id";
    JiraAddMember Jira POST "/rest/api/3/group/user" true [201] Object "add the member";
    JiraRemoveMember Jira DELETE "/rest/api/3/group/user" true [200] Nothing "remove the member";
    JiraGroups Jira GET "/rest/api/3/group/bulk" false [200] Object "look up groups";
    JiraMembers Jira GET "/rest/api/3/group/member" false [200] Object "read the group's members";
    JiraGroupsOf Jira GET "/rest/api/3/user/groups" false [200] List "read the user's groups";
    JiraCreateGroup Jira POST "/rest/api/3/group" true [201] Object "create the group";
    JiraRemoveGroup Jira DELETE "/rest/api/3/group" true [200] Nothing "delete the group";
    JiraSuggestGroups Jira GET "/rest/api/3/groups/picker" false [200] Object "search for groups with similar names";
    JiraRoles Jira GET "/rest/api/3/applicationrole" false [200] List "read which groups give a product";
    AdminOrgs Admin GET "/admin/v1/orgs" false [200] Object "list the organizations";
    AdminDirectories Admin GET "/admin/v2/orgs/{org}/directories" false [200] Object "find the directory";
    AdminManagedAccounts Admin GET "/admin/v1/orgs/{org}/users" false [200] Object "read the managed accounts";
    AdminCountUsers Admin GET "/admin/v2/orgs/{org}/directories/{dir}/users/count" false [200] Object "count the users";
    AdminSearchUsers Admin POST "/admin/v2/orgs/{org}/directories/{dir}/users/search" false [200] Object "search the directory's users";
    AdminSearchGroups Admin POST "/admin/v2/orgs/{org}/directories/{dir}/groups/search" false [200] Object "search the directory's groups";
    AdminGroup Admin GET "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}" false [200] Object "read the directory's group";
    AdminUser Admin GET "/admin/v2/orgs/{org}/directories/{dir}/users/{account}" false [200] Object "read the directory's user";
    AdminSuspend Admin POST "/admin/v2/orgs/{org}/directories/{dir}/users/{account}/suspend" true [204] Nothing "suspend the user";
    AdminRestore Admin POST "/admin/v2/orgs/{org}/directories/{dir}/users/{account}/restore" true [204] Nothing "restore the user";
    AdminRemoveUser Admin DELETE "/admin/v2/orgs/{org}/directories/{dir}/users/{account}" true [204] Nothing "remove the user from the directory";
    AdminCreateGroup Admin POST "/admin/v2/orgs/{org}/directories/{dir}/groups" true [201] Nothing "create the group in the directory";
    AdminRemoveGroup Admin DELETE "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}" true [204] Nothing "delete the group from the directory";
    AdminAddMember Admin POST "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}/memberships" true [204] Nothing "add the member in the directory";
    AdminRemoveMember Admin DELETE "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}/memberships/{account}" true [204] Nothing "remove the member in the directory";
    AdminUserRoles Admin GET "/admin/v2/orgs/{org}/directories/{dir}/users/{account}/role-assignments" false [200] Object "read the user's roles";
    AdminGroupRoles Admin GET "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}/role-assignments" false [200] Object "read the group's roles";
    AdminAssignRole Admin POST "/admin/v1/orgs/{org}/users/{account}/roles/assign" true [204] Nothing "grant the role";
    AdminRevokeRole Admin POST "/admin/v1/orgs/{org}/users/{account}/roles/revoke" true [204] Nothing "revoke the role";
    AdminAssignGroupRole Admin POST "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}/role-assignments/assign" true [200] Nothing "grant the group's role";
    AdminRevokeGroupRole Admin POST "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}/role-assignments/revoke" true [204] Nothing "revoke the group's role";
    AdminTokens Admin GET "/admin/api-access/v1/orgs/{org}/api-tokens" false [200] Object "list the API tokens";
    AdminTokensOf Admin GET "/users/{account}/manage/api-tokens" false [200] List "read the user's API tokens";
    AdminRevokeToken Admin DELETE "/users/{account}/manage/api-tokens/{token}" true [204] Nothing "revoke the API token";
    AdminWorkspaces Admin POST "/admin/v2/orgs/{org}/workspaces" false [200] Object "list the organization's apps";
    AdminInvite Admin POST "/admin/v2/orgs/{org}/users/invite" true [200, 206] Object "invite the users";
    AdminManage Admin GET "/users/{account}/manage" false [200] Object "read what may be changed about the account";
    AdminProfile Admin GET "/users/{account}/manage/profile" false [200] Object "read the account";
    AdminDeactivate Admin POST "/users/{account}/manage/lifecycle/disable" true [204] Nothing "deactivate the account";
    AdminActivate Admin POST "/users/{account}/manage/lifecycle/enable" true [204] Nothing "reactivate the account";
    AdminSetEmail Admin PUT "/users/{account}/manage/email" true [204] Nothing "change the account's email address";
    AdminDomains Admin GET "/admin/v1/orgs/{org}/domains" false [200] Object "list the verified domains";
    AdminDelete Admin POST "/users/{account}/manage/lifecycle/delete" true [200, 204] Nothing "delete the account";
    AdminCancelDelete Admin POST "/users/{account}/manage/lifecycle/cancel-delete" true [200, 204] Nothing "cancel the account's deletion";
    AdminUnlink Admin DELETE "/admin/user-provisioning/v1/org/{org}/user/{account}/onlyDeleteUserInDB" true [200, 202, 204] Nothing "unlink the user from the identity provider";
    ScimConfig Scim GET "/scim/directory/{dir}/ServiceProviderConfig" false [200] Object "open the identity provider's directory";
    ScimUsers Scim GET "/scim/directory/{dir}/Users" false [200] Object "search the identity provider's users";
    ScimUser Scim GET "/scim/directory/{dir}/Users/{user}" false [200] Object "read the identity provider's user";
    ScimCreateUser Scim POST "/scim/directory/{dir}/Users" true [201] Object "create the user in the identity provider's directory";
    ScimPatchUser Scim PATCH "/scim/directory/{dir}/Users/{user}" true [200] Object "change the user in the identity provider's directory";
    ScimGroups Scim GET "/scim/directory/{dir}/Groups" false [200] Object "search the identity provider's groups";
    ScimGroup Scim GET "/scim/directory/{dir}/Groups/{group}" false [200] Object "read the identity provider's group";
    ScimCreateGroup Scim POST "/scim/directory/{dir}/Groups" true [201] Object "create the group in the identity provider's directory";
    ScimPatchGroup Scim PATCH "/scim/directory/{dir}/Groups/{group}" true [200] Object "change the members of the identity provider's group";
    ScimRemoveGroup Scim DELETE "/scim/directory/{dir}/Groups/{group}" true [204] Nothing "delete the identity provider's group";
}

impl Endpoint {
    /// The call with this text, as `Display` writes it: `GET /rest/api/3/myself`.
    pub fn written(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|endpoint| endpoint.to_string() == text)
    }

    /// The classic scope that an API token with scopes needs for the call (Jira platform description,
    /// `x-atlassian-oauth2-scopes`).
    pub fn scope(self) -> &'static str {
        let manages = self.changes() || matches!(self, Self::JiraMembers | Self::JiraRoles);
        match (self.host(), manages) {
            (Host::Jira, true) => "manage:jira-configuration",
            (Host::Jira, false) => "read:jira-user",
            (Host::Admin, _) => "manage:org",
            // The directory's key has no scopes.
            (Host::Scim, _) => "",
        }
    }

    /// The lane whose limit on open requests the call shares.
    pub fn lane(self) -> Lane {
        match (self.host(), self.changes()) {
            (Host::Jira, _) => Lane::Jira,
            (Host::Admin | Host::Scim, true) => Lane::AdminChange,
            (Host::Admin | Host::Scim, false) => Lane::AdminRead,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method(), self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_found_by_what_is_written_of_it() {
        for endpoint in Endpoint::ALL {
            assert_eq!(Endpoint::written(&endpoint.to_string()), Some(*endpoint));
        }
        assert_eq!(Endpoint::written("GET /elsewhere"), None);
    }
}
