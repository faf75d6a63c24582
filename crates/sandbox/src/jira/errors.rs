//! Jira's refusals: an `ErrorCollection` with messages, or with one message per field.

use serde_json::json;

use crate::http::{Call, Reply};
use crate::org::Org;

/// The text for an unknown user, and for a caller without permission to see the user. (issues 44 of
/// terraform-provider-jira and 975 of pycontribs/jira)
pub(super) const NO_USER: &str =
    "Specified user does not exist or you do not have required permissions";

pub(super) fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"errorMessages": [message], "errors": {}}))
}

pub(super) fn field_error(field: &str, message: &str) -> Reply {
    Reply::json(400, &json!({"errorMessages": [], "errors": {field: message}}))
}

pub(super) fn no_user() -> Reply {
    error(404, NO_USER)
}

/// Assumption: the text; the status is described.
pub(super) fn no_group(name: &str) -> Reply {
    error(404, &format!("The group named '{name}' does not exist."))
}

/// Assumption: the text; the status is described.
pub(super) fn forbidden() -> Reply {
    error(403, "You do not have the permission to perform this operation.")
}

/// Assumption: the body. The status is described; the headers are those of a real site.
pub(crate) fn unauthorized(sent: bool) -> Reply {
    let message = "Client must be authenticated to access this resource.";
    let reason = if sent { "AUTHENTICATED_FAILED" } else { "AUTHENTICATION_MISSING" };
    Reply::json(401, &json!({"message": message, "status-code": 401}))
        .header("WWW-Authenticate", "OAuth realm=\"http%3A%2F%2F127.0.0.1\"")
        .header("X-Seraph-LoginReason", reason)
}

/// An unknown address, or a method that the address does not have. Assumption: the bodies.
pub(crate) fn no_call(wrong_method: bool) -> Reply {
    match wrong_method {
        true => error(405, "The method is not allowed here."),
        false => error(404, "No endpoint matches this address."),
    }
}

/// [Atlassian's rate-limiting page]; the body is an assumption.
pub(crate) fn rate_limited() -> Reply {
    Reply::json(429, &json!({"errorMessages": ["Rate limit exceeded."], "errors": {}}))
}

/// Refuses callers who are not organization administrators.
pub(super) fn must_administer(call: &Call<'_>, org: &Org) -> Result<(), Reply> {
    match call.caller.person() {
        Some(at) if org.person(at).record.org_admin => Ok(()),
        _ => Err(forbidden()),
    }
}

/// Reads a JSON object. A wrong media type is 415, as on a real site; a wrong body is 400. Assumption: both
/// bodies.
pub(super) fn object(call: &Call<'_>) -> Result<serde_json::Map<String, serde_json::Value>, Reply> {
    if !call.is_json() {
        let message = format!("Content-Type '{}' is not supported.", call.content_type);
        return Err(error(415, &message));
    }
    match serde_json::from_slice(call.body) {
        Ok(serde_json::Value::Object(object)) => Ok(object),
        Ok(_) => Err(error(
            400,
            "Invalid request payload. Refer to the REST API documentation and try again.",
        )),
        Err(_) => Err(error(
            400,
            "There was an error parsing JSON. Check that your request body is valid.",
        )),
    }
}
