//! The table of all calls that the sandbox plays, and finding the call of a request.
//!
//! A new call is one row here and one function. docs/sandbox.md's table is made from the rows,
//! and a test fails when one is missing there.

use std::collections::HashMap;

use crate::http::{Call, Edit, Reply, decode};
use crate::org::Org;
use crate::{admin, jira};

/// Which interface a call belongs to: they differ in credentials and in how they refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Jira,
    /// User management, `/users/{account_id}/manage…`.
    Manage,
    /// Organisations, `/admin/…`.
    Admin,
}

/// How a call is carried out: one that only reads cannot change anything.
pub(crate) enum Handler {
    Read(fn(&Call<'_>, &Org) -> Result<Reply, Reply>),
    Write(fn(&Call<'_>, &mut Edit<'_>) -> Result<Reply, Reply>),
}

/// What the behaviour of a call rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// The published description of the interface.
    Description,
    /// An article of Atlassian's knowledge base.
    Article,
    /// Atlassian's tracker, or a report in its community.
    Tracker,
    /// Our guess, where nothing was found.
    Assumption,
}

pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) api: Api,
    pub(crate) handler: Handler,
    pub(crate) known: &'static [Known],
    /// What is known from where, where that is worth saying.
    pub(crate) note: &'static str,
    /// Whether it answers without credentials.
    pub(crate) anonymous: bool,
}

impl Route {
    /// Whether the call is meant to change something.
    pub(crate) fn changes(&self) -> bool {
        matches!(self.handler, Handler::Write(_))
    }
}

/// One row of the docs' table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// The address with `{…}` for what varies; Jira's stands for versions 2 and 3.
    pub template: &'static str,
    /// What the behaviour rests on, in words.
    pub known: Vec<&'static str>,
    /// What in particular is known from where, or assumed.
    pub note: &'static str,
}

/// The whole table, for the docs and for tests.
#[must_use]
pub fn rows() -> Vec<Row> {
    let word = |known: &Known| match known {
        Known::Description => "description",
        Known::Article => "article",
        Known::Tracker => "tracker",
        Known::Assumption => "assumption",
    };
    let rows = ROUTES.iter().map(|route| Row {
        method: route.method,
        template: route.template,
        known: route.known.iter().map(word).collect(),
        note: route.note,
    });
    rows.collect()
}

use Known::{Article, Assumption, Description, Tracker};

const fn route(
    method: &'static str,
    template: &'static str,
    api: Api,
    handler: Handler,
    known: &'static [Known],
    note: &'static str,
) -> Route {
    Route {
        method,
        template,
        api,
        handler,
        known,
        note,
        anonymous: false,
    }
}

/// A call without which the table would say the same thing twice: described, and nothing more.
const D: &[Known] = &[Description];
const DA: &[Known] = &[Description, Assumption];
const DT: &[Known] = &[Description, Tracker];
const DTA: &[Known] = &[Description, Tracker, Assumption];
const DKA: &[Known] = &[Description, Article, Assumption];
const DKTA: &[Known] = &[Description, Article, Tracker, Assumption];

const fn anonymous(mut route: Route) -> Route {
    route.anonymous = true;
    route
}

const fn jira(
    method: &'static str,
    template: &'static str,
    handler: Handler,
    known: &'static [Known],
    note: &'static str,
) -> Route {
    route(method, template, Api::Jira, handler, known, note)
}

const fn manage(
    method: &'static str,
    template: &'static str,
    handler: Handler,
    known: &'static [Known],
    note: &'static str,
) -> Route {
    route(method, template, Api::Manage, handler, known, note)
}

const fn admin(
    method: &'static str,
    template: &'static str,
    handler: Handler,
    known: &'static [Known],
    note: &'static str,
) -> Route {
    route(method, template, Api::Admin, handler, known, note)
}

use Handler::{Read, Write};

