//! Users and groups as the site shows them, in a form that is the same for both APIs.
//!
//! `None` means "the answer does not say", never "no".

use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, AccountStatus, AccountType, Product, Standing};

/// A user, as one answer shows the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// The account id.
    pub id: AccountId,
    /// The email address; absent if it is hidden.
    pub mail: Option<Box<str>>,
    /// The display name.
    pub name: Option<Box<str>>,
    /// The account's state. Jira only says whether it is active.
    pub status: Option<AccountStatus>,
    /// Whether the organization manages the account.
    pub managed: Option<bool>,
    /// Whether an identity provider owns the account.
    pub synced: Option<bool>,
    /// Whether the user is an organization administrator.
    pub org_admin: Option<bool>,
    /// The user's state in the organization; only its directory shows it.
    pub standing: Option<Standing>,
    /// The kind of account, if the answer names it.
    pub account_type: Option<AccountType>,
}

impl PersonRecord {
    /// Whether the account is an app or a help desk customer, not a colleague.
    pub fn not_a_colleague(&self) -> bool {
        self.account_type.and_then(AccountType::no_person).is_some()
    }
}

/// A user's record in the directory of the identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedUser {
    /// The record's own id.
    pub id: String,
    /// The account that it belongs to, if the answer names it.
    pub account: Option<AccountId>,
    /// The identity provider's name for the user, often the email address.
    pub name: Option<String>,
    /// The primary email address.
    pub mail: Option<String>,
    /// Whether the user is active.
    pub active: Option<bool>,
    /// The ids of the groups' records.
    pub groups: Vec<String>,
}

/// A group in the directory of the identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedGroup {
    /// The record's own id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The ids of the members' records.
    pub members: Vec<String>,
}

/// A group, as one answer shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRecord {
    /// The id.
    pub id: GroupId,
    /// The name.
    pub name: Box<str>,
    /// Whether an identity provider owns the group; only the organization shows it.
    pub synced: Option<bool>,
}

/// An app of the site: the groups that give access to it, and its seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRecord {
    /// The app.
    pub product: Product,
    /// The groups whose members have access.
    pub groups: Vec<GroupId>,
    /// How many seats are left; `None` if there is no limit, or if the site does not say.
    pub seats_left: Option<u64>,
}

/// The apps of a site with the groups that give access to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteProducts {
    /// The apps that headcount knows.
    pub products: Vec<ProductRecord>,
    /// All groups that give access to any app; `None` if the answer does not name the groups of every app.
    pub giving: Option<Vec<GroupId>>,
}

/// A user with groups and apps, as Jira shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// The user.
    pub person: PersonRecord,
    /// The user's groups, by id and name.
    pub groups: Vec<(GroupId, String)>,
    /// Whether these are all groups of the user.
    pub groups_complete: bool,
    /// The apps of Jira that the user has access to; `None` if the answer does not show them all.
    pub products: Option<Vec<Product>>,
}

/// One page of a group's members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPage {
    /// The number of all members, if the site says it.
    pub total: Option<u64>,
    /// Whether it is the last page.
    pub is_last: bool,
    /// The members on this page.
    pub members: Vec<PersonRecord>,
}

impl MemberPage {
    /// Whether a first page has another number of members than its total, and no page follows that could explain
    /// it.
    pub fn contradicts_itself(&self) -> bool {
        let is_all = self.is_last || self.members.is_empty();
        is_all && self.total.is_some_and(|total| total != self.members.len() as u64)
    }

    /// The number of members according to a first page; if it contradicts itself, the larger number.
    pub fn count(&self) -> u64 {
        self.total.unwrap_or(0).max(self.members.len() as u64)
    }
}

/// One page of Jira's groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPage {
    /// The number of all groups, if the site says it.
    pub total: Option<u64>,
    /// Whether it is the last page.
    pub is_last: bool,
    /// The number of rows on this page, including groups without an id.
    pub rows: u64,
    /// The groups on this page.
    pub groups: Vec<GroupRecord>,
}

/// Whether a group's name in an answer is the one that was sent: a site may trim it and change its case.
pub(crate) fn same_name(theirs: &str, ours: &str) -> bool {
    theirs.trim().to_lowercase() == ours.trim().to_lowercase()
}

