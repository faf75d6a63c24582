//! The calls of user provisioning (SCIM).

use super::provenance::{D, DA};
use super::table;
use crate::scim;

table! { Scim
    GET "/scim/directory/{directoryId}/Users" Read scim::list_users, DA "100 a page; the case of a `userName` does not matter (assumptions)";
    POST "/scim/directory/{directoryId}/Users" Write scim::create_user, DA "the user is on the site, without apps; a domain that is not verified is 400 (assumptions)";
    GET "/scim/directory/{directoryId}/Users/{userId}" Read scim::get_user, D "";
    PUT "/scim/directory/{directoryId}/Users/{userId}" Write scim::replace_user, DA "without `active` the state stays (assumption)";
    PATCH "/scim/directory/{directoryId}/Users/{userId}" Write scim::patch_user, DA "the operations of RFC 7644; a user with `active: false` stays in the directory (assumption)";
    DELETE "/scim/directory/{directoryId}/Users/{userId}" Write scim::delete_user, DA "deactivates; memberships in synced groups end (assumption)";
    GET "/scim/directory/{directoryId}/Groups" Read scim::list_groups, DA "100 a page (assumption)";
    POST "/scim/directory/{directoryId}/Groups" Write scim::create_group, D "";
    GET "/scim/directory/{directoryId}/Groups/{id}" Read scim::get_group, DA "members without a record of the identity provider are not shown (assumption)";
    PUT "/scim/directory/{directoryId}/Groups/{id}" Write scim::replace_group, DA "another name is 400 (assumption)";
    PATCH "/scim/directory/{directoryId}/Groups/{id}" Write scim::patch_group, DA "a member again, or a user who is no member: 200 (assumption)";
    DELETE "/scim/directory/{directoryId}/Groups/{id}" Write scim::delete_group, D "";
    GET "/scim/directory/{directoryId}/ServiceProviderConfig" Read scim::provider_config, DA "which features (assumption)";
    GET "/scim/directory/{directoryId}/ResourceTypes" Read scim::resource_types, D "";
    GET "/scim/directory/{directoryId}/ResourceTypes/User" Read scim::user_type, D "";
    GET "/scim/directory/{directoryId}/ResourceTypes/Group" Read scim::group_type, D "";
    GET "/scim/directory/{directoryId}/Schemas" Read scim::schemas, DA "without Atlassian's own extension (assumption)";
    GET "/scim/directory/{directoryId}/Schemas/urn:ietf:params:scim:schemas:core:2.0:User" Read scim::user_schema, D "";
    GET "/scim/directory/{directoryId}/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group" Read scim::group_schema, D "";
    GET "/scim/directory/{directoryId}/Schemas/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" Read scim::enterprise_schema, D "";
}
