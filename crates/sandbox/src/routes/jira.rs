//! Jira's calls; the template stands for versions 2 and 3.

use super::Handler::{Read, Write};
use super::known::{A, D, DA, DKA, DKTA, DT, DTA, TA};
use super::{Api, Handler, Known, Route};
use crate::jira;

const fn call(
    method: &'static str,
    template: &'static str,
    handler: Handler,
    known: &'static [Known],
    note: &'static str,
) -> Route {
    Route { method, template, api: Api::Jira, handler, known, note, anonymous: false }
}

pub(super) static ROUTES: &[Route] = &[
    call(
        "POST",
        "/rest/api/3/user",
        Write(jira::create_user),
        DKTA,
        "201 for who has access already; text of missing products from a community report; a product that was missing is given (assumption)",
    ),
    call(
        "GET",
        "/rest/api/3/user",
        Read(jira::get_user),
        DTA,
        "text of the 404 from client trackers; removed people are 404 (assumption)",
    ),
    call(
        "DELETE",
        "/rest/api/3/user",
        Write(jira::delete_user),
        DA,
        "who \"cannot be removed\": oneself and synced people (assumption)",
    ),
    call(
        "GET",
        "/rest/api/3/user/search",
        Read(jira::user_search),
        DA,
        "words inside the name match too (assumption)",
    )
    .anonymous(),
    call("GET", "/rest/api/3/users/search", Read(jira::users_all), D, ""),
    call("GET", "/rest/api/3/users", Read(jira::users_all), D, ""),
    call(
        "GET",
        "/rest/api/3/user/bulk",
        Read(jira::user_bulk),
        DA,
        "unknown ids are left out; at most 200 a page (assumptions)",
    ),
    call("GET", "/rest/api/3/user/groups", Read(jira::user_groups), DT, ""),
    call("GET", "/rest/api/3/myself", Read(jira::myself), D, ""),
    call(
        "GET",
        "/rest/api/3/group/bulk",
        Read(jira::group_bulk),
        DA,
        "names match exactly, case included (assumption)",
    ),
    call(
        "GET",
        "/rest/api/3/group/member",
        Read(jira::group_members),
        DA,
        "ordered by when people came (assumption)",
    ),
    call(
        "POST",
        "/rest/api/3/group/user",
        Write(jira::add_member),
        DKTA,
        "already a member: 400 with the text of AX-17; full product 400 and identity provider's group 403 (assumptions)",
    ),
    call(
        "DELETE",
        "/rest/api/3/group/user",
        Write(jira::remove_member),
        DKA,
        "no member: 400 (assumption)",
    ),
    call(
        "POST",
        "/rest/api/3/group",
        Write(jira::create_group),
        DA,
        "names in use are compared without case (assumption)",
    ),
    call("GET", "/rest/api/3/group", Read(jira::get_group), D, "deprecated"),
    call(
        "DELETE",
        "/rest/api/3/group",
        Write(jira::delete_group),
        DA,
        "identity provider's group: 403 (assumption)",
    ),
    call("GET", "/rest/api/3/groups/picker", Read(jira::groups_picker), D, "").anonymous(),
    call("GET", "/_edge/tenant_info", Read(jira::tenant_info), A, "as the knowledge base uses it")
        .anonymous(),
    call(
        "POST",
        "/wiki/rest/api/group/userByGroupId",
        Write(jira::add_wiki_member),
        TA,
        "Confluence's way in; without a body in the answer; already a member 201; full licence 500 [CONFCLOUD-84635] only as a fault",
    ),
];
