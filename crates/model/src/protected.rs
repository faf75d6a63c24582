//! What a profile protects from every job.

use super::group::{GroupId, name_key};
use super::user::{AccountId, mail_key};

/// What a profile protects: mail addresses, `@domains`, account ids, names and ids of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protected(Vec<String>);

impl Protected {
    /// Takes the profile's list as written.
    pub fn new(list: impl IntoIterator<Item = String>) -> Self {
        let entries = list.into_iter().map(|text| text.trim().to_owned());
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

    /// The entry that protects whoever has this mail address.
    pub fn mail(&self, mail: &str) -> Option<&str> {
        let mail = mail_key(mail);
        self.entry(|entry| match entry.strip_prefix('@') {
            Some(domain) => mail.rsplit('@').next() == Some(&domain.to_lowercase()),
            None => mail_key(entry) == mail,
        })
    }

    /// Whether an entry is a mail address or an `@domain`: then nobody whose mail is not known can be
    /// told to be unprotected. (An account id holds no `@`; a group's name that does errs on the
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
    fn mails_and_domains_need_the_persons_mail() {
        let needs = |entry: &str| Protected::new([entry.to_owned()]).needs_mails();
        assert!(needs("boss@example.com") && needs(" @example.com"));
        assert!(!needs("6155833c071axxx071ff5b24") && !needs("site-admins"));
        assert!(!Protected::default().needs_mails());
    }
}
