//! The calls of the organisations API.

use super::Handler::{Read, Write};
use super::known::{D, DA, DKA, DT};
use super::{Api, Handler, Known, Route};
use crate::admin;

const fn call(
    method: &'static str,
    template: &'static str,
    handler: Handler,
    known: &'static [Known],
    note: &'static str,
) -> Route {
    Route { method, template, api: Api::Admin, handler, known, note, anonymous: false }
}

pub(super) static ROUTES: &[Route] = &[
    call("GET", "/admin/v1/orgs", Read(admin::orgs), D, ""),
    call("GET", "/admin/v1/orgs/{orgId}", Read(admin::one_org), D, ""),
    call(
        "GET",
        "/admin/v1/orgs/{orgId}/users",
        Read(admin::managed_accounts),
        DA,
        "100 a page (assumption)",
    ),
    call("GET", "/admin/v1/orgs/{orgId}/domains", Read(admin::domains), D, ""),
    call(
        "GET",
        "/admin/v1/orgs/{orgId}/events",
        Read(admin::events),
        DA,
        "names of the actions (assumption)",
    ),
    call(
        "GET",
        "/admin/v1/orgs/{orgId}/events-stream",
        Read(admin::events_stream),
        DA,
        "names of the actions (assumption)",
    ),
    call("GET", "/admin/v1/orgs/{orgId}/events/{eventId}", Read(admin::event), DA, ""),
    call(
        "GET",
        "/admin/v1/orgs/{orgId}/event-actions",
        Read(admin::event_actions),
        DA,
        "names of the actions (assumption)",
    ),
    call(
        "GET",
        "/admin/v2/orgs/{orgId}/directories",
        Read(admin::directories),
        DT,
        "exactly one directory",
    ),
    call(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search",
        Read(admin::search_users),
        DA,
        "hidden mails are shown of managed accounts only (assumption)",
    ),
    call(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users",
        Read(admin::list_users),
        D,
        "deprecated",
    ),
    call(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/count",
        Read(admin::user_count),
        D,
        "",
    ),
    call(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}",
        Read(admin::get_user),
        D,
        "",
    ),
    call(
        "DELETE",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}",
        Write(admin::remove_user),
        DA,
        "at once, not later; synced people 403 (assumption)",
    ),
    call(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend",
        Write(admin::suspend_user),
        DA,
        "already suspended: 204; administrators and synced people: 403 (assumptions)",
    ),
    call(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore",
        Write(admin::restore_user),
        DA,
        "not suspended: 204 (assumption)",
    ),
    call(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search",
        Read(admin::search_groups),
        D,
        "",
    ),
    call(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups",
        Read(admin::list_groups),
        D,
        "deprecated",
    ),
    call(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/count",
        Read(admin::group_count),
        D,
        "",
    ),
    call(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups",
        Write(admin::create_group),
        DA,
        "body of the 201 (assumption)",
    ),
    call(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}",
        Read(admin::get_group),
        D,
        "",
    ),
    call(
        "DELETE",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}",
        Write(admin::delete_group),
        DA,
        "product groups: `ADMIN-403-6` (assumption which groups)",
    ),
    call(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships",
        Write(admin::add_membership),
        DKA,
        "codes of the two 409 (assumption); not in the directory 404 [KB 1384125493]",
    ),
    call(
        "DELETE",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships/{accountId}",
        Write(admin::remove_membership),
        DA,
        "no member: 404 (assumption)",
    ),
    call(
        "POST",
        "/admin/v2/orgs/{orgId}/users/invite",
        Write(admin::invite),
        DA,
        "texts of `statusReason`; 402 only as a fault",
    ),
];
