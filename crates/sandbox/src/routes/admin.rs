//! The calls of the organizations API.

use super::provenance::{D, DA, DKA, DT};
use super::table;
use crate::admin;

table! { Admin
    GET "/admin/v1/orgs" Read admin::orgs, D "";
    GET "/admin/v1/orgs/{orgId}" Read admin::one_org, D "";
    GET "/admin/api-access/v1/orgs/{orgId}/api-keys" Read admin::api_keys, DA "the sandbox's own keys, on one page (assumption)";
    GET "/admin/v1/orgs/{orgId}/users" Read admin::managed_accounts, DA "100 a page (assumption)";
    GET "/admin/v1/orgs/{orgId}/domains/{domainId}" Read admin::domain, D "";
    GET "/admin/v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates" Read admin::last_active, DA "an app that was never used has no date (assumption)" [200 a minute];
    GET "/admin/v1/orgs/{orgId}/policies" Read admin::policies, DA "20 a page (assumption); a policy is stored and shown, without any effect";
    POST "/admin/v1/orgs/{orgId}/policies" Write admin::create_policy, DA "done at once, resources `applied` (assumption)";
    GET "/admin/v1/orgs/{orgId}/policies/{policyId}" Read admin::policy, D "";
    PUT "/admin/v1/orgs/{orgId}/policies/{policyId}" Write admin::update_policy, DA "fields that are not named stay (assumption)";
    DELETE "/admin/v1/orgs/{orgId}/policies/{policyId}" Write admin::delete_policy, D "";
    GET "/admin/v1/orgs/{orgId}/policies/{policyId}/validate" Read admin::validate_policy, DA "202 for an existing policy; otherwise 400 (assumption)";
    POST "/admin/v1/orgs/{orgId}/policies/{policyId}/resources" Write admin::add_policy_resource, DA "there already: 202 (assumption)";
    PUT "/admin/v1/orgs/{orgId}/policies/{policyId}/resources/{resourceId}" Write admin::update_policy_resource, D "";
    DELETE "/admin/v1/orgs/{orgId}/policies/{policyId}/resources/{resourceId}" Write admin::delete_policy_resource, DA "204 without the described body, because a 204 has none";
    POST "/admin/v1/orgs/{orgId}/users/{userId}/roles/assign" Write admin::assign_role, DA "the role is the user's own (`direct`); already there: 204 (assumptions)";
    POST "/admin/v1/orgs/{orgId}/users/{userId}/roles/revoke" Write admin::revoke_role, DA "only the user's own role; roles through groups stay; not there: 204 (assumptions)";
    GET "/admin/api-access/v1/orgs/{orgId}/api-tokens" Read admin::all_tokens, DA "cursors as in v2; the ids are those of user management; the tokens of a deactivated account are `BLOCKED`; no filters (assumptions)";
    POST "/admin/v1/orgs/{orgId}/users/{userId}/role-assignments/assign" Write admin::assign_org_role, DA "at once; already there: 204 (assumption)";
    POST "/admin/v1/orgs/{orgId}/users/{userId}/role-assignments/revoke" Write admin::revoke_org_role, DA "at once; not there: 204 (assumption)";
    GET "/admin/v1/orgs/{orgId}/domains" Read admin::domains, D "";
    GET "/admin/v1/orgs/{orgId}/events" Read admin::events, DA "names of the actions; no event belongs to a `product` (assumptions)" [10 a minute];
    GET "/admin/v1/orgs/{orgId}/events-stream" Read admin::events_stream, DA "names of the actions (assumption)" [50 a minute];
    GET "/admin/v1/orgs/{orgId}/events/{eventId}" Read admin::event, DA "";
    GET "/admin/v1/orgs/{orgId}/event-actions" Read admin::event_actions, DA "names of the actions (assumption)" [10 a minute];
    GET "/admin/v2/orgs/{orgId}/directories" Read admin::directories, DT "exactly one directory";
    POST "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search" Read admin::search_users, DA "hidden emails are shown for managed accounts only; an app that was never used has no `lastActiveTimestamp` (assumptions)";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/users" Read admin::list_users, D "deprecated";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/count" Read admin::user_count, D "";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}" Read admin::get_user, D "";
    DELETE "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}" Write admin::remove_user, DA "at once, not later; synced users 403 (assumption)";
    POST "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend" Write admin::suspend_user, DA "already suspended: 204; administrators and synced users: 403 (assumptions)";
    POST "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore" Write admin::restore_user, DA "not suspended: 204 (assumption)";
    POST "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search" Read admin::search_groups, D "";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups" Read admin::list_groups, D "deprecated";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/count" Read admin::group_count, D "";
    POST "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups" Write admin::create_group, DA "201 without a body, because none is described";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}" Read admin::get_group, D "";
    DELETE "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}" Write admin::delete_group, DA "product groups: `ADMIN-403-6` (assumption which groups)";
    POST "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships" Write admin::add_membership, DKA "already a member: 409 `ADMIN-409-28`; no seat left: 409 `ADMIN-409-3` (assumptions); not in the directory: 404 [KB 1384125493]";
    DELETE "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships/{accountId}" Write admin::remove_membership, DA "user is not a member: 404 (assumption)";
    POST "/admin/v2/orgs/{orgId}/users/invite" Write admin::invite, DA "texts of `statusReason`; an organization that does not pay (`paid` of `/_sandbox/seed`) gets 402 where apps are given (assumption)";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/stats" Read admin::user_stats, D "";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/role-assignments" Read admin::user_roles, D "";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/stats" Read admin::group_stats, D "";
    GET "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments" Read admin::group_roles, D "";
    POST "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments/assign" Write admin::assign_group_role, DA "a group gives one role in one app at most; there already: 200 (assumptions)";
    POST "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments/revoke" Write admin::revoke_group_role, DA "not there: 204 (assumption)";
    POST "/admin/v2/orgs/{orgId}/workspaces" Read admin::workspaces, DA "only the type and the name of the query (assumption)";
}
