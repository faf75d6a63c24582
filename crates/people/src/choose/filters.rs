//! What a command asks for.

use jiff::civil::Date;

use headcount_model::user::{AccountType, Standing};

/// The filters of a list. A filter that was not given passes every user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Which kinds of accounts.
    pub accounts: Accounts,
    /// Not used for this number of days.
    pub inactive_days: Option<u32>,
    /// Never used; with `inactive_days` in addition to those.
    pub never_seen: bool,
    /// Added to the organization before this day (UTC).
    pub added_before: Option<Date>,
    /// In one of these states.
    pub statuses: Vec<StatusFilter>,
    /// With an email address of one of these domains.
    pub domains: Vec<String>,
    /// In one of these groups: names or ids.
    pub groups: Vec<String>,
    /// In none of these groups: names or ids.
    pub not_groups: Vec<String>,
    /// With access to one of these apps; only their use counts.
    pub products: Vec<String>,
    /// Managed by the organization, or not.
    pub managed: Option<bool>,
    /// Synced by an identity provider, or not.
    pub synced: Option<bool>,
    /// With one of these roles in the organization, such as `org-admin`.
    pub roles: Vec<String>,
}

/// Which kinds of accounts are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Accounts {
    /// People.
    #[default]
    People,
    /// Apps and service accounts.
    Apps,
    /// Customers of help desks.
    Customers,
    /// All of them.
    All,
}

/// A state that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusFilter {
    /// Exactly this.
    Is(Standing),
    /// Any but active.
    NotActive,
}

impl Filters {
    /// Whether anything but the kind of account is asked for.
    pub fn is_given(&self) -> bool {
        let nothing = Self { accounts: self.accounts, ..Self::default() };
        *self != nothing
    }

    /// Whether the dates of last use decide.
    pub fn uses_activity(&self) -> bool {
        self.inactive_days.is_some() || self.never_seen
    }

    /// The first option that only the organization's listing can decide, as it is typed.
    pub fn needs_organization(&self) -> Option<&'static str> {
        [
            (self.inactive_days.is_some(), "--inactive-days"),
            (self.never_seen, "--never-seen"),
            (self.added_before.is_some(), "--added-before"),
            (!self.products.is_empty(), "--product"),
            (!self.groups.is_empty(), "--group"),
            (!self.not_groups.is_empty(), "--not-group"),
            (self.managed.is_some(), "--managed"),
            (self.synced.is_some(), "--source"),
            (!self.roles.is_empty(), "--role"),
        ]
        .into_iter()
        .find_map(|(given, option)| given.then_some(option))
    }
}

impl Accounts {
    /// Whether an account of this kind is listed.
    pub fn lists(self, kind: AccountType) -> bool {
        match self {
            Self::People => kind == AccountType::Person,
            Self::Apps => kind == AccountType::App,
            Self::Customers => kind == AccountType::Customer,
            Self::All => true,
        }
    }
}

impl StatusFilter {
    /// The words that name a state; `inactive` is every state but active.
    pub(super) const WORDS: [&str; 6] =
        ["active", "suspended", "deactivated", "not-invited", "deleted", "inactive"];
}

impl std::str::FromStr for StatusFilter {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = text.trim().to_lowercase().replace(['_', ' '], "-");
        match plain.as_str() {
            "active" => Ok(Self::Is(Standing::Active)),
            "suspended" => Ok(Self::Is(Standing::Suspended)),
            "not-invited" => Ok(Self::Is(Standing::NotInvited)),
            "deactivated" => Ok(Self::Is(Standing::Deactivated)),
            "deleted" => Ok(Self::Is(Standing::Deleted)),
            "inactive" => Ok(Self::NotActive),
            _ => Err(()),
        }
    }
}
