//! The JSON types of the admin APIs (organizations and user management descriptions).

use serde::{Deserialize, Serialize};

use headcount_model::group::GroupId;
use headcount_model::user::Privilege;

/// Body of `users/search` (`MultiDirectoryUserSearchRequest`), with the fields that headcount uses.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserSearch<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub emails: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub account_ids: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub group_ids: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub email_domains: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub expand: &'static [&'static str],
    pub limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Body of `groups/search` (`MultiDirectoryGroupSearchRequest`), with the fields that headcount uses.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupSearch<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub group_names: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub group_ids: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub expand: &'static [&'static str],
    pub limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Body of `lifecycle/disable`, which requires the body but not its message.
#[derive(Debug, Serialize)]
pub struct Deactivation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'a str>,
}

/// Body of `PUT users/{id}/manage/email`.
#[derive(Debug, Serialize)]
pub struct NewEmail<'a> {
    pub email: &'a str,
}

/// `DomainModel`.
#[derive(Debug, Deserialize)]
pub struct Domain {
    pub attributes: Option<DomainAttributes>,
}

/// `DomainModel.attributes`.
#[derive(Debug, Deserialize)]
pub struct DomainAttributes {
    pub name: Option<String>,
    pub claim: Option<DomainClaim>,
}

/// `DomainModel.attributes.claim`.
#[derive(Debug, Deserialize)]
pub struct DomainClaim {
    pub status: Option<String>,
}

/// A search whose answer has pages.
pub trait Paged: Serialize {
    /// Selects the page.
    fn at(&mut self, cursor: String);
}

impl Paged for UserSearch<'_> {
    fn at(&mut self, cursor: String) {
        self.cursor = Some(cursor);
    }
}

impl Paged for GroupSearch<'_> {
    fn at(&mut self, cursor: String) {
        self.cursor = Some(cursor);
    }
}

/// A page of v1 or v2; only v1 has `meta`.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    pub data: Option<Vec<T>>,
    pub links: Option<Links>,
    pub meta: Option<Meta>,
}

/// v1's information about all pages.
#[derive(Debug, Deserialize)]
pub struct Meta {
    pub total: Option<u64>,
}

/// `next` is a cursor in v2 and an address in v1.
#[derive(Debug, Deserialize)]
pub struct Links {
    pub next: Option<String>,
}

/// `OrgModel`.
#[derive(Debug, Deserialize)]
pub struct Org {
    pub id: String,
    pub attributes: Option<OrgAttributes>,
}

/// `OrgModel.attributes`.
#[derive(Debug, Deserialize)]
pub struct OrgAttributes {
    pub name: Option<String>,
}

/// `MultiDirectoryUser`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryUser {
    pub account_id: Option<String>,
    pub account_type: Option<String>,
    pub account_status: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub claim_status: Option<String>,
    pub management_source: Option<String>,
    pub platform_roles: Option<Vec<String>>,
    pub status: Option<String>,
    pub membership_status: Option<String>,
    pub added_to_org: Option<String>,
    pub groups: Option<Vec<DirectoryGroup>>,
    pub product_access: Option<Vec<ProductAccess>>,
}

/// `MultiDirectoryProductAccess`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductAccess {
    pub id: Option<String>,
    pub key: Option<String>,
    pub last_active_timestamp: Option<String>,
}

/// Body of `users/invite` (`MultidirectoryInviteApiRequest`). `sendNotification` is false if absent; users get an
/// email only if it is true and `notificationText` has a message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation<'a> {
    pub emails: &'a [&'a str],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permission_rules: Vec<PermissionRule<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub additional_groups: &'a [GroupId],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_notification: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_text: Option<&'a str>,
}

/// `MultidirectoryInviteRoleAssociation`.
#[derive(Debug, Serialize)]
pub struct PermissionRule<'a> {
    pub resource: &'a str,
    pub role: &'static str,
}

/// `AdminInviteResponse`.
#[derive(Debug, Deserialize)]
pub struct Invited {
    pub id: Option<String>,
    pub email: Option<String>,
    #[serde(default)]
    pub results: Vec<InviteResult>,
}

/// `SingleAdminInviteResult`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InviteResult {
    #[serde(default)]
    pub role_assignment_result: Vec<Assignment>,
    #[serde(default)]
    pub group_assignment_result: Vec<Assignment>,
}

/// `RoleAssignmentResult`, `GroupAssignmentResult`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    pub resource: Option<String>,
    pub group: Option<String>,
    pub status: Option<String>,
    pub status_reason: Option<String>,
}

/// Body of `workspaces`.
#[derive(Debug, Serialize)]
pub struct WorkspaceSearch {
    pub limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// `WorkspaceModel`.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    pub id: Option<String>,
    pub attributes: Option<WorkspaceAttributes>,
}

