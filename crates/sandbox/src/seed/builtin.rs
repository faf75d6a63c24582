//! The built-in organization, `banc.ly`: the five users and groups of the knowledge base's sample files [KB
//! 1295680005] with the ids printed there (including their `xxx`, which the described pattern of an account id
//! allows), an administrator, and an example of every awkward case.
//!
//! No sample user is in a sample group, so that adding them as in the articles changes something.

use super::base::{base, create, group, join};
use crate::config::PLAIN_EMAIL;
use crate::org::{Change, GroupRecord, Kind, Lifecycle, Org, PersonRecord, Place, Product, Source};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The sample users: id as printed, email, name, and how many days ago they used Jira, if ever.
const SAMPLE_PEOPLE: [(&str, &str, &str, Option<i64>); 5] = [
    ("6155833c071axxx071ff5b24", PLAIN_EMAIL, "Janaye Float", Some(2)),
    ("7a4b625f3fd5xxx24d741ac7", "amelmeth@banc.ly", "Anissa Melmeth", Some(140)),
    ("e2345d51eaa4xxx984e377ce", "vdillow@banc.ly", "Verna Dillow", Some(30)),
    ("3c5e0172a629xxx061259ed9", "dsnapper@banc.ly", "Dorice Snapper", None),
    ("982bfd68520fxxx71daccb32", "ftoten2@banc.ly", "Florian Toten", Some(95)),
];

/// The sample groups: id as printed, name.
const SAMPLE_GROUPS: [(&str, &str); 5] = [
    ("d6750b14-1aa8-4ab2-xxxx-a6d44016da32", "oslo-engineering"),
    ("396fae73-650c-4265-xxxx-9c840897fc68", "houston-sales"),
    ("0b200647-b447-4eaf-xxxx-55ec31a7d4c9", "hanoi-legal"),
    ("2e6317f2-8c9f-4abb-xxxx-afd8fb7c3ebe", "lille-product-management"),
    ("705e51a5-b12b-4587-xxxx-f42bc099b777", "porto-alegre-support"),
];

/// Groups whose names break addresses, cells or lookups that are built from them carelessly.
const AWKWARD_GROUPS: [&str; 8] = [
    "Alpha",
    "alpha",
    "Finance, Europe",
    "Team #7",
    "R&D",
    "50% club + friends",
    "Größe/Maß",
    " padded ",
];

pub(super) fn fill(org: &mut Org, now_ms: i64) {
    base(org, now_ms);
    let added = now_ms - 400 * DAY_MS;
    for (id, email, name, days) in SAMPLE_PEOPLE {
        let mut person = PersonRecord::new(id, email, name);
        person.added_ms = added;
        let seen = days.map(|days| (Product::JiraSoftware, now_ms - days * DAY_MS));
        person.seen = seen.into_iter().collect();
        create(org, person);
        join(org, email, "jira-software-users");
    }
    for (id, name) in SAMPLE_GROUPS {
        group(org, GroupRecord::new(id, name));
    }
    for name in AWKWARD_GROUPS {
        group(org, GroupRecord::new("", name));
    }
    let mut synced = GroupRecord::new("", "idp-everyone");
    synced.synced = true;
    synced.description = "Provisioned by the identity provider".into();
    group(org, synced);
    awkward_people(org, added, now_ms);
    org.apply(&Change::SetSeats { product: Product::JiraProductDiscovery, seats: Some(1) });
    join(org, "lroom@banc.ly", "jira-product-discovery-users");
}

fn awkward_people(org: &mut Org, added: i64, now_ms: i64) {
    let person = |email: &str, name: &str| {
        let mut record = PersonRecord::new("", email, name);
        record.added_ms = added;
        record.seen = [(Product::JiraSoftware, now_ms - 10 * DAY_MS)].into();
        record
    };
    let mut all = Vec::new();
    let mut scim = person("ssolheim@banc.ly", "Signe Solheim");
    scim.source = Source::Scim;
    all.push(scim);
    let mut google = person("gabiola@banc.ly", "Gorka Abiola");
    google.source = Source::Google;
    all.push(google);
    let mut gone = person("dnkosi@banc.ly", "Dumisani Nkosi");
    gone.lifecycle = Lifecycle::Inactive;
    gone.changed_ms = now_ms - 30 * DAY_MS;
    all.push(gone);
    let mut suspended = person("sferreira@banc.ly", "Sabina Ferreira");
    suspended.place = Place::Suspended;
    all.push(suspended);
    let mut outside = person("uadeyemi@contractor.example", "Uche Adeyemi");
    outside.managed = false;
    all.push(outside);
    let mut hidden = person("hvinter@banc.ly", "Henrik Vinter");
    hidden.hidden_email = true;
    all.push(hidden);
    let mut unverified = person("nyoung@banc.ly", "Nadia Young");
    unverified.verified = false;
    all.push(unverified);
    all.push(person("akim@banc.ly", "Alex Kim"));
    all.push(person("alex.kim@banc.ly", "Alex Kim"));
    all.push(person("lroom@banc.ly", "Lena Room"));
    all.push(person("jörg.groß@banc.ly", "Jörg Groß"));
    let mut never = person("mwaiting@banc.ly", "Miro Waiting");
    never.place = Place::Never;
    never.seen.clear();
    let mut bot = PersonRecord::new("", "", "Automation for Jira");
    bot.kind = Kind::App;
    bot.managed = false;
    for record in all {
        let email = record.email.clone();
        create(org, record);
        join(org, &email, "jira-software-users");
    }
    let mut no_access = person("nnoaccess@banc.ly", "Nils Noaccess");
    no_access.seen.clear();
    create(org, no_access);
    create(org, never);
    create(org, bot);
    for email in ["ssolheim@banc.ly", "akim@banc.ly"] {
        join(org, email, "idp-everyone");
    }
    join(org, "dnkosi@banc.ly", "Finance, Europe");
}
