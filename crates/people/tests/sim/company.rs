//! What the site holds, as its own books tell it; and a random job with a random sheet for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use fastrand::Rng;
use headcount_model::job::Job;
use headcount_model::protected::Protected;
use headcount_people::jobs;
use serde_json::{Value, json};

use super::network::Network;
use super::process::Keys;

/// The site's people and memberships at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Books {
    /// By account; without the time of the last change, which may show that it was touched.
    pub people: BTreeMap<String, Value>,
    /// Account and group.
    pub memberships: BTreeSet<(String, String)>,
    /// Id, name.
    pub groups: Vec<(String, String)>,
    /// The groups that an identity provider owns.
    pub synced: BTreeSet<String>,
    /// The groups that give `jira-software`.
    pub software: Vec<String>,
    /// The app and the role that each group gives.
    pub roles: BTreeMap<String, (String, String)>,
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Books {
    pub async fn read(net: &Network) -> Self {
        let state = net.control("GET", "state?only=people,memberships,groups", Value::Null).await;
        let list = |name: &str| state[name].as_array().cloned().unwrap_or_default();
        let mut people = BTreeMap::new();
        for mut person in list("people") {
            person.as_object_mut().unwrap().remove("changed_ms");
            person.as_object_mut().unwrap().remove("added_ms");
            person.as_object_mut().unwrap().remove("seen");
            if let Some(record) = person.get_mut("provisioned").and_then(Value::as_object_mut) {
                record.remove("changed_ms");
            }
            people.insert(text(&person["account_id"]), person);
        }
        let pair = |member: &Value| (text(&member["account"]), text(&member["group"]));
        let groups = list("groups");
        let synced = groups.iter().filter(|group| group["synced"] == true);
        let synced = synced.map(|group| text(&group["id"])).collect();
        let software = groups.iter().filter(|group| group["grants"] == "jira-software");
        let role = |group: &Value| {
            let role = text(&group["grants_role"]);
            let role = if role.is_empty() { "user".to_owned() } else { role };
            (text(&group["id"]), (text(&group["grants"]), role))
        };
        let roles = groups.iter().filter(|group| group["grants"].is_string()).map(role).collect();
        Self {
            people,
            roles,
            memberships: list("memberships").iter().map(pair).collect(),
            synced,
            software: software.map(|group| text(&group["id"])).collect(),
            groups: groups.iter().map(|group| (text(&group["id"]), text(&group["name"]))).collect(),
        }
    }

    /// The exports that an administrator downloads: people with their ids, groups with theirs.
    pub fn exports(&self) -> (String, String) {
        let mut users = "User id,email\n".to_owned();
        for (account, person) in &self.people {
            let hidden = person["hidden_email"] == true;
            let mail = if hidden { String::new() } else { text(&person["email"]) };
            writeln!(users, "{account},{mail}").unwrap();
        }
        let mut groups = "Group id,Group name\n".to_owned();
        for (id, name) in &self.groups {
            writeln!(groups, "{id},\"{name}\"").unwrap();
        }
        (users, groups)
    }

    pub fn by_mail(&self, mail: &str) -> Option<(&String, &Value)> {
        let same = |person: &Value| text(&person["email"]).to_lowercase() == mail.to_lowercase();
        self.people.iter().find(|(_, person)| same(person))
    }

    /// What a row of this job is about is as it was `before`.
    pub fn take_back(&mut self, job: Job, (asked, is_changed): (&Asked, bool), before: &Self) {
        if super::leavers::take_back(self, job, (asked, is_changed), before) {
            return;
        }
        let account = asked.account.clone().unwrap_or_default();
        let pair = (account.clone(), asked.group.clone().unwrap_or_default());
        match before.memberships.contains(&pair) {
            true => self.memberships.insert(pair),
            false => self.memberships.remove(&pair),
        };
        if let Some(person) = before.people.get(&account) {
            self.people.insert(account, person.clone());
        }
        if let Some(made) = &asked.made {
            self.groups
                .retain(|(id, name)| name != made || before.groups.iter().any(|g| g.0 == *id));
        }
    }

    fn is_placed(&self, account: &str, places: &[&str]) -> bool {
        let place = |person: &Value| person["place"].as_str().unwrap_or("here").to_owned();
        self.people.get(account).is_some_and(|person| places.contains(&&*place(person)))
    }

    pub fn is_for_deletion(&self, account: &str) -> bool {
        self.people.get(account).is_some_and(|person| person["lifecycle"] == "for-deletion")
    }

    pub fn is_inactive(&self, account: &str) -> bool {
        self.people.get(account).is_some_and(|person| {
            ["inactive", "for-deletion"].contains(&text(&person["lifecycle"]).as_str())
        })
    }
}

