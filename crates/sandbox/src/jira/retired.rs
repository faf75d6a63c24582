//! Calls about users that no API token can use, or that no longer find a user.

use serde_json::Value;

use super::errors::{error, unauthorized};
use crate::http::{Call, Reply};
use crate::org::Org;

type Answer = Result<Reply, Reply>;

/// `GET /user/email` and `GET /user/email/bulk`: for approved apps only; a user gets 401. [Jira platform
/// description]
pub(crate) fn user_email(_call: &Call<'_>, _org: &Org) -> Answer {
    Err(unauthorized(true))
}

/// `GET /user/bulk/migration`: account ids by user name or key. Assumption: no user has one, and unknown ones are
/// left out.
pub(crate) fn migrated_users(call: &Call<'_>, _org: &Org) -> Answer {
    let asks = |name: &str| call.query.filled(name).is_some();
    match asks("username") || asks("key") {
        true => Ok(Reply::json(200, &Vec::<Value>::new())),
        false => Err(error(400, "One of 'key' and 'username' is required.")),
    }
}
