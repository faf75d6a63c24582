//! The JSON of the user provisioning API. (user provisioning description, `ScimUser`, `ScimGroup`; RFC 7643, RFC 7644)

use serde::{Deserialize, Serialize};

/// The schema of a user.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The schema of a group.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The schema of a change of single attributes.
pub const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A page of users or groups.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    pub total_results: Option<u64>,
    #[serde(rename = "Resources")]
    pub resources: Option<Vec<T>>,
}

/// A user.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: Option<String>,
    pub user_name: Option<String>,
    pub emails: Option<Vec<Email>>,
    pub active: Option<bool>,
    pub groups: Option<Vec<Reference>>,
    #[serde(rename = "urn:scim:schemas:extension:atlassian-external:1.0")]
    pub atlassian: Option<Atlassian>,
}

/// Atlassian's part of a user.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Atlassian {
    pub atlassian_account_id: Option<String>,
}

/// An email of a user.
#[derive(Debug, Deserialize)]
pub struct Email {
    pub value: Option<String>,
    pub primary: Option<bool>,
}

/// A group.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    pub id: Option<String>,
    pub display_name: Option<String>,
    pub members: Option<Vec<Reference>>,
}

/// A member of a group, or a group of a user.
#[derive(Debug, Deserialize)]
pub struct Reference {
    pub value: Option<String>,
}

/// A new user.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewUser<'a> {
    pub schemas: [&'static str; 1],
    pub user_name: &'a str,
    pub emails: [NewEmail<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<&'a str>,
    pub active: bool,
}

/// The email of a new user.
#[derive(Debug, Serialize)]
pub struct NewEmail<'a> {
    pub value: &'a str,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub primary: bool,
}

/// A new group.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewGroup<'a> {
    pub schemas: [&'static str; 1],
    pub display_name: &'a str,
}

/// A change of single attributes.
#[derive(Debug, Serialize)]
pub struct Patch<'a, T> {
    pub schemas: [&'static str; 1],
    #[serde(rename = "Operations")]
    pub operations: [Operation<'a, T>; 1],
}

/// One change.
#[derive(Debug, Serialize)]
pub struct Operation<'a, T> {
    pub op: &'static str,
    pub path: &'a str,
    pub value: T,
}

/// A member in a change, by the id of the record.
#[derive(Debug, Serialize)]
pub struct Member<'a> {
    pub value: &'a str,
}
