//! Which reads are answered from an index that may lag, and which from the record itself.
//!
//! Assumption for each call, because Atlassian does not say it: a search, a list, a count and memberships come
//! from an index; one account or group by its id comes from the record.

/// The source of a read's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// An index, which shows a change after the lag.
    Index,
    /// The record, which shows a change at once unless `by_id` is set.
    Record,
    /// Never lags: the caller's own account, the organization, roles, the audit log.
    Live,
}

const INDEX: [&str; 22] = [
    "/rest/api/3/user/search",
    "/rest/api/3/user/picker",
    "/rest/api/3/groupuserpicker",
    "/rest/api/3/user/permission/search",
    "/rest/api/3/user/viewissue/search",
    "/rest/api/3/user/assignable/search",
    "/rest/api/3/user/assignable/multiProjectSearch",
    "/rest/api/3/users/search",
    "/rest/api/3/users",
    "/rest/api/3/user/groups",
    "/rest/api/3/group/bulk",
    "/rest/api/3/group/member",
    "/rest/api/3/groups/picker",
    "/admin/v1/orgs/{orgId}/users",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/users",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/count",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/stats",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/count",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/stats",
];

const RECORD: [&str; 7] = [
    "/rest/api/3/user",
    "/rest/api/3/user/bulk",
    "/rest/api/3/group",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}",
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}",
    "/users/{account_id}/manage",
    "/users/{account_id}/manage/profile",
];

/// The source of the answer to a call with this template, if it reads.
pub(crate) fn source(template: &str) -> Source {
    match template {
        template if INDEX.contains(&template) => Source::Index,
        template if RECORD.contains(&template) => Source::Record,
        _ => Source::Live,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_here_is_a_call_that_reads() {
        for name in INDEX.iter().chain(&RECORD) {
            let known =
                crate::routes::all().any(|route| route.template == *name && !route.changes());
            assert!(known, "{name}");
        }
    }
}
