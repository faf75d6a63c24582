//! The users of a directory.

use std::collections::HashMap;

pub use headcount_model::user::Lifecycle;
use headcount_model::user::{AccountId, AccountStatus, AccountType, Product, Standing, mail_key};

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
        }
    }

    /// The user's name for people: email, else name, else id.
    pub fn shown(&self) -> &str {
        self.mail.as_deref().or(self.name.as_deref()).unwrap_or(self.id.as_str())
    }

    /// Takes over the known facts of `newer`; other facts stay.
    fn learn(&mut self, newer: Self) {
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
    }
}

/// The result of looking up a user by email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundPerson<'a> {
    /// No known user.
    Nobody,
    /// This one.
    One(PersonIndex),
    /// Several users: headcount never guesses.
    Several(&'a [PersonIndex]),
}

#[derive(Debug, Default)]
pub(super) struct People {
    all: Vec<Person>,
    by_id: HashMap<AccountId, PersonIndex>,
    by_mail: HashMap<Box<str>, Vec<PersonIndex>>,
}

impl People {
    pub(super) fn add(&mut self, person: Person) -> PersonIndex {
        let mail = person.mail.as_deref().map(mail_key);
        let index = match self.by_id.get(&person.id) {
            Some(&index) => {
                self.forget_mail(index, mail.as_deref());
                self.all[index.0 as usize].learn(person);
                index
            }
            None => {
                let index = PersonIndex(self.all.len() as u32);
                self.by_id.insert(person.id.clone(), index);
                self.all.push(person);
                index
            }
        };
        if let Some(mail) = mail {
            let holders = self.by_mail.entry(mail.into()).or_default();
            if !holders.contains(&index) {
                holders.push(index);
            }
        }
        index
    }

    /// A newer email replaces the older one in the index, too.
    fn forget_mail(&mut self, index: PersonIndex, newer: Option<&str>) {
        let Some(old) = self.all[index.0 as usize].mail.as_deref().map(mail_key) else { return };
        if newer.is_some_and(|newer| newer != old)
            && let Some(holders) = self.by_mail.get_mut(old.as_str())
        {
            holders.retain(|&holder| holder != index);
        }
    }

    pub(super) fn get(&self, index: PersonIndex) -> &Person {
        &self.all[index.0 as usize]
    }

    pub(super) fn get_mut(&mut self, index: PersonIndex) -> &mut Person {
        &mut self.all[index.0 as usize]
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (PersonIndex, &Person)> {
        self.all.iter().enumerate().map(|(at, person)| (PersonIndex(at as u32), person))
    }

    pub(super) fn by_id(&self, id: &AccountId) -> Option<PersonIndex> {
        self.by_id.get(id).copied()
    }

    pub(super) fn by_mail(&self, mail: &str) -> FoundPerson<'_> {
        match self.by_mail.get(mail_key(mail).as_str()).map(Vec::as_slice) {
            None | Some([]) => FoundPerson::Nobody,
            Some([one]) => FoundPerson::One(*one),
            Some(several) => FoundPerson::Several(several),
        }
    }
}
