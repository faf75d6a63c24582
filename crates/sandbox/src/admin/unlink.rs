//! Takes users out of the hands of the identity provider. [user provisioning, "Delete user in SCIM DB"]

use super::errors::{Answer, must_be_org, no_user};
use crate::http::{Call, Edit, Reply};

/// `DELETE …/user/{accountId}/onlyDeleteUserInDB`: the account is managed by hand from now on, keeps its state, and
/// loses its memberships in the identity provider's groups; for managed accounts only (documentation). Assumptions: the
/// 204, and 404 for an account without a record.
pub(crate) fn unlink_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_org(call)?;
    let at = org.find(call.param(1)).ok_or_else(|| no_user(call))?;
    let record = &org.person(at).record;
    if record.provisioned.is_none() || !record.managed {
        return Err(no_user(call));
    }
    org.unlink_person(at);
    Ok(Reply::empty(204))
}
