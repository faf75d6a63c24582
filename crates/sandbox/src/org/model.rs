//! The values of an organization. The `*Record` types are also the form of users and groups in the state file, in
//! `/_sandbox/seed` and in `/_sandbox/state`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::roles::{ApiToken, AppRole};

/// Index of a user; it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PersonIx(pub(crate) u32);

/// Index of a group; it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupIx(pub(crate) u32);

/// The state of the account itself. [User management description: `account_status`]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Lifecycle {
    #[default]
    Active,
    /// Deactivated by an administrator; memberships stay.
    Inactive,
    /// Deleted, within the 14 days in which the deletion can be canceled.
    ForDeletion,
    /// Deleted for good.
    Closed,
}

/// The relation of an account to the directory, and so to the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Place {
    #[default]
    Here,
    /// Access is suspended; groups and roles return when restored.
    Suspended,
    /// Was on the site and was removed.
    Removed,
    /// A managed account that was never on the site.
    Never,
}

/// How the account became a member of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Source {
    #[default]
    Invited,
    /// An identity provider, over SCIM.
    Scim,
    /// Google Workspace's directory.
    Google,
}

/// [Jira platform description: `accountType`]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    #[default]
    Atlassian,
    App,
    Customer,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Atlassian => "atlassian",
            Self::App => "app",
            Self::Customer => "customer",
        }
    }
}

/// The apps that `POST /rest/api/3/user` can give access to. [Jira platform description]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::enum_variant_names, reason = "these are Atlassian's names")]
pub(crate) enum Product {
    JiraCore,
    JiraServicedesk,
    JiraProductDiscovery,
    JiraSoftware,
}

impl Product {
    pub(crate) const ALL: [Self; 4] =
        [Self::JiraCore, Self::JiraServicedesk, Self::JiraProductDiscovery, Self::JiraSoftware];

    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::JiraCore => "jira-core",
            Self::JiraServicedesk => "jira-servicedesk",
            Self::JiraProductDiscovery => "jira-product-discovery",
            Self::JiraSoftware => "jira-software",
        }
    }

    /// The app's name, as the application roles of a user have it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::JiraCore => "Jira Work Management",
            Self::JiraServicedesk => "Jira Service Management",
            Self::JiraProductDiscovery => "Jira Product Discovery",
            Self::JiraSoftware => "Jira Software",
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.key() == key)
    }

    pub(crate) fn ix(self) -> usize {
        self as usize
    }
}

fn yes() -> bool {
    true
}

fn is_yes(value: &bool) -> bool {
    *value
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A user, as given by a seed, the state file, or `/_sandbox/seed`. Only `email` or `account_id` is required; the
/// defaults are an active, managed user who was invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonRecord {
    #[serde(default)]
    pub(crate) account_id: Box<str>,
    #[serde(default)]
    pub(crate) email: Box<str>,
    #[serde(default)]
    pub(crate) name: Box<str>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) lifecycle: Lifecycle,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) place: Place,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) source: Source,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) kind: Kind,
    /// Whether the organization has claimed the account's domain.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(crate) managed: bool,
    /// Whether the email was confirmed.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(crate) verified: bool,
    /// Whether the user hides their email.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) hidden_email: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) org_admin: bool,
    /// Milliseconds since 1970.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) added_ms: i64,
    /// When the lifecycle last changed, in milliseconds since 1970; 0 for never.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) changed_ms: i64,
    /// When each app was last used; milliseconds since 1970. An app that is not in it was never used.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) seen: BTreeMap<Product, i64>,
    /// The roles that were assigned to the user, not to one of their groups.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) roles: BTreeMap<Product, BTreeSet<AppRole>>,
    /// API tokens that exist besides the sandbox's own; none of them can sign in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) tokens: Vec<ApiToken>,
    /// The record in the user provisioning API; every user of the source `scim` has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provisioned: Option<Box<Provisioned>>,
}

/// The record of a user in the user provisioning API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Provisioned {
    /// The record's own id, which is not the account's.
    pub(crate) id: Box<str>,
    /// The attributes as they were sent; `active` is the account's state and not in them.
    pub(crate) attributes: Map<String, Value>,
    /// When they last changed, in milliseconds since 1970.
    #[serde(default)]
    pub(crate) changed_ms: i64,
}

