//! The calls of user management.

use super::provenance::{D, DA, DKTA, DTA};
use super::table;
use crate::admin;

table! { Manage
    GET "/users/{account_id}/manage" Read admin::manage, DA "unmanaged: `forbidden`; never confirmed: `forbidden.targetUnverified` (which is which: assumption)";
    GET "/users/{account_id}/manage/profile" Read admin::profile, D "";
    PATCH "/users/{account_id}/manage/profile" Write admin::patch_profile, DA "only the name is kept";
    PUT "/users/{account_id}/manage/email" Write admin::set_email, DA "an email in use: `fieldConstraintsViolated` (assumption)";
    POST "/users/{account_id}/manage/lifecycle/disable" Write admin::disable, DKTA "body may be missing, as in the article; the 403 has the fields shown in AX-201; already deactivated: 409 (assumption)";
    POST "/users/{account_id}/manage/lifecycle/enable" Write admin::enable, DTA "already active: 409 (assumption)";
    POST "/users/{account_id}/manage/lifecycle/delete" Write admin::delete, DA "already scheduled: 409 (assumption)";
    POST "/users/{account_id}/manage/lifecycle/cancel-delete" Write admin::cancel_delete, DA "not scheduled: 404 `notFound` (assumption)";
    GET "/users/{account_id}/manage/api-tokens" Read admin::tokens, D "the sandbox's own tokens";
    DELETE "/users/{account_id}/manage/api-tokens/{tokenId}" Write admin::revoke_token, DA "unknown token: 404 `notFound` (assumption)";
}
