//! Refusals of the user provisioning API. (`ScimError`)

use serde_json::{Map, Value, json};

use crate::http::{Call, Reply};

pub(super) type Answer = Result<Reply, Reply>;

const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// An answer with the media type of SCIM. [RFC 7644, 3.1]
pub(super) fn reply(status: u16, body: &Value) -> Reply {
    Reply::json(status, body).header("Content-Type", "application/scim+json;charset=UTF-8")
}

/// A refusal; `kind` is the `scimType`, empty for none.
pub(super) fn error(status: u16, kind: &str, detail: &str) -> Reply {
    let mut body = json!({"schemas": [ERROR], "status": status.to_string(), "detail": detail});
    if !kind.is_empty() {
        body["scimType"] = kind.into();
    }
    reply(status, &body)
}

pub(super) fn invalid(detail: &str) -> Reply {
    error(400, "invalidValue", detail)
}

pub(super) fn no_user() -> Reply {
    error(404, "", "The user does not exist in the directory.")
}

pub(super) fn no_group() -> Reply {
    error(404, "", "The group does not exist in the directory.")
}

/// 401 without a key (description) and for a wrong one (assumption; the description has a 403 for a key that is not
/// authorized).
pub(crate) fn unauthorized(sent: bool) -> Reply {
    match sent {
        true => error(401, "", "The API key is not the directory's."),
        false => error(401, "", "The authorization header is missing."),
    }
}

/// An unknown address, or a method that the address does not have.
pub(crate) fn no_call(wrong_method: bool) -> Reply {
    match wrong_method {
        true => error(405, "", "The method is not supported here."),
        false => error(404, "", "There is nothing at this address."),
    }
}

/// Assumption: the form of a 429; the description has none.
pub(crate) fn rate_limited() -> Reply {
    error(429, "", "Too many requests.")
}

/// Checks that the path names the identity provider's directory.
pub(super) fn must_be_directory(call: &Call<'_>) -> Result<(), Reply> {
    match call.param(0) == call.card.scim_directory_id {
        true => Ok(()),
        false => Err(error(404, "", "The directory does not exist.")),
    }
}

/// Reads the object in a body. Assumption: the 400 for another media type.
pub(super) fn object(call: &Call<'_>) -> Result<Map<String, Value>, Reply> {
    let syntax = |detail: &str| error(400, "invalidSyntax", detail);
    if !call.is_json() {
        return Err(syntax("The body must be sent as application/scim+json."));
    }
    match serde_json::from_slice(call.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(syntax("The body must be a JSON object.")),
        Err(error) => Err(syntax(&format!("The body is not JSON: {error}."))),
    }
}
