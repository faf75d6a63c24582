//! User management: deactivate, reactivate, delete, and cancel a deletion. [user management description]
//!
//! - `disable` and `enable` answer 204, `delete` and `cancel-delete` 200 with a message.
//! - The description requires a body for `disable`, but the recipe of the knowledge base sends none [KB 1388159392],
//!   so a missing body is accepted.
//! - An account that is already deactivated: 409 `conflict.lifecycleErrors`. Assumption: the knowledge base expects "an
//!   error", the description has this form; the codes in it are invented.

use serde_json::{Value, json};

use super::errors::Answer;
use super::manage::{body_object, forbidden_action, managed, restriction};
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, Lifecycle, PersonIx};

const LINK: &str = "https://confluence.atlassian.com/x/pTgoPQ";

/// `POST …/lifecycle/disable`
pub(crate) fn disable(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, account) = changeable(call, org)?;
    read_message(call)?;
    match org.person(at).record.lifecycle {
        Lifecycle::Active => {
            org.apply(Change::Deactivated { account, at_ms: call.now_ms });
            Ok(Reply::empty(204))
        }
        _ => Err(conflict(&account, "alreadyDeactivated", "The account is already deactivated.")),
    }
}

/// `POST …/lifecycle/enable`
pub(crate) fn enable(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, account) = changeable(call, org)?;
    match org.person(at).record.lifecycle {
        Lifecycle::Inactive => {
            org.apply(Change::Activated { account, at_ms: call.now_ms });
            Ok(Reply::empty(204))
        }
        Lifecycle::Active => {
            Err(conflict(&account, "alreadyActive", "The account is already active."))
        }
        Lifecycle::ForDeletion => {
            let text = "The account is scheduled for deletion; cancel that first.";
            Err(conflict(&account, "scheduledForDeletion", text))
        }
        Lifecycle::Closed => Err(Reply::json(404, &json!({"key": "accountNotFound"}))),
    }
}

/// `POST …/lifecycle/delete`: for 14 days the account looks deactivated, then it is closed.
pub(crate) fn delete(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, account) = changeable(call, org)?;
    match org.person(at).record.lifecycle {
        Lifecycle::ForDeletion => {
            let text = "The account is already scheduled for deletion.";
            Err(conflict(&account, "scheduledForDeletion", text))
        }
        _ => {
            org.apply(Change::ScheduledDeletion { account, at_ms: call.now_ms });
            Ok(Reply::json(200, &json!({"message": "Success"})))
        }
    }
}

/// `POST …/lifecycle/cancel-delete`. Assumption: for an account that is not about to be deleted, 404 `notFound`.
pub(crate) fn cancel_delete(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, account) = changeable(call, org)?;
    match org.person(at).record.lifecycle {
        Lifecycle::ForDeletion => {
            org.apply(Change::CancelledDeletion { account, at_ms: call.now_ms });
            Ok(Reply::json(200, &json!({"message": "Success"})))
        }
        _ => Err(Reply::json(404, &json!({"key": "notFound"}))),
    }
}

/// The account in the path, if the organization manages it and no identity provider owns it.
fn changeable(call: &Call<'_>, org: &Edit<'_>) -> Result<(PersonIx, Box<str>), Reply> {
    let at = managed(call, org)?;
    let record = &org.person(at).record;
    match restriction(record) {
        Some(reason) => Err(forbidden_action(reason)),
        None => Ok((at, record.account_id.clone())),
    }
}

/// Checks an optional `{"message": "…"}`.
fn read_message(call: &Call<'_>) -> Result<(), Reply> {
    if call.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    match body_object(call)?.get("message") {
        None | Some(Value::Null | Value::String(_)) => Ok(()),
        Some(_) => Err(Reply::json(400, &json!({"key": "bodyParseFailure"}))),
    }
}

fn conflict(account: &str, code: &str, message: &str) -> Reply {
    Reply::json(
        409,
        &json!({"key": "conflict.lifecycleErrors", "context": {
            "accountId": account, "message": message,
            "errorCodes": [{"code": code, "message": message, "link": LINK}],
        }}),
    )
    .already()
}