/// What one row asks for, as who made the sheet knows it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub account: Option<String>,
    pub mail: String,
    pub group: Option<String>,
    /// The name of the group that is to be made.
    pub made: Option<String>,
    /// The groups that a new user is to be in.
    pub groups: Vec<String>,
    /// An app and a role in it.
    pub role: Option<(String, String)>,
    /// The id of an API token.
    pub token: Option<String>,
    /// The new address.
    pub new_mail: Option<String>,
}

impl Asked {
    /// The user or group of the row.
    pub fn subject(&self) -> String {
        let of_group = || self.group.clone().or_else(|| self.made.clone());
        let mail = (!self.mail.is_empty()).then(|| self.mail.to_lowercase());
        self.account.clone().or(mail).or_else(of_group).unwrap_or_default()
    }
}

/// A job and its sheet.
#[derive(Clone, Debug)]
pub struct Task {
    pub job: Job,
    pub headings: Vec<&'static str>,
    /// Whether who is created is invited.
    pub invite: bool,
    /// The options of its run.
    pub options: Value,
    pub rows: Vec<(Asked, Vec<String>)>,
}

impl Task {
    /// These rows of it.
    pub fn part(&self, rows: std::ops::Range<usize>) -> Self {
        Self { rows: self.rows[rows].to_vec(), ..self.clone() }
    }