/// `WorkspaceModel.attributes`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceAttributes {
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub title: Option<String>,
    pub type_key: Option<String>,
    pub host_url: Option<String>,
    pub capacity: Option<i64>,
}

impl Paged for WorkspaceSearch {
    fn at(&mut self, cursor: String) {
        self.cursor = Some(cursor);
    }
}

/// An answer that holds one object.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub struct One<T> {
    #[serde(deserialize_with = "crate::json::object")]
    pub data: T,
}

/// Body of `POST …/groups`.
#[derive(Debug, Serialize)]
pub struct NewGroup<'a> {
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
}

/// Body of `POST …/memberships`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewMember<'a> {
    pub account_id: &'a str,
}

/// `MultiDirectoryGroup`, and `MultiDirectoryUserGroup`, which has some of its fields.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryGroup {
    pub id: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub external_synced: Option<bool>,
    pub management_access: Option<ManagementAccess>,
    pub counts: Option<GroupCounts>,
}

/// What the credential may do with a group (organizations description, `managementAccess`).
#[derive(Debug, Deserialize)]
pub struct ManagementAccess {
    pub deletable: Option<bool>,
}

/// `GroupCounts`, if it was requested.
#[derive(Debug, Deserialize)]
pub struct GroupCounts {
    pub users: Option<u64>,
    pub resources: Option<u64>,
}

/// `MultiDirectoryUserDirectory`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Directory {
    pub directory_id: Option<String>,
    pub name: Option<String>,
}

/// Answer of `users/count`.
#[derive(Debug, Deserialize)]
pub struct UserCount {
    pub count: Option<u64>,
}

/// Answer of `GET users/{id}/manage`, with the fields that headcount uses.
#[derive(Debug, Deserialize)]
pub struct Manageability {
    #[serde(rename = "lifecycle.enablement")]
    pub lifecycle_enablement: Option<Rule>,
    #[serde(rename = "lifecycle.delete")]
    pub lifecycle_delete: Option<Rule>,
    #[serde(rename = "email.set")]
    pub email_set: Option<Rule>,
}

impl Manageability {
    /// The rule of a privilege.
    pub fn rule(self, privilege: Privilege) -> Option<Rule> {
        match privilege {
            Privilege::Enablement => self.lifecycle_enablement,
            Privilege::Deletion => self.lifecycle_delete,
            Privilege::Email => self.email_set,
        }
    }
}

/// `Manageability.Rule.Simple`.
#[derive(Debug, Deserialize)]
pub struct Rule {
    pub allowed: Option<bool>,
    pub reason: Option<RuleReason>,
}

/// Why something is not allowed.
#[derive(Debug, Deserialize)]
pub struct RuleReason {
    pub key: Option<String>,
}

/// Answer of `GET users/{id}/manage/profile`.
#[derive(Debug, Deserialize)]
pub struct Profile {
    #[serde(deserialize_with = "crate::json::object")]
    pub account: Account,
}

/// `AtlassianAccountUser`.
#[derive(Debug, Deserialize)]
pub struct Account {
    pub account_id: Option<String>,
    pub account_type: Option<String>,
    pub account_status: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
}

/// Body of `users/{userId}/roles/assign` and `…/revoke`.
#[derive(Debug, Serialize)]
pub struct UserRole<'a> {
    pub resource: &'a str,
    pub role: &'static str,
}

/// Body of `groups/{groupId}/role-assignments/assign` and `…/revoke`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupRole<'a> {
    pub resource_id: &'a str,
    pub role_id: &'static str,
}

/// `MultiDirectoryUserRoleAssignment`, and `MultiDirectoryGroupRoleAssignment`, which has some of its fields.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignments {
    pub resource_id: Option<String>,
    pub roles: Option<Vec<String>>,
    pub role_assignments: Option<Vec<RoleAssignment>>,
}

/// `MultiDirectoryRoleAssignment`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignment {
    pub role: Option<String>,
    pub role_assignment_methods: Option<Vec<String>>,
}

/// `ApiTokenModel`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserToken {
    pub id: Option<String>,
    pub label: Option<String>,
    pub created_at: Option<String>,
    pub expiry: Option<String>,
    pub last_access: Option<String>,
}

/// A token of `ApiTokenSearchResponse`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgToken {
    pub id: Option<String>,
    pub label: Option<String>,
    pub status: Option<String>,
    pub created_at: Option<String>,
    pub expires_at: Option<String>,
    pub last_active_at: Option<String>,
    pub user: Option<TokenOwner>,
}

/// The owner of a token.
#[derive(Debug, Deserialize)]
pub struct TokenOwner {
    pub id: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
}