impl Provisioned {
    /// The value of a text attribute; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.attributes.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl PersonRecord {
    pub(crate) fn new(account_id: &str, email: &str, name: &str) -> Self {
        Self {
            account_id: account_id.into(),
            email: email.into(),
            name: name.into(),
            lifecycle: Lifecycle::default(),
            place: Place::default(),
            source: Source::default(),
            kind: Kind::default(),
            managed: true,
            verified: true,
            hidden_email: false,
            org_admin: false,
            added_ms: 0,
            changed_ms: 0,
            seen: BTreeMap::new(),
            roles: BTreeMap::new(),
            tokens: Vec::new(),
            provisioned: None,
        }
    }

    /// Whether the user may sign in to the site: the account is active and its access is not suspended.
    pub(crate) fn is_active(&self) -> bool {
        self.lifecycle == Lifecycle::Active && self.place == Place::Here
    }

    /// Whether the user is on the site now, active or not.
    pub(crate) fn is_on_site(&self) -> bool {
        matches!(self.place, Place::Here | Place::Suspended)
    }
}

/// The groups whose members are administrators of a site, of an organization, of Jira.
pub(crate) const ADMIN_GROUPS: [&str; 3] = ["site-admins", "org-admins", "jira-administrators"];

/// A group as given by a seed, the state file, or `/_sandbox/seed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupRecord {
    #[serde(default)]
    pub(crate) id: Box<str>,
    pub(crate) name: Box<str>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) description: Box<str>,
    /// Whether an identity provider owns the group.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) synced: bool,
    /// The id that the identity provider keeps for the group; empty for none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) external_id: Box<str>,
    /// The app that membership gives access to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) grants: Option<Product>,
    /// The role in that app.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) grants_role: AppRole,
}

impl GroupRecord {
    pub(crate) fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            description: "".into(),
            synced: false,
            external_id: "".into(),
            grants: None,
            grants_role: AppRole::default(),
        }
    }

    /// The app in which each member takes a seat.
    pub(crate) fn gives(&self) -> Option<Product> {
        self.grants.filter(|_| self.grants_role.takes_seat())
    }
}

/// A user, with the data that follows from memberships.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) record: PersonRecord,
    /// The user's groups in ascending order.
    pub(crate) groups: Vec<GroupIx>,
    /// For each app, how many of the user's groups give access to it, with a seat.
    pub(crate) access: [u16; 4],
}

impl Person {
    pub(crate) fn has(&self, product: Product) -> bool {
        self.access[product.ix()] > 0 || self.has_of_own(product)
    }

    /// Whether a role that was assigned to the user takes a seat in the app.
    fn has_of_own(&self, product: Product) -> bool {
        let roles = self.record.roles.get(&product);
        roles.is_some_and(|roles| roles.iter().any(|role| role.takes_seat()))
    }

    pub(crate) fn has_any_product(&self) -> bool {
        Product::ALL.into_iter().any(|product| self.has(product))
    }
}

/// Adds an item to a sorted list or removes it. Returns whether the list changed.
pub(super) fn keep_sorted<T: Ord + Copy>(list: &mut Vec<T>, item: T, is_in: bool) -> bool {
    match (list.binary_search(&item), is_in) {
        (Err(at), true) => list.insert(at, item),
        (Ok(at), false) => {
            list.remove(at);
        }
        _ => return false,
    }
    true
}

/// A group and its members, in the order in which they were added.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) record: GroupRecord,
    pub(crate) members: Vec<PersonIx>,
    /// The members who may sign in, in the same order. Lists of members are paged by them.
    pub(crate) active: Vec<PersonIx>,
    /// False after the group was deleted.
    pub(crate) alive: bool,
}

/// A policy of the organization: stored and shown, without any effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) id: Box<str>,
    /// `name`, `type`, `status`, `rule`, `resources`, as described.
    pub(crate) attributes: serde_json::Value,
}

/// The kind of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SettingKind {
    /// Data that clients keep with a user.
    Property,
    /// How the user wants Jira to behave.
    Preference,
    /// The columns of the user's issue tables; without an account, those of the site.
    Columns,
}

/// The settings by kind, account id (empty for the site) and key.
pub(super) type Settings = BTreeMap<(SettingKind, Box<str>, Box<str>), serde_json::Value>;
