//! The values an organization is made of. The `*Record` types are also the form in which people
//! and groups are in the state file and in `/_sandbox/seed` and `/_sandbox/state`.

use serde::{Deserialize, Serialize};

/// Index of a person; stable for the life of the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PersonIx(pub(crate) u32);

/// Index of a group; stable for the life of the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupIx(pub(crate) u32);

/// What has become of an account as such. [User management description: `account_status`]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Lifecycle {
    #[default]
    Active,
    /// Deactivated by an administrator; memberships are kept.
    Inactive,
    /// Deleted, within the 14 days in which that can be undone.
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
    /// Access suspended; groups and roles wait for the restore.
    Suspended,
    /// Was here and was removed.
    Removed,
    /// A managed account that never was on the site.
    Never,
}

/// Who made the account a member of the directory.
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

/// The products that `POST /rest/api/3/user` can give. [Jira platform description]
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

    /// The name a person sees, as the application roles of a user carry it.
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

/// A person as given by a seed, the state file, or `/_sandbox/seed`. Only `email` or
/// `account_id` has to be there; defaults are an active, managed person who was invited.
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
    /// Whether the mail has been confirmed.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub(crate) verified: bool,
    /// Whether the person keeps their mail from other people's eyes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) hidden_email: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) org_admin: bool,
    /// Milliseconds since 1970.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) added_ms: i64,
    /// When the lifecycle last changed; milliseconds since 1970, 0 for never.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) changed_ms: i64,
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
        }
    }

    /// May sign in to the site: the account is active and its access is not suspended.
    pub(crate) fn is_active(&self) -> bool {
        self.lifecycle == Lifecycle::Active && self.place == Place::Here
    }

    /// On the site now, active or not.
    pub(crate) fn is_on_site(&self) -> bool {
        matches!(self.place, Place::Here | Place::Suspended)
    }
}

/// The groups that make administrators of a site, an organization, Jira.
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
    /// The product whose access comes with membership.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) grants: Option<Product>,
}

impl GroupRecord {
    pub(crate) fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            description: "".into(),
            synced: false,
            grants: None,
        }
    }
}

/// A person and what follows from memberships.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) record: PersonRecord,
    /// Groups in ascending order.
    pub(crate) groups: Vec<GroupIx>,
    /// For each product, how many of the person's groups give it.
    pub(crate) access: [u16; 4],
}

impl Person {
    pub(crate) fn has(&self, product: Product) -> bool {
        self.access[product.ix()] > 0
    }

    pub(crate) fn has_any_product(&self) -> bool {
        self.access.iter().any(|count| *count > 0)
    }
}

/// Puts into a sorted list, or takes out of it. True when that was a change.
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

/// A group and its members, in the order in which the people came.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) record: GroupRecord,
    pub(crate) members: Vec<PersonIx>,
    /// Those of them who may sign in, in the same order: lists of members are paged by them.
    pub(crate) active: Vec<PersonIx>,
    /// False once the group was deleted.
    pub(crate) alive: bool,
}

/// A policy of the organization: kept and shown, without any effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) id: Box<str>,
    /// `name`, `type`, `status`, `rule`, `resources`, as described.
    pub(crate) attributes: serde_json::Value,
}