    /// The sheet as a workbook.
    pub fn workbook(&self) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let headings = self.headings.iter().map(|heading| (*heading).to_owned()).collect();
        let rows = self.rows.iter().map(|(_, cells)| cells.clone());
        for (at, cells) in std::iter::once(headings).chain(rows).enumerate() {
            let cells: Vec<String> = cells;
            for (column, cell) in cells.iter().enumerate() {
                sheet.write_string(at as u32, column as u16, cell).unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    }

    /// The sheet's text: its first `most` rows.
    pub fn sheet(&self, most: usize) -> String {
        let mut sheet = self.headings.join(",") + "\n";
        for (_, cells) in self.rows.iter().take(most) {
            let cells: Vec<_> =
                cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            writeln!(sheet, "{}", cells.join(",")).unwrap();
        }
        sheet
    }

    /// Whether the site is as this row wants it.
    pub fn holds(&self, row: usize, books: &Books) -> bool {
        let asked = &self.rows[row].0;
        let account = asked.account.clone().unwrap_or_default();
        let pair = (account.clone(), asked.group.clone().unwrap_or_default());
        match self.job {
            Job::RunCollection | Job::Sync => panic!("no job on users or groups"),
            Job::GrantAccess | Job::RevokeAccess | Job::RevokeTokens | Job::ChangeEmails => {
                super::leavers::holds(self.job, asked, books)
            }
            Job::DeactivateUsers if self.options[jobs::REVOKE_TOKENS] == true => {
                books.is_inactive(&account) && !super::leavers::has_tokens(books, &account)
            }
            Job::AddMembers => books.memberships.contains(&pair),
            Job::RemoveMembers => !books.memberships.contains(&pair),
            Job::DeactivateUsers => books.is_inactive(&account),
            Job::ActivateUsers => {
                books.people.contains_key(&account) && !books.is_inactive(&account)
            }
            Job::DeleteUsers => books.is_for_deletion(&account),
            Job::CancelDeleteUsers => !books.is_for_deletion(&account),
            Job::UnlinkUsers => books
                .people
                .get(&account)
                .is_some_and(|person| person["source"] != "scim" && person["source"] != "google"),
            Job::SuspendUsers => books.is_placed(&account, &["suspended"]),
            Job::RestoreUsers => books.is_placed(&account, &["here"]),
            Job::RemoveUsers => books.is_placed(&account, &["removed", "never"]),
            Job::CreateGroups => {
                let name = asked.made.clone().unwrap_or_default().to_lowercase();
                books.groups.iter().any(|(_, there)| there.to_lowercase() == name)
            }
            Job::RemoveGroups => {
                let name = asked.made.clone().unwrap_or_default();
                books.groups.iter().all(|(_, there)| *there != name)
            }
            Job::CreateUsers if self.options["by"] == jobs::BY_SCIM => {
                super::provisioned::is_created(books, asked)
            }
            Job::CreateUsers => books.by_mail(&asked.mail).is_some_and(|(account, person)| {
                let has =
                    |group: &String| books.memberships.contains(&(account.clone(), group.clone()));
                person.get("place").is_none_or(|place| place == "here" || place == "suspended")
                    && books.software.iter().any(has)
                    && asked.groups.iter().all(has)
            }),
        }
    }
}

/// An organization of its own, next to what the sandbox makes up: people in all states.
pub async fn found(net: &Network, rng: &mut Rng) {
    let many = rng.usize(0..25);
    let people: Vec<_> = (0..many)
        .map(|at| {
            json!({
                "email": format!("extra{at}@banc.ly"),
                "name": format!("Extra {at}"),
                "lifecycle": (["active", "active", "active", "active", "inactive", "for-deletion"][rng.usize(..6)]),
                "hidden_email": rng.u8(..6) == 0,
                "managed": rng.u8(..10) != 0,
                "org_admin": rng.u8(..8) == 0,
                "place": (["here", "here", "here", "suspended"][rng.usize(..4)]),
                "source": (["invited", "invited", "invited", "scim", "google"][rng.usize(..5)]),
            })
        })
        .collect();
    net.control("POST", "seed", json!({ "people": people })).await;
}

/// What the profile of this seed protects: now and then a user, a domain, a group.
pub fn protected(rng: &mut Rng, books: &Books) -> Protected {
    let mut entries = Vec::new();
    if rng.u8(..3) == 0 {
        return Protected::default();
    }
    let people: Vec<_> = books.people.iter().collect();
    for _ in 0..rng.usize(0..4) {
        let (account, person) = people[rng.usize(..people.len())];
        entries.push(if rng.bool() { account.clone() } else { text(&person["email"]) });
    }
    if rng.u8(..4) == 0 {
        entries.push("@contractor.example".into());
    }
    for _ in 0..rng.usize(0..3) {
        let (id, name) = &books.groups[rng.usize(..books.groups.len())];
        entries.push(if rng.bool() { id.clone() } else { name.to_uppercase() });
    }
    Protected::new(entries)
}

/// The jobs that these keys allow, and whether who is created is invited.
fn jobs(keys: Keys) -> Vec<(Job, bool)> {
    use Job::{
        ActivateUsers, AddMembers, CancelDeleteUsers, CreateGroups, CreateUsers, DeactivateUsers,
        DeleteUsers, RemoveMembers, RemoveUsers, RestoreUsers, SuspendUsers,
    };
    if keys == Keys::Scim {
        let jobs =
            [AddMembers, AddMembers, RemoveMembers, CreateGroups, DeactivateUsers, ActivateUsers];
        return jobs.into_iter().chain([CreateUsers]).map(|job| (job, false)).collect();
    }
    let by_either = [AddMembers, AddMembers, RemoveMembers, RemoveUsers, CreateGroups];
    let by_org = [
        DeactivateUsers,
        ActivateUsers,
        DeleteUsers,
        CancelDeleteUsers,
        SuspendUsers,
        RestoreUsers,
    ];
    let mut jobs: Vec<_> = by_either.map(|job| (job, false)).into();
    if keys != Keys::Org {
        jobs.push((CreateUsers, false));
    }
    if keys != Keys::Jira {
        jobs.extend(by_org.map(|job| (job, false)));
        jobs.push((CreateUsers, true));
    }
    jobs
}

/// Groups to be made: new ones, some that are there, some in another case.
fn groups_to_make(rng: &mut Rng, books: &Books, many: usize) -> Task {
    let mut rows = Vec::new();
    for at in 0..many {
        let there = &books.groups[rng.usize(..books.groups.len())].1;
        let name = match rng.u8(..10) {
            0 => there.clone(),
            1 => there.to_uppercase(),
            _ => format!("New #{}, made", rng.usize(..many * 3)),
        };
        let description = if at % 3 == 0 { String::new() } else { "made by a simulation".into() };
        let asked = Asked { made: Some(name.clone()), ..Asked::default() };
        rows.push((asked, vec![name, description]));
    }
    let headings = vec!["name", "description"];
    Task { job: Job::CreateGroups, headings, invite: false, options: Value::Null, rows }
}

/// Groups that may be deleted, and some that have just one member.
pub async fn found_groups(net: &Network, rng: &mut Rng) {
    let groups: Vec<_> =
        (0..rng.usize(1..25)).map(|at| json!({ "name": format!("Empty, {at}") })).collect();
    let full = (0..rng.usize(0..4)).map(|at| json!({ "name": format!("One in {at}") }));
    let full: Vec<_> = full.collect();
    let member = |group: &Value| json!({ "email": "admin@banc.ly", "group": group["name"] });
    let memberships: Vec<_> = full.iter().map(member).collect();
    let groups = [groups, full].concat();
    net.control("POST", "seed", json!({ "groups": groups, "memberships": memberships })).await;
}

/// Groups to be deleted: empty ones, ones with members, ones that give apps, ones that are not there.
pub fn groups_to_remove(rng: &mut Rng, books: &Books) -> Task {
    let by_id = rng.bool();
    let empty: Vec<_> =
        books.groups.iter().filter(|(_, name)| name.starts_with("Empty")).cloned().collect();
    let mut rows = Vec::new();
    for at in 0..rng.usize(1..30) {
        let (id, name) = match rng.u8(..4) {
            0 => &books.groups[rng.usize(..books.groups.len())],
            _ => &empty[rng.usize(..empty.len())],
        };
        let asked = Asked { made: Some(name.clone()), ..Asked::default() };
        let cell = match rng.u8(..12) {
            0 => format!("no-such-group-{at}"),
            _ if by_id => id.clone(),
            1 => name.to_uppercase(),
            _ => name.clone(),
        };
        rows.push((asked, vec![cell]));
    }
    let headings = vec![if by_id { "groupId" } else { "Group name" }];
    Task { job: Job::RemoveGroups, headings, invite: false, options: Value::Null, rows }
}

/// A random job on these books.
pub fn task(rng: &mut Rng, books: &Books, keys: Keys) -> Task {
    let jobs = jobs(keys);
    let (job, invite) = jobs[rng.usize(..jobs.len())];
    let many = match rng.u16(..600) {
        0 => rng.usize(1_000..4_000),
        _ => rng.usize(1..=60),
    };
    if job == Job::CreateGroups {
        return groups_to_make(rng, books, many.min(60));
    }
    let by_id = rng.bool() && job != Job::CreateUsers;
    let member = matches!(job, Job::AddMembers | Job::RemoveMembers);
    let by_group_id = rng.bool();
    let mut headings = vec![if by_id { "accountId" } else { "emailAddress" }];
    if member {
        headings.push(if by_group_id { "groupId" } else { "Group name" });
    }
    let in_groups = job == Job::CreateUsers && rng.bool();
    if in_groups {
        headings.push("groups");
    }
    // Few of them, so that rows meet.
    let some_groups: Vec<_> =
        (0..rng.usize(1..8)).map(|_| &books.groups[rng.usize(..books.groups.len())]).collect();
    let rows = (0..many).map(|at| {
        let mut asked = asked(rng, books, job, &some_groups);
        if job == Job::CreateUsers && rng.u8(..10) < 8 {
            asked.mail = format!("new{}@banc.ly", rng.usize(..many * 3));
            asked.account = None;
        }
        let account = asked.account.clone().unwrap_or_default();
        let mut who = if by_id { account } else { asked.mail.clone() };
        let id = asked.group.clone().unwrap_or_default();
        let name = &books.groups.iter().find(|group| group.0 == id).unwrap().1;
        let mut which = if by_group_id { id } else { name.clone() };
        match rng.u8(..40) {
            0 => who = format!("nobody{at}@banc.ly"),
            1 if member => which = "no such group".into(),
            2 => who = "not what it should be".into(),
            3 => who = who.to_uppercase(),
            _ => {}
        }
        if job == Job::CreateUsers {
            asked.mail.clone_from(&who);
        }
        if in_groups {
            let many = [0, 1, 1, 2][rng.usize(..4)];
            let chosen: Vec<_> =
                (0..many).map(|_| some_groups[rng.usize(..some_groups.len())]).collect();
            asked.groups = chosen.iter().map(|group| group.0.clone()).collect();
            let names: Vec<_> = chosen.iter().map(|group| group.1.as_str()).collect();
            which = names.join("; ");
        }
        let cells = if member || in_groups { vec![who, which] } else { vec![who] };
        (asked, cells)
    });
    let mut rows: Vec<_> = rows.collect();
    for _ in 0..rng.usize(..4) {
        let again = rows[rng.usize(..rows.len())].clone();
        rows.push(again);
    }
    Task { job, headings, invite, options: Value::Null, rows }
}

/// A user who is there, and a group: such that there is something to do, more often than not.
fn asked(rng: &mut Rng, books: &Books, job: Job, groups: &[&(String, String)]) -> Asked {
    let people: Vec<_> = books.people.iter().filter(|(_, p)| p["email"] != "").collect();
    let suspended: Vec<_> = people.iter().filter(|(_, p)| p["place"] == "suspended").collect();
    let (mut account, mut person) = people[rng.usize(..people.len())];
    if job == Job::RestoreUsers && !suspended.is_empty() && rng.u8(..10) < 7 {
        (account, person) = *suspended[rng.usize(..suspended.len())];
    }
    let mut group = groups[rng.usize(..groups.len())].0.clone();
    let remove = job == Job::RemoveMembers;
    let is_member = remove || job == Job::AddMembers;
    if is_member && rng.u8(..10) < if remove { 8 } else { 1 } {
        let pairs: Vec<_> = books.memberships.iter().collect();
        let (of, in_group) = pairs[rng.usize(..pairs.len())];
        (account, person) = books.people.get_key_value(of).unwrap();
        group.clone_from(in_group);
    }
    let mail = text(&person["email"]);
    Asked { account: Some(account.clone()), mail, group: Some(group), ..Asked::default() }
}
