//! The part of Jira Cloud's platform API for users and groups, versions 2 and 3, which are the same for these
//! calls. Sources are the platform description (December 2025), and for what it does not say, the source named at
//! the code; a guess is marked as an assumption.
//!
//! Permissions: any user with a token may browse; only organization administrators may change something (the
//! description requires site administration, its text of 2026 an organization administrator).

mod columns;
mod errors;
mod groups;
mod members;
mod permissions;
mod picker;
mod preferences;
mod projects;
mod properties;
mod retired;
mod roles;
mod search;
mod server_info;
mod tenant;
mod user_query;
mod users;
mod wire;

pub(crate) use columns::{
    reset_user_columns, set_site_columns, set_user_columns, site_columns, user_columns,
};
pub(crate) use errors::{no_call, rate_limited, unauthorized};
pub(crate) use groups::{create_group, delete_group, get_group, group_bulk, groups_picker};
pub(crate) use members::{add_member, add_wiki_member, group_members, remove_member};
pub(crate) use permissions::{
    all_permissions, check_permissions, my_permissions, permitted_projects,
};
pub(crate) use picker::{group_user_picker, user_picker};
pub(crate) use preferences::{delete_preference, locale, preference, set_locale, set_preference};
pub(crate) use projects::{
    assignable_in_all, assignable_users, users_who_browse, users_with_permissions,
};
pub(crate) use properties::{delete_property, property, property_keys, set_property};
pub(crate) use retired::{migrated_users, user_email};
pub(crate) use roles::{application_role, application_roles};
pub(crate) use search::{user_bulk, user_search, users_all};
pub(crate) use server_info::{server_info, session};
pub(crate) use tenant::tenant_info;
pub(crate) use user_query::{user_keys_by_query, users_by_query};
pub(crate) use users::{create_user, delete_user, get_user, myself, user_groups};
