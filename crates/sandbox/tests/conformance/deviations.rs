//! Where the sandbox or the client deliberately deviates from the descriptions. The table of docs/differences.md
//! is generated from this list.

/// One deliberate deviation.
pub struct Deviation {
    /// `METHOD template`. A `*` at the end means any rest; a `*` alone means every call.
    pub calls: &'static [&'static str],
    /// A text that the finding contains.
    pub about: &'static str,
    /// For readers: what is different.
    pub what: &'static str,
    /// For readers: the reason.
    pub why: &'static str,
}

pub static DEVIATIONS: &[Deviation] = &[
    Deviation {
        calls: &["*"],
        about: "429: the status is not described",
        what: "every call may be refused with 429",
        why: "Jira and user management describe a 429 for a few calls only; the page on rate limits says all",
    },
    Deviation {
        calls: &[
            "POST /admin/v1/orgs/{orgId}/users/search",
            "GET /admin/v1/orgs/{orgId}/users/search",
            "POST /admin/v1/orgs/{orgId}/users/invite",
            "POST /admin/v1/orgs/{orgId}/groups/search",
            "POST /admin/v1/orgs/{orgId}/directory/*",
            "DELETE /admin/v1/orgs/{orgId}/directory/*",
        ],
        about: "the call is not described",
        what: "the calls of version 1 that were removed after 2026-06-30 answer 410",
        why: "the description no longer has them; a client that still sends them should get a clear answer",
    },
    Deviation {
        calls: &["POST /admin/v2/orgs/{orgId}/directories/{directoryId}/users/search"],
        about: "accountType \"customer\" is not one of",
        what: "`accountType` may be `customer`",
        why: "Jira's description has this type and the organization's has not; a job that takes something away must leave such an account alone wherever it shows (assumption)",
    },
    Deviation {
        calls: &["GET /admin/v2/orgs/{orgId}/domains*", "GET /admin/v2/orgs/{orgId}/events*"],
        about: "the call is not described",
        what: "domains and events in version 2 are 404",
        why: "a client in use asks for them there; the description has them in version 1 only",
    },
    Deviation {
        calls: &["GET /rest/auth/1/session"],
        about: "the call is not described",
        what: "401: an API token cannot sign in to a session",
        why: "a client in use asks for it; a site answered so (pycontribs/jira 959)",
    },
    Deviation {
        calls: &["GET /admin/api-access/*", "DELETE /admin/api-access/*"],
        about: "the call is not described",
        what: "tokens and keys of the organization",
        why: "they belong to an interface of their own, whose description is not among those checked",
    },
    Deviation {
        calls: &["PUT /rest/api/3/mypreferences*"],
        about: "204: a body is described and missing",
        what: "204 without a body",
        why: "a body is described with it, which HTTP does not allow",
    },
    Deviation {
        calls: &["PATCH /scim/directory/{directoryId}/*"],
        about: "('Operations' was unexpected)",
        what: "a change is sent as `Operations`",
        why: "the description writes `operations`; RFC 7644, 3.5.2, has the capital letter, and names of attributes in any case",
    },
    Deviation {
        calls: &["GET /scim/directory/*"],
        about: "('detail', 'schemas', 'status' were unexpected)",
        what: "401 has the form of all other errors of this API",
        why: "the description has a form of its own for it, `error` and `traceId`; RFC 7644, 3.12, has one for all (assumption)",
    },
    Deviation {
        calls: &["GET /_edge/tenant_info"],
        about: "the call is not described",
        what: "returns the site's cloud id",
        why: "no interface describes it; knowledge base pages use it",
    },
    Deviation {
        calls: &["POST /wiki/rest/api/group/userByGroupId"],
        about: "the call is not described",
        what: "Confluence's call to add a member",
        why: "it belongs to Confluence's interface, whose description is not among those checked",
    },
    Deviation {
        calls: &["DELETE /admin/v1/orgs/{orgId}/policies/{policyId}/resources/{resourceId}"],
        about: "204: a body is described and missing",
        what: "204 without a body",
        why: "a body is described with it, which HTTP does not allow",
    },
    Deviation {
        calls: &["GET /rest/api/3/user"],
        about: "400: the status is not described",
        what: "400 without `accountId`, or with a parameter that is no longer available",
        why: "the description requires the parameter and does not say what happens without (assumption)",
    },
    Deviation {
        calls: &["POST /rest/api/3/user", "PUT /rest/api/3/user/properties/{propertyKey}"],
        about: "415: the status is not described",
        what: "415 for a body that is not sent as JSON",
        why: "as a real site does; the descriptions have no 415",
    },
    Deviation {
        calls: &["POST /users/{account_id}/manage/lifecycle/disable"],
        about: "400: the status is not described",
        what: "400 `bodyParseFailure` for a body that is not a message",
        why: "other calls of user management describe it; this one describes no refusal of its body",
    },
    Deviation {
        calls: &[
            "DELETE /admin/user-provisioning/v1/org/{orgId}/user/{accountId}/onlyDeleteUserInDB",
        ],
        about: "the call is not described",
        what: "deletes a user's record of the identity provider",
        why: "the description of user provisioning is of 2022; the reference of 2026 has this call",
    },
    Deviation {
        calls: &["GET /scim/directory/{directoryId}/*"],
        about: "200:  {",
        what: "features, resource types and schemas are JSON objects",
        why: "the description calls them strings; RFC 7643 and RFC 7644 define the objects, and clients read them",
    },
    Deviation {
        calls: &["GET /scim/*", "POST /scim/*", "PUT /scim/*", "PATCH /scim/*"],
        about: "resourceType",
        what: "`meta.resourceType` is `User` or `Group`",
        why: "the description's list has `USER` and `GROUP`, and its own example has `Group`, as RFC 7643 wants",
    },
    Deviation {
        calls: &["POST /users/{account_id}/manage/*"],
        about: "\"errorKey\":\"forbidden.action\"",
        what: "403 `forbidden.action` also has the fields `errorKey` and `errorDetail`",
        why: "a live answer has them (AX-201); the schema does not",
    },
];

impl Deviation {
    pub fn covers(&self, call: &str, finding: &str) -> bool {
        let is_it = |wanted: &&str| match wanted.strip_suffix('*') {
            Some(start) => call.starts_with(start),
            None => call == *wanted,
        };
        self.calls.iter().any(is_it) && finding.contains(self.about)
    }
}
