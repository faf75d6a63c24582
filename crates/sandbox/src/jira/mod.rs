//! Jira Cloud's platform API as far as users and groups go, versions 2 and 3, which are the same
//! for these calls. Sources are the platform description (December 2025) and, where it is silent,
//! what is named at the place; a guess is called an assumption.
//!
//! Permissions: any user with a token may browse; only organization administrators may write
//! (the description asks for site administration, its 2026 text for an organization admin).

mod errors;
mod groups;
mod members;
mod permissions;
mod roles;
mod search;
mod tenant;
mod users;
mod wire;

pub(crate) use errors::{no_call, rate_limited, unauthorized};
pub(crate) use groups::{create_group, delete_group, get_group, group_bulk, groups_picker};
pub(crate) use members::{add_member, add_wiki_member, group_members, remove_member};
pub(crate) use permissions::my_permissions;
pub(crate) use roles::{application_role, application_roles};
pub(crate) use search::{user_bulk, user_search, users_all};
pub(crate) use tenant::tenant_info;
pub(crate) use users::{create_user, delete_user, get_user, myself, user_groups};
