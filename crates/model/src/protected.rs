//! What a profile protects from every job.

use super::group::{GroupId, name_key};
use super::spelling::{domain_key, spelled};
use super::user::{AccountId, mail_key};

/// What a profile protects: mail addresses, `@domains`, account ids, names and ids of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protected(Vec<String>);

impl Protected {
    /// Takes the profile's list as written.
    pub fn new(list: impl IntoIterator<Item = String>) -> Self {
        let entries = list.into_iter().map(|text| spelled(&text).into_owned());
        Self(entries.filter(|text| !text.is_empty()).collect())
    }

    /// The list.
    pub fn entries(&self) -> &[String] {
        &self.0
    }

    /// The entry that protects this person.
    pub fn person(&self, id: &AccountId, mail: Option<&str>) -> Option<&str> {
        self.entry(|entry| entry == id.as_str()).or_else(|| self.mail(mail?))
    }

    /// The entry that protects the user with this email address.
    pub fn mail(&self, mail: &str) -> Option<&str> {
        let mail = mail_key(mail);
        self.entry(|entry| match entry.strip_prefix('@') {
            Some(domain) => mail.rsplit('@').next() == Some(&domain_key(domain)),
            None => mail_key(entry) == mail,
        })
    }

    /// Whether an entry is an email address or an `@domain`: then no user with an unknown email is
    /// certain to be unprotected. (An account id holds no `@`; a group's name that does errs on the
    /// safe side.)
    pub fn needs_mails(&self) -> bool {
        self.0.iter().any(|entry| entry.contains('@'))
    }

    /// The entries that may be account ids. (Names of groups may look like one; no account has them.)
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.0.iter().filter_map(|entry| AccountId::parse(entry).ok())
    }

    /// The entry that protects this group.
    pub fn group(&self, id: &GroupId, name: &str) -> Option<&str> {
        self.entry(|entry| entry == id.as_str() || name_key(entry) == name_key(name))
    }

    fn entry(&self, fits: impl Fn(&str) -> bool) -> Option<&str> {
        self.0.iter().map(String::as_str).find(|entry| fits(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_or_name_are_protected_alike() {
        for (entry, mail) in [
            ("bo\u{308}ss@example.com", "böss@example.com"),
            ("boss\u{200b}@example.com", "boss@example.com"),
            ("boss@exämple.de", "boss@xn--exmple-cua.de"),
            ("@exämple.de", "boss@xn--exmple-cua.de"),
            ("@xn--exmple-cua.de", "boss@EXÄMPLE.de"),
        ] {
            assert!(Protected::new([entry.to_owned()]).mail(mail).is_some(), "{entry} {mail}");
        }
        let group = Protected::new(["site\u{a0}\u{a0}Admins\u{feff}".to_owned()]);
        assert!(group.group(&GroupId::new("1"), "site admins").is_some());
    }

    #[test]
    fn mails_and_domains_need_the_persons_mail() {
        let needs = |entry: &str| Protected::new([entry.to_owned()]).needs_mails();
        assert!(needs("boss@example.com") && needs(" @example.com"));
        assert!(!needs("6155833c071axxx071ff5b24") && !needs("site-admins"));
        assert!(!Protected::default().needs_mails());
    }
}
