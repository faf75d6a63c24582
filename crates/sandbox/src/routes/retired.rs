//! The calls of the organizations API v1 that change or search users and groups. They stopped working after
//! 2026-06-30 [changelog of the organizations API] and are no longer in the description of August 2026.
//! Assumption: they answer 410, with this body.
//!
//! Clients also send calls of v1 to v2, where the description does not have them.

use super::provenance::{CA, GUESS};
use super::table;
use crate::admin;

table! { Admin
    POST "/admin/v1/orgs/{orgId}/users/search" Read admin::gone, CA "410: gone since 2026-06-30";
    POST "/admin/v1/orgs/{orgId}/users/invite" Read admin::gone, CA "410: gone since 2026-06-30";
    POST "/admin/v1/orgs/{orgId}/directory/users/{accountId}/suspend-access" Read admin::gone, CA "410: gone since 2026-06-30";
    POST "/admin/v1/orgs/{orgId}/directory/users/{accountId}/restore-access" Read admin::gone, CA "410: gone since 2026-06-30";
    DELETE "/admin/v1/orgs/{orgId}/directory/users/{accountId}" Read admin::gone, CA "410: gone since 2026-06-30";
    POST "/admin/v1/orgs/{orgId}/groups/search" Read admin::gone, CA "410: gone since 2026-06-30";
    POST "/admin/v1/orgs/{orgId}/directory/groups" Read admin::gone, CA "410: gone since 2026-06-30";
    DELETE "/admin/v1/orgs/{orgId}/directory/groups/{groupId}" Read admin::gone, CA "410: gone since 2026-06-30";
    POST "/admin/v1/orgs/{orgId}/directory/groups/{groupId}/roles/assign" Read admin::gone, CA "410: gone since 2026-06-30";
    POST "/admin/v1/orgs/{orgId}/directory/groups/{groupId}/roles/revoke" Read admin::gone, CA "410: gone since 2026-06-30";
    POST "/admin/v1/orgs/{orgId}/directory/groups/{groupId}/memberships" Read admin::gone, CA "410: gone since 2026-06-30";
    DELETE "/admin/v1/orgs/{orgId}/directory/groups/{groupId}/memberships/{accountId}" Read admin::gone, CA "410: gone since 2026-06-30";
    GET "/admin/v2/orgs/{orgId}/domains" Read admin::not_in_version_2, GUESS "404: version 1 only; asked for by atlassian-python-api (assumption)";
    GET "/admin/v2/orgs/{orgId}/domains/{domainId}" Read admin::not_in_version_2, GUESS "404: version 1 only; asked for by atlassian-python-api (assumption)";
    GET "/admin/v2/orgs/{orgId}/events" Read admin::not_in_version_2, GUESS "404: version 1 only; asked for by atlassian-python-api (assumption)";
    GET "/admin/v2/orgs/{orgId}/events/{eventId}" Read admin::not_in_version_2, GUESS "404: version 1 only; asked for by atlassian-python-api (assumption)";
    GET "/admin/v1/orgs/{orgId}/users/search" Read admin::gone, CA "410: gone since 2026-06-30";
}
