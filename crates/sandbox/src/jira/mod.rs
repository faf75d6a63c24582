//! The part of Jira Cloud's platform API for users and groups, versions 2 and 3, which are the same for these
//! calls. Sources are the platform description (December 2025), and for what it does not say, the source named at
//! the code; a guess is marked as an assumption.
//!
//! Permissions: any user with a token may browse; only organization administrators may change something (the
//! description requires site administration, its text of 2026 an organization administrator).

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
