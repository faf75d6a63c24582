//! The JSON types of Jira (Jira platform description, v3).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Body of `POST user` (`NewUserDetails`). The description's other fields are no longer available
/// and are never sent.
#[derive(Debug, Serialize)]
pub struct NewUser<'a> {
    #[serde(rename = "emailAddress")]
    pub email_address: &'a str,
    pub products: Vec<&'static str>,
}

/// Body of `POST group/user` (`UpdateUserToGroupBean`).
#[derive(Debug, Serialize)]
pub struct NewMember<'a> {
    #[serde(rename = "accountId")]
    pub account_id: &'a str,
}

/// Body of `POST group` (`AddGroupBean`).
#[derive(Debug, Serialize)]
pub struct NewGroup<'a> {
    pub name: &'a str,
}

/// `Permissions`: the permissions that were asked for, by their keys.
#[derive(Debug, Deserialize)]
pub struct Permissions {
    pub permissions: Option<BTreeMap<String, Permission>>,
}

/// `UserPermission`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    pub have_permission: Option<bool>,
}

/// `User`, and the `UserDetails` of a group's members, which has some of its fields.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub account_id: Option<String>,
    pub account_type: Option<String>,
    pub active: Option<bool>,
    pub display_name: Option<String>,
    pub email_address: Option<String>,
    pub groups: Option<GroupList>,
    pub application_roles: Option<RoleList>,
}

/// `SimpleListWrapperGroupName`: `items` is filled only if `groups` is expanded.
#[derive(Debug, Deserialize)]
pub struct GroupList {
    pub size: Option<u64>,
    pub items: Option<Vec<GroupName>>,
}

/// `SimpleListWrapperApplicationRole`: `items` is filled only if `applicationRoles` is expanded.
#[derive(Debug, Deserialize)]
pub struct RoleList {
    pub size: Option<u64>,
    pub items: Option<Vec<Role>>,
}

/// `ApplicationRole`; in a user's roles, only the key is set.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    pub key: Option<String>,
    pub group_details: Option<Vec<GroupName>>,
    pub has_unlimited_seats: Option<bool>,
    pub remaining_seats: Option<i64>,
}

/// `GroupName`, `GroupDetails`, `FoundGroup`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupName {
    pub name: Option<String>,
    pub group_id: Option<String>,
}

/// `PageBean…`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    pub total: Option<u64>,
    pub is_last: Option<bool>,
    pub values: Option<Vec<T>>,
}

/// `FoundGroups`.
#[derive(Debug, Deserialize)]
pub struct FoundGroups {
    pub groups: Option<Vec<GroupName>>,
}
