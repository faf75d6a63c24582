//! The refusals of the organization's APIs, in three forms:
//!
//! - v1 and its gateway: `{"code":401,"message":"…"}` for 401 and 429 (`ProxyError`), else a list of errors
//!   (`ApplicationError`).
//! - v2: a list of errors for everything (`Errors`).
//! - user management: `{"key":"…"}` with a context.

use serde_json::{Map, Value, json};

use crate::http::{Call, Reply};
use crate::org::{Org, event_id};

pub(super) type Answer = Result<Reply, Reply>;

/// A list with one error. The code contains the status: `ADMIN-404-8` is a 404.
pub(super) fn error(call: &Call<'_>, code: &str, title: &str, detail: &str) -> Reply {
    let status = code.split('-').find_map(|part| part.parse::<u16>().ok().filter(|n| *n >= 100));
    let status = status.unwrap_or(500);
    let body = json!({"errors": [{
        "id": event_id(call.number), "status": status.to_string(), "code": code,
        "title": title, "detail": detail,
    }]});
    Reply::json(status, &body)
}

pub(super) fn no_org(call: &Call<'_>) -> Reply {
    error(call, "ADMIN-404-2", "Organization not found", "We couldn't find the organization.")
}

pub(super) fn no_directory(call: &Call<'_>) -> Reply {
    error(call, "ADMIN-404-1", "Unknown resource", "We couldn't find the directory.")
}

pub(super) fn no_user(call: &Call<'_>) -> Reply {
    error(call, "ADMIN-404-8", "User not found", "We couldn't find the user.")
}

pub(super) fn no_group(call: &Call<'_>) -> Reply {
    error(call, "ADMIN-404-10", "Group not found", "We couldn't find the group.")
}

pub(super) fn bad_body(call: &Call<'_>, detail: &str) -> Reply {
    error(call, "ADMIN-400-24", "Invalid request body", detail)
}

pub(super) fn bad_cursor(call: &Call<'_>) -> Reply {
    error(call, "ADMIN-400-1", "Invalid page cursor", "The cursor is not one of ours.")
}

/// Assumption: the code. The description has none for a wrong parameter in v2.
pub(super) fn bad_parameter(call: &Call<'_>, detail: &str) -> Reply {
    error(call, "ADMIN-400-19", "Request syntax is not valid", detail)
}

/// The gateway's form of an error. (`ProxyError`)
fn gateway(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"code": status, "message": message}))
}

/// 401 of the organizations API. Assumption: v2's code.
pub(crate) fn unauthorized(call: &Call<'_>) -> Reply {
    match call.path.starts_with("/admin/v1") {
        true => gateway(401, "Unauthorized"),
        false => error(
            call,
            "ADMIN-401-1",
            "Unauthorized",
            "You need to authenticate to submit this request.",
        ),
    }
}

/// A call of v1 that no longer exists. Assumption: the status and the body.
pub(crate) fn gone(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_org(call)?;
    let detail = "This call stopped working after 30 June 2026. Use version 2.";
    Err(error(call, "ADMIN-410-1", "Gone", detail))
}

/// A call of v1 that version 2 does not have. Assumption: the same 404 as for any unknown address.
pub(crate) fn not_in_version_2(call: &Call<'_>, _org: &Org) -> Answer {
    Err(no_call(call, false))
}

/// An unknown address, or a method that the address does not have. Below `/users` the answer has a key, as for
/// everything that is not found there.
pub(crate) fn no_call(call: &Call<'_>, wrong_method: bool) -> Reply {
    match (call.path.starts_with("/users/"), wrong_method) {
        (true, false) => Reply::json(404, &json!({"key": "notFound"})),
        (_, true) => {
            error(call, "ADMIN-405-1", "Method not supported", "The method is not supported here.")
        }
        (false, false) => {
            error(call, "ADMIN-404-1", "Unknown resource", "There is nothing at this address.")
        }
    }
}

/// 401 of user management.
pub(crate) fn manage_unauthorized() -> Reply {
    Reply::json(401, &json!({"key": "unauthorized"}))
}

/// 429: a list of errors in v2, the gateway's form elsewhere.
pub(crate) fn rate_limited(call: &Call<'_>) -> Reply {
    match call.path.starts_with("/admin/v2") {
        true => error(call, "ADMIN-429-1", "Rate limit exceeded", "You exceeded the rate limit."),
        false => gateway(429, "Too many requests"),
    }
}

/// Reads a JSON object. With `optional`, an empty body is accepted. Assumption: the 415.
pub(super) fn object(call: &Call<'_>, optional: bool) -> Result<Map<String, Value>, Reply> {
    if call.body.is_empty() && optional {
        return Ok(Map::new());
    }
    if !call.is_json() {
        let detail = format!("Content-Type '{}' is not supported.", call.content_type);
        return Err(error(call, "ADMIN-415-1", "Unsupported media type", &detail));
    }
    match serde_json::from_slice(call.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(bad_body(call, "The request body must be a JSON object.")),
        Err(error) => Err(bad_body(call, &format!("The request body is not JSON: {error}."))),
    }
}

/// Checks that the path names the sandbox's organization.
pub(super) fn must_be_org(call: &Call<'_>) -> Result<(), Reply> {
    match call.param(0) == call.card.org_id {
        true => Ok(()),
        false => Err(no_org(call)),
    }
}

/// Checks that the path names the sandbox's directory, or `-` for all directories if allowed. Returns true for
/// `-`.
pub(super) fn must_be_directory(call: &Call<'_>, all_allowed: bool) -> Result<bool, Reply> {
    must_be_org(call)?;
    match call.param(1) {
        "-" if all_allowed => Ok(true),
        id if id == call.card.directory_id => Ok(false),
        _ => Err(no_directory(call)),
    }
}
