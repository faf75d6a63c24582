//! The user provisioning API (SCIM 2.0, RFC 7643 and RFC 7644): the directory of the organization's identity provider.
//!
//! Sources are the user provisioning description (2022, the newest that was found) and the two RFCs; a guess is marked
//! as an assumption. Users and groups here are those of all other APIs: a user that is created here is on the site, and
//! a group that is created here refuses the changes of the other APIs, because it is synced.

mod attributes;
mod errors;
mod groups;
mod metadata;
mod patch;
mod query;
mod users;
mod wire;

pub(crate) use errors::{no_call, rate_limited, unauthorized};
pub(crate) use groups::{
    create_group, delete_group, get_group, list_groups, patch_group, replace_group,
};
pub(crate) use metadata::{
    enterprise_schema, group_schema, group_type, provider_config, resource_types, schemas,
    user_schema, user_type,
};
pub(crate) use users::{create_user, delete_user, get_user, list_users, patch_user, replace_user};