pub(crate) static ROUTES: &[Route] = &[
    jira(
        "POST",
        "/rest/api/3/user",
        Write(jira::create_user),
        DKTA,
        "201 for who has access already; text of missing products from a community report; a product that was missing is given (assumption)",
    ),
    jira(
        "GET",
        "/rest/api/3/user",
        Read(jira::get_user),
        DTA,
        "text of the 404 from client trackers; removed people are 404 (assumption)",
    ),
    jira(
        "DELETE",
        "/rest/api/3/user",
        Write(jira::delete_user),
        DA,
        "who \"cannot be removed\": oneself and synced people (assumption)",
    ),
    anonymous(jira(
        "GET",
        "/rest/api/3/user/search",
        Read(jira::user_search),
        DA,
        "words inside the name match too (assumption)",
    )),
    jira(
        "GET",
        "/rest/api/3/users/search",
        Read(jira::users_all),
        D,
        "",
    ),
    jira("GET", "/rest/api/3/users", Read(jira::users_all), D, ""),
    jira(
        "GET",
        "/rest/api/3/user/bulk",
        Read(jira::user_bulk),
        DA,
        "unknown ids are left out; at most 200 a page (assumptions)",
    ),
    jira(
        "GET",
        "/rest/api/3/user/groups",
        Read(jira::user_groups),
        DT,
        "",
    ),
    jira("GET", "/rest/api/3/myself", Read(jira::myself), D, ""),
    jira(
        "GET",
        "/rest/api/3/group/bulk",
        Read(jira::group_bulk),
        DA,
        "names match exactly, case included (assumption)",
    ),
    jira(
        "GET",
        "/rest/api/3/group/member",
        Read(jira::group_members),
        DA,
        "ordered by when people came (assumption)",
    ),
    jira(
        "POST",
        "/rest/api/3/group/user",
        Write(jira::add_member),
        DKTA,
        "already a member: 400 with the text of AX-17; full product 400 and identity provider's group 403 (assumptions)",
    ),
    jira(
        "DELETE",
        "/rest/api/3/group/user",
        Write(jira::remove_member),
        DKA,
        "no member: 400 (assumption)",
    ),
    jira(
        "POST",
        "/rest/api/3/group",
        Write(jira::create_group),
        DA,
        "names in use are compared without case (assumption)",
    ),
    jira(
        "GET",
        "/rest/api/3/group",
        Read(jira::get_group),
        D,
        "deprecated",
    ),
    jira(
        "DELETE",
        "/rest/api/3/group",
        Write(jira::delete_group),
        DA,
        "identity provider's group: 403 (assumption)",
    ),
    anonymous(jira(
        "GET",
        "/rest/api/3/groups/picker",
        Read(jira::groups_picker),
        D,
        "",
    )),
    manage(
        "GET",
        "/users/{account_id}/manage",
        Read(admin::manage),
        DA,
        "unmanaged: `forbidden`; never confirmed: `forbidden.targetUnverified` (which is which: assumption)",
    ),
    manage(
        "GET",
        "/users/{account_id}/manage/profile",
        Read(admin::profile),
        D,
        "",
    ),
    manage(
        "PATCH",
        "/users/{account_id}/manage/profile",
        Write(admin::patch_profile),
        DA,
        "only the name is kept",
    ),
    manage(
        "PUT",
        "/users/{account_id}/manage/email",
        Write(admin::set_email),
        DA,
        "a mail in use: `fieldConstraintsViolated` (assumption)",
    ),
    manage(
        "POST",
        "/users/{account_id}/manage/lifecycle/disable",
        Write(admin::disable),
        DKTA,
        "body may be missing, as in the article; mirror fields of 403 from AX-201; already deactivated: 409 (assumption)",
    ),
    manage(
        "POST",
        "/users/{account_id}/manage/lifecycle/enable",
        Write(admin::enable),
        DTA,
        "already active: 409 (assumption)",
    ),
    manage(
        "POST",
        "/users/{account_id}/manage/lifecycle/delete",
        Write(admin::delete),
        DA,
        "already scheduled: 409 (assumption)",
    ),
    manage(
        "POST",
        "/users/{account_id}/manage/lifecycle/cancel-delete",
        Write(admin::cancel_delete),
        DA,
        "not scheduled: 404 `notFound` (assumption)",
    ),
    admin("GET", "/admin/v1/orgs", Read(admin::orgs), D, ""),
    admin("GET", "/admin/v1/orgs/{orgId}", Read(admin::one_org), D, ""),
    admin(
        "GET",
        "/admin/v1/orgs/{orgId}/users",
        Read(admin::managed_accounts),
        DA,
        "100 a page (assumption)",
    ),
    admin(
        "GET",
        "/admin/v1/orgs/{orgId}/domains",
        Read(admin::domains),
        D,
        "",
    ),
    admin(
        "GET",
        "/admin/v1/orgs/{orgId}/events",
        Read(admin::events),
        DA,
        "names of the actions (assumption)",
    ),
    admin(
        "GET",
        "/admin/v1/orgs/{orgId}/events-stream",
        Read(admin::events_stream),
        DA,
        "names of the actions (assumption)",
    ),
    admin(
        "GET",
        "/admin/v1/orgs/{orgId}/events/{eventId}",
        Read(admin::event),
        DA,
        "",
    ),
    admin(
        "GET",
        "/admin/v1/orgs/{orgId}/event-actions",
        Read(admin::event_actions),
        DA,
        "names of the actions (assumption)",
    ),
    admin(
        "GET",
        "/admin/v2/orgs/{orgId}/directories",
        Read(admin::directories),
        DT,
        "exactly one directory",
    ),
    admin(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search",
        Read(admin::search_users),
        DA,
        "hidden mails are shown of managed accounts only (assumption)",
    ),
    admin(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users",
        Read(admin::list_users),
        D,
        "deprecated",
    ),
    admin(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/count",
        Read(admin::user_count),
        D,
        "",
    ),
    admin(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}",
        Read(admin::get_user),
        D,
        "",
    ),
    admin(
        "DELETE",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}",
        Write(admin::remove_user),
        DA,
        "at once, not later; synced people 403 (assumption)",
    ),
    admin(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend",
        Write(admin::suspend_user),
        DA,
        "already suspended: 204; administrators and synced people: 403 (assumptions)",
    ),
    admin(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore",
        Write(admin::restore_user),
        DA,
        "not suspended: 204 (assumption)",
    ),
    admin(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search",
        Read(admin::search_groups),
        D,
        "",
    ),
    admin(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups",
        Read(admin::list_groups),
        D,
        "deprecated",
    ),
    admin(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/count",
        Read(admin::group_count),
        D,
        "",
    ),
    admin(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups",
        Write(admin::create_group),
        DA,
        "body of the 201 (assumption)",
    ),
    admin(
        "GET",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}",
        Read(admin::get_group),
        D,
        "",
    ),
    admin(
        "DELETE",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}",
        Write(admin::delete_group),
        DA,
        "product groups: `ADMIN-403-6` (assumption which groups)",
    ),
    admin(
        "POST",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships",
        Write(admin::add_membership),
        DKA,
        "codes of the two 409 (assumption); not in the directory 404 [KB 1384125493]",
    ),
    admin(
        "DELETE",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships/{accountId}",
        Write(admin::remove_membership),
        DA,
        "no member: 404 (assumption)",
    ),
    admin(
        "POST",
        "/admin/v2/orgs/{orgId}/users/invite",
        Write(admin::invite),
        DA,
        "texts of `statusReason`; 402 only as a fault",
    ),
];

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Call {
        route: u16,
        params: Vec<String>,
        /// Jira's version in the path; 3 elsewhere.
        version: u8,
    },
    /// The address is known, with other methods.
    WrongMethod,
    Nothing,
}

