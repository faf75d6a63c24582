//! The calls of the organizations API v1 that change or search users and groups. They stopped working after
//! 2026-06-30 [changelog of the organizations API] and are no longer in the description of August 2026.
//! Assumption: they answer 410, with this body.

use super::provenance::CA;
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
}