/// The result of `POST user`. A 201 does not prove that a user was created: the site answers the same for a user
/// who exists and has access (Jira platform description, `createUser`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The account, if the answer named it.
    pub account: Option<AccountId>,
    /// The answer's status.
    pub status: u16,
}

/// The result of inviting one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The email address that was invited.
    pub mail: String,
    /// The account.
    pub account: Option<AccountId>,
    /// The apps or groups that could not be given, with the site's words.
    pub refused: Vec<String>,
    /// Whether these words say that no seat is left.
    pub full: bool,
}

/// The result of creating a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupMade {
    /// The group was created.
    Done {
        /// The group's id, if the site named it.
        id: Option<GroupId>,
        /// The answer's status.
        status: u16,
    },
    /// The group's name is in use.
    InUse {
        /// The answer's status.
        status: u16,
    },
}

/// The result of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The site made the change.
    Done {
        /// The answer's status.
        status: u16,
    },
    /// The site says that nothing had to be changed.
    AlreadySo {
        /// The answer's status.
        status: u16,
    },
}

/// A user, as the list of a directory shows the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPerson {
    /// The user.
    pub person: PersonRecord,
    /// When the user was first added to a directory, in ISO 8601.
    pub added: Option<Box<str>>,
    /// The user's groups, if they were requested.
    pub groups: Option<Vec<GroupRecord>>,
    /// The apps of Jira that the user has access to, if they were requested.
    pub products: Option<Vec<Product>>,
    /// All apps that the person has access to, where they were asked for.
    pub apps: Option<Vec<AppUse>>,
    /// The roles in the organization, without `atlassian/`, where they were asked for.
    pub roles: Option<Vec<Box<str>>>,
}

/// An app that a person has access to, and when it was last used (organizations description,
/// `MultiDirectoryProductAccess`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppUse {
    /// The app's id, such as `ari:cloud:confluence::site/…`.
    pub app: Box<str>,
    /// The time stamp of the last use, ISO 8601; absent where the site shows none.
    pub last: Option<Box<str>>,
}

/// An app of the organization on one site (organizations description, `WorkspaceModel`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppRecord {
    /// Its id, such as `ari:cloud:confluence::site/…`.
    pub id: String,
    /// What kind it is, such as `confluence`.
    pub key: String,
    /// The app's name, such as `Confluence`.
    pub title: String,
    /// The workspace's own name.
    pub name: String,
    /// The site's address.
    pub host: Option<String>,
    /// Seats, where the site shows a limit.
    pub capacity: Option<u64>,
}

/// A group, as the list of a directory shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedGroup {
    /// The group.
    pub group: GroupRecord,
    /// The group's description.
    pub description: Option<Box<str>>,
    /// The site's count of the group's members.
    pub members: Option<u64>,
    /// The site's count of the apps that the group gives access to.
    pub apps: Option<u64>,
    /// Whether the site lets it be deleted (organizations description, `managementAccess.deletable`).
    pub deletable: Option<bool>,
}

/// A directory of an organization. (The centralized user management has exactly one.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryRecord {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A role of a user or a group in an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignedRole {
    /// The app's id.
    pub app: Box<str>,
    /// The role's id, such as `atlassian/user`.
    pub role: Box<str>,
    /// How it was assigned; `None` if the answer does not say it.
    pub methods: Option<AssignmentMethods>,
}

/// How a role was assigned to a user (organizations description, `MultiDirectoryRoleAssignmentMethod`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssignmentMethods {
    /// To the user.
    pub direct: bool,
    /// To a group of the user.
    pub by_group: bool,
    /// In another way, such as `inferred`.
    pub other: bool,
}

/// An API token of a managed account, without its secret. Times are as the site writes them (ISO 8601).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its id.
    pub id: Box<str>,
    /// The name that its owner gave it.
    pub label: Box<str>,
    /// The account that it signs in as.
    pub owner: Option<AccountId>,
    /// The owner's name, if the answer has it.
    pub owner_name: Option<Box<str>>,
    /// The owner's email, if the answer has it.
    pub owner_mail: Option<Box<str>>,
    /// `ALLOWED` or `BLOCKED`, if the answer has it.
    pub status: Option<Box<str>>,
    /// When it was created.
    pub created: Option<Box<str>>,
    /// When it ends.
    pub expires: Option<Box<str>>,
    /// When it was last used; absent if never.
    pub used: Option<Box<str>>,
}
