//! A user of a directory.

pub use headcount_model::user::Lifecycle;
use headcount_model::user::{AccountId, AccountStatus, AccountType, Product, Standing};

/// The index of a user in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonIndex(pub(super) u32);

/// What the directory knows about a user; `None` means unknown, never "no".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account id.
    pub id: AccountId,
    /// The email address, as the site writes it; absent if it is hidden.
    pub mail: Option<Box<str>>,
    /// The display name.
    pub name: Option<Box<str>>,
    /// The kind of account: a person, an app, a customer.
    pub account_type: Option<AccountType>,
    /// The account's state.
    pub status: Option<AccountStatus>,
    /// Whether the organization manages the account (its domain is claimed).
    pub managed: Option<bool>,
    /// Whether an identity provider owns the account.
    pub synced: Option<bool>,
    /// Whether the user is an organization administrator.
    pub org_admin: Option<bool>,
    /// The user's state in the directory.
    pub standing: Option<Standing>,
    /// Whether the user is on the site, if that was read.
    pub on_site: Option<bool>,
    /// The apps that the user has access to.
    pub products: Option<Vec<Product>>,
    /// What the site says about deactivating and reactivating this account.
    pub lifecycle: Option<Lifecycle>,
    /// What this journal shows about a deletion of the account that no run of it has canceled.
    pub own_deletion: Option<OwnDeletion>,
}

/// How old a deletion by a run of this journal is, by the site's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnDeletion {
    /// So new that the site's records may not show it yet.
    New,
    /// The site's records show it by now, if they can be read; the 14 days of grace are not over.
    Shown,
    /// The site's clock does not show it.
    Undated,
}

impl Person {
    /// A user with a known id and no other facts.
    pub fn new(id: AccountId) -> Self {
        Self {
            id,
            mail: None,
            name: None,
            account_type: None,
            status: None,
            managed: None,
            synced: None,
            org_admin: None,
            standing: None,
            on_site: None,
            products: None,
            lifecycle: None,
            own_deletion: None,
        }
    }

    /// The user's name for people: email, else name, else id.
    pub fn shown(&self) -> &str {
        self.mail.as_deref().or(self.name.as_deref()).unwrap_or(self.id.as_str())
    }

    /// Takes over the known facts of `newer`; other facts stay.
    pub(super) fn learn(&mut self, newer: Self) {
        fn take<T>(old: &mut Option<T>, new: Option<T>) {
            if new.is_some() {
                *old = new;
            }
        }
        take(&mut self.mail, newer.mail);
        take(&mut self.name, newer.name);
        take(&mut self.account_type, newer.account_type);
        take(&mut self.status, newer.status);
        take(&mut self.managed, newer.managed);
        take(&mut self.synced, newer.synced);
        take(&mut self.org_admin, newer.org_admin);
        take(&mut self.standing, newer.standing);
        take(&mut self.on_site, newer.on_site);
        take(&mut self.products, newer.products);
        take(&mut self.lifecycle, newer.lifecycle);
        take(&mut self.own_deletion, newer.own_deletion);
    }
}
