//! The table of calls: where each lives and whether it changes anything.
//!
//! Pace and errors are keyed by an [`Endpoint`]: Atlassian's burst limits are counted per endpoint
//! and method (Jira's page on rate limiting, 2026-03), so a limit on one call says nothing of
//! another.

use std::fmt;

use http::Method;

/// Which address and which key a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// The site, with an account's API token.
    Jira,
    /// `api.atlassian.com`, with the organisation's key.
    Admin,
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jira => "Jira",
            Self::Admin => "the organisation",
        })
    }
}

/// Who shares a bound on requests in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Everything to Jira.
    Jira,
    /// What changes something through the admin APIs, whose limits nobody publishes.
    AdminChange,
    /// What reads from the admin APIs.
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
    ($($name:ident $host:ident $method:ident $path:literal $changes:literal $verb:literal;)+) => {
        /// A call of one of the APIs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Endpoint {
            $(#[doc = concat!("`", stringify!($method), " ", $path, "`")] $name,)+
        }

        impl Endpoint {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Where it lives.
            pub fn host(self) -> Host {
                match self { $(Self::$name => Host::$host,)+ }
            }

            /// Its method.
            pub fn method(self) -> Method {
                match self { $(Self::$name => Method::$method,)+ }
            }

            /// Its path, with names in braces.
            pub fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)+ }
            }

            /// Whether it changes something: never sent twice.
            pub fn changes(self) -> bool {
                match self { $(Self::$name => $changes,)+ }
            }

            /// What it does, to stand after “could not”.
            pub fn verb(self) -> &'static str {
                match self { $(Self::$name => $verb,)+ }
            }
        }
    };
}

endpoints! {
    JiraMyself Jira GET "/rest/api/3/myself" false "sign in";
    JiraCreateUser Jira POST "/rest/api/3/user" true "create the user";
    JiraRemoveUser Jira DELETE "/rest/api/3/user" true "remove the user";
    JiraUser Jira GET "/rest/api/3/user" false "read the user";
    JiraSearchUsers Jira GET "/rest/api/3/user/search" false "search for the user";
    JiraListUsers Jira GET "/rest/api/3/users/search" false "list the users";
    JiraUsersById Jira GET "/rest/api/3/user/bulk" false "read users by id";
    JiraAddMember Jira POST "/rest/api/3/group/user" true "add the member";
    JiraRemoveMember Jira DELETE "/rest/api/3/group/user" true "remove the member";
    JiraGroups Jira GET "/rest/api/3/group/bulk" false "look up groups";
    JiraMembers Jira GET "/rest/api/3/group/member" false "read the group's members";
    JiraGroupsOf Jira GET "/rest/api/3/user/groups" false "read the user's groups";
    JiraCreateGroup Jira POST "/rest/api/3/group" true "create the group";
    JiraRemoveGroup Jira DELETE "/rest/api/3/group" true "delete the group";
    JiraSuggestGroups Jira GET "/rest/api/3/groups/picker" false "look for like-named groups";
    JiraRoles Jira GET "/rest/api/3/applicationrole" false "read which groups give a product";
    AdminOrgs Admin GET "/admin/v1/orgs" false "list the key's organisations";
    AdminDirectories Admin GET "/admin/v2/orgs/{org}/directories" false "tell which directory is meant";
    AdminManagedAccounts Admin GET "/admin/v1/orgs/{org}/users" false "read the managed accounts";
    AdminCountUsers Admin GET "/admin/v2/orgs/{org}/directories/{dir}/users/count" false "count the users";
    AdminSearchUsers Admin POST "/admin/v2/orgs/{org}/directories/{dir}/users/search" false "search the directory's users";
    AdminSearchGroups Admin POST "/admin/v2/orgs/{org}/directories/{dir}/groups/search" false "search the directory's groups";
    AdminUser Admin GET "/admin/v2/orgs/{org}/directories/{dir}/users/{account}" false "read the directory's user";
    AdminSuspend Admin POST "/admin/v2/orgs/{org}/directories/{dir}/users/{account}/suspend" true "suspend the user";
    AdminRestore Admin POST "/admin/v2/orgs/{org}/directories/{dir}/users/{account}/restore" true "restore the user";
    AdminRemoveUser Admin DELETE "/admin/v2/orgs/{org}/directories/{dir}/users/{account}" true "remove the user from the directory";
    AdminCreateGroup Admin POST "/admin/v2/orgs/{org}/directories/{dir}/groups" true "create the group in the directory";
    AdminRemoveGroup Admin DELETE "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}" true "delete the group from the directory";
    AdminAddMember Admin POST "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}/memberships" true "add the member in the directory";
    AdminRemoveMember Admin DELETE "/admin/v2/orgs/{org}/directories/{dir}/groups/{group}/memberships/{account}" true "remove the member in the directory";
    AdminWorkspaces Admin POST "/admin/v2/orgs/{org}/workspaces" false "list the organisation's apps";
    AdminInvite Admin POST "/admin/v2/orgs/{org}/users/invite" true "invite the users";
    AdminManage Admin GET "/users/{account}/manage" false "ask what may be done to the account";
    AdminProfile Admin GET "/users/{account}/manage/profile" false "read the account";
    AdminDeactivate Admin POST "/users/{account}/manage/lifecycle/disable" true "deactivate the account";
    AdminActivate Admin POST "/users/{account}/manage/lifecycle/enable" true "reactivate the account";
}

impl Endpoint {
    /// The call that is written like this: `GET /rest/api/3/myself`, as `Display` does.
    pub fn written(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|endpoint| endpoint.to_string() == text)
    }

    /// Who shares its bound on requests in flight.
    pub fn lane(self) -> Lane {
        match (self.host(), self.changes()) {
            (Host::Jira, _) => Lane::Jira,
            (Host::Admin, true) => Lane::AdminChange,
            (Host::Admin, false) => Lane::AdminRead,
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
