//! The organization's APIs: user management (`/users/{account_id}/manage…`) and the organizations API
//! (`/admin/v1`, `/admin/v2`). Sources are the two descriptions of August 2026; a guess is marked as an
//! assumption.
//!
//! The v1 calls that change users and groups stopped working on 2026-06-30 [changelog of the organizations API]
//! and are no longer in the description; here they answer that they no longer exist.

mod directory;
mod errors;
mod events;
mod groups;
mod invite;
mod lifecycle;
mod manage;
mod orgs;
mod overview;
mod page;
mod policies;
mod roles;
mod tokens;
mod unlink;
mod users;
mod wire;

pub(crate) use directory::directories;
pub(crate) use errors::{
    gone, manage_unauthorized, no_call, not_in_version_2, rate_limited, unauthorized,
};
pub(crate) use events::{event, event_actions, events, events_stream};
pub(crate) use groups::{
    add_membership, create_group, delete_group, get_group, group_count, list_groups,
    remove_membership, search_groups,
};
pub(crate) use invite::invite;
pub(crate) use lifecycle::{cancel_delete, delete, disable, enable};
pub(crate) use manage::{manage, patch_profile, profile, set_email};
pub(crate) use orgs::{domain, domains, last_active, managed_accounts, one_org, orgs};
pub(crate) use overview::{group_stats, user_stats, workspaces};
pub(crate) use policies::{
    add_policy_resource, create_policy, delete_policy, delete_policy_resource, policies, policy,
    update_policy, update_policy_resource, validate_policy,
};
pub(crate) use roles::{
    assign_group_role, assign_org_role, assign_role, group_roles, revoke_group_role,
    revoke_org_role, revoke_role, user_roles,
};
pub(crate) use tokens::{
    all_tokens, api_keys, key_count, revoke_all_tokens, revoke_token, token_count, tokens,
};
pub(crate) use unlink::unlink_user;
pub(crate) use users::{
    get_user, list_users, remove_user, restore_user, search_users, suspend_user, user_count,
};