/// Finds calls by the number of parts of an address.
pub(crate) struct Matcher {
    by_parts: HashMap<usize, Vec<(u16, Vec<&'static str>)>>,
}

impl Matcher {
    pub(crate) fn new() -> Self {
        let mut by_parts: HashMap<_, Vec<_>> = HashMap::new();
        for (at, route) in (0_u16..).zip(ROUTES) {
            let parts: Vec<_> = route.template.split('/').skip(1).collect();
            by_parts.entry(parts.len()).or_default().push((at, parts));
        }
        // Where two templates fit, the one with fewer gaps is meant.
        for routes in by_parts.values_mut() {
            routes.sort_by_key(|(_, parts)| parts.iter().filter(|part| is_gap(part)).count());
        }
        Self { by_parts }
    }

    pub(crate) fn find(&self, method: &str, path: &str) -> Found {
        let mut parts: Vec<_> = path.split('/').skip(1).collect();
        if parts.last() == Some(&"") {
            parts.pop();
        }
        let mut version = 3;
        if parts.len() > 2 && parts[0] == "rest" && parts[1] == "api" {
            match parts[2] {
                "3" => {}
                "2" | "latest" => version = 2,
                _ => return Found::Nothing,
            }
            parts[2] = "3";
        }
        let mut known = false;
        for (at, wanted) in self.by_parts.get(&parts.len()).into_iter().flatten() {
            let fits = wanted
                .iter()
                .zip(&parts)
                .all(|(wanted, part)| is_gap(wanted) && !part.is_empty() || wanted == part);
            if !fits {
                continue;
            }
            if ROUTES[usize::from(*at)].method == method {
                let gaps = wanted
                    .iter()
                    .zip(&parts)
                    .filter(|(wanted, _)| is_gap(wanted));
                let params = gaps.map(|(_, part)| decode(part)).collect();
                return Found::Call {
                    route: *at,
                    params,
                    version,
                };
            }
            known = true;
        }
        if known {
            Found::WrongMethod
        } else {
            Found::Nothing
        }
    }
}

fn is_gap(part: &&str) -> bool {
    part.starts_with('{')
}

/// The routes that a method and a template or path choose; all where neither is given.
pub(crate) fn chosen(method: Option<&str>, path: Option<&str>) -> impl Iterator<Item = usize> {
    let matcher = Matcher::new();
    ROUTES.iter().enumerate().filter_map(move |(at, route)| {
        let same_method = method.is_none_or(|wanted| wanted.eq_ignore_ascii_case(route.method));
        let leads_here = |path: &str| match matcher.find(route.method, path) {
            Found::Call { route, .. } => usize::from(route) == at,
            _ => false,
        };
        let same_path = path.is_none_or(|wanted| wanted == route.template || leads_here(wanted));
        (same_method && same_path).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_call_is_there_twice() {
        let mut seen = HashSet::new();
        for route in ROUTES {
            assert!(
                seen.insert((route.method, route.template)),
                "{}",
                route.template
            );
            assert!(
                !route.known.is_empty(),
                "{} rests on nothing",
                route.template
            );
        }
    }

    #[test]
    fn every_template_finds_itself() {
        let matcher = Matcher::new();
        for (at, route) in (0_u16..).zip(ROUTES) {
            let Found::Call { route: found, .. } = matcher.find(route.method, route.template)
            else {
                panic!("{} {} is not found", route.method, route.template);
            };
            assert_eq!(found, at, "{} {}", route.method, route.template);
        }
    }

    #[test]
    fn versions_methods_and_gaps() {
        let matcher = Matcher::new();
        let Found::Call { version, .. } = matcher.find("GET", "/rest/api/2/myself") else {
            panic!("version 2 is the same");
        };
        assert_eq!(version, 2);
        assert_eq!(matcher.find("GET", "/rest/api/1/myself"), Found::Nothing);
        assert_eq!(
            matcher.find("PUT", "/rest/api/3/myself"),
            Found::WrongMethod
        );
        assert_eq!(matcher.find("GET", "/users//manage"), Found::Nothing);
        let Found::Call { params, .. } =
            matcher.find("POST", "/users/712020%3Aab/manage/lifecycle/disable")
        else {
            panic!("an id may be encoded");
        };
        assert_eq!(params, ["712020:ab"]);
    }

    #[test]
    fn limits_choose_routes_by_path_or_template() {
        assert_eq!(chosen(None, None).count(), ROUTES.len());
        assert_eq!(
            chosen(Some("post"), Some("/rest/api/2/group/user")).count(),
            1
        );
        assert_eq!(chosen(None, Some("/users/{account_id}/manage")).count(), 1);
        assert_eq!(chosen(None, Some("/nowhere")).count(), 0);
    }
}
