//! The site as the crash tests compare it: by emails and names, because a creation draws ids and times again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::company::{Books, text};
use super::process::Machine;

/// The users, groups and memberships of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// By email.
    people: BTreeMap<String, Value>,
    /// Email and group.
    memberships: BTreeSet<(String, String)>,
    /// The names.
    pub groups: BTreeSet<String>,
    /// By group: what it gives.
    roles: BTreeMap<String, (String, String)>,
}

impl State {
    /// The state now.
    pub async fn read(machine: &Machine) -> Self {
        let books = Books::read(&machine.net).await;
        let mail_of = |account: &str| text(&books.people[account]["email"]);
        let name_of = |id: &str| {
            let (_, name) = books.groups.iter().find(|(group, _)| group == id).unwrap();
            name.clone()
        };
        let strip = |person: &Value| {
            let mut person = person.clone();
            person.as_object_mut().unwrap().remove("account_id");
            if let Some(provisioned) = person.get_mut("provisioned").and_then(Value::as_object_mut)
            {
                provisioned.remove("id");
            }
            person
        };
        let people = books.people.values();
        let members = books.memberships.iter();
        Self {
            people: people.map(|person| (text(&person["email"]), strip(person))).collect(),
            memberships: members.map(|(who, which)| (mail_of(who), name_of(which))).collect(),
            groups: books.groups.iter().map(|(_, name)| name.clone()).collect(),
            roles: books.roles.iter().map(|(id, gives)| (name_of(id), gives.clone())).collect(),
        }
    }

    fn person(&mut self, mail: &str) -> &mut serde_json::Map<String, Value> {
        self.people.get_mut(mail).and_then(Value::as_object_mut).unwrap()
    }

    /// Sets or removes a fact about a user.
    pub fn set(&mut self, mail: &str, fact: &str, value: Option<Value>) {
        match value {
            Some(value) => drop(self.person(mail).insert(fact.to_owned(), value)),
            None => drop(self.person(mail).remove(fact)),
        }
    }

    /// A new user, in the default group of an app.
    pub fn create(&mut self, mail: &str) {
        self.people.insert(mail.to_owned(), json!({ "email": mail, "name": mail }));
        self.join(mail, "jira-software-users");
    }

    /// A user who leaves the site, and all groups and roles with it.
    pub fn leave_site(&mut self, mail: &str) {
        self.set(mail, "place", Some(json!("removed")));
        self.set(mail, "roles", None);
        self.memberships.retain(|(of, _)| of != mail);
    }

    /// A user who joins a group.
    pub fn join(&mut self, mail: &str, group: &str) {
        self.memberships.insert((mail.to_owned(), group.to_owned()));
    }

    /// A user who leaves a group.
    pub fn leave(&mut self, mail: &str, group: &str) {
        self.memberships.remove(&(mail.to_owned(), group.to_owned()));
    }
}
