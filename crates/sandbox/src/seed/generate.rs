//! Generates an organization of any size, the same one each time: managed and unmanaged users; synced,
//! deactivated, suspended and hidden ones; names with umlauts, several users with one name, and groups with the
//! oddest names that Atlassian allows.

use std::collections::BTreeMap;

use super::base;
use crate::org::{Change, GroupRecord, Lifecycle, Org, PersonRecord, Place, Product, Source, mix};

const GIVEN: [&str; 24] = [
    "Ada", "Björn", "Chloé", "Dmitri", "Élodie", "Femi", "Grace", "Håkon", "Ines", "Jürgen",
    "Kaya", "Łukasz", "Mei", "Noah", "Olga", "Priya", "Quentin", "Rosa", "Søren", "Tomás", "Uma",
    "Vera", "Wendell", "Zoë",
];
const FAMILY: [&str; 28] = [
    "Abara",
    "Bauer",
    "Castro",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Müller",
    "Nakamura",
    "O'Brien",
    "Petrov",
    "Quispe",
    "Rossi",
    "Schröder",
    "Tanaka",
    "Usman",
    "Vogel",
    "Weiß",
    "Xu",
    "Yılmaz",
    "Zieliński",
    "Nguyễn",
    "van der Berg",
];
const CITIES: [&str; 12] = [
    "oslo",
    "hanoi",
    "houston",
    "lille",
    "porto-alegre",
    "zürich",
    "kraków",
    "são-paulo",
    "osaka",
    "lagos",
    "austin",
    "sydney",
];
const TEAMS: [&str; 12] = [
    "engineering",
    "legal",
    "sales",
    "product, design",
    "support",
    "R&D",
    "team #1",
    "finance",
    "people/ops",
    "security",
    "50% club",
    "field + onsite",
];
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(super) fn fill(org: &mut Org, people: usize, now_ms: i64) {
    base::base(org, now_ms);
    org.apply(&Change::ClaimedDomain { domain: "banc.example".into() });
    let groups = groups(org, people);
    for n in 0..people.saturating_sub(org.people_count()) {
        let record = person(n as u64, now_ms);
        let (account, on_site) = (record.account_id.clone(), record.is_on_site());
        org.apply(&Change::CreatedUser { person: record });
        if on_site {
            memberships(org, &account, &groups, n as u64);
        }
    }
}

/// The ids of the apps' groups and of the other groups.
struct Groups {
    products: Vec<Box<str>>,
    others: Vec<Box<str>>,
}

fn groups(org: &mut Org, people: usize) -> Groups {
    let products = org.groups().take(4).map(|(_, group)| group.record.id.clone());
    let products = products.collect();
    let count = (people / 100).clamp(24, 5_000);
    let first = org.groups().count();
    for n in 0..count {
        let city = CITIES[n % CITIES.len()];
        let team = TEAMS[(n + n / CITIES.len()) % TEAMS.len()];
        let round = n / (CITIES.len() * TEAMS.len());
        let mut name = match round {
            0 => format!("{city}-{team}"),
            round => format!("{city}-{team}-{round}"),
        };
        if n % 97 == 23 {
            let missing = 255 - name.chars().count();
            name.extend(std::iter::repeat_n('x', missing));
        }
        let mut record = GroupRecord::new("", &name);
        record.synced = n % 10 == 9;
        base::group(org, record);
    }
    let others = org.groups().skip(first);
    Groups { products, others: others.map(|(_, group)| group.record.id.clone()).collect() }
}

fn person(n: u64, now_ms: i64) -> PersonRecord {
    let bits = mix(n ^ 0x5eed);
    let given = GIVEN[(bits % 24) as usize];
    let family = FAMILY[(bits / 24 % 28) as usize];
    let unmanaged = n % 16 == 5;
    let domain = match (unmanaged, n % 3) {
        (true, _) => "contractor.example",
        (false, 0) => "banc.example",
        (false, _) => "banc.ly",
    };
    let mut record = PersonRecord::new(
        &account_id(n),
        &format!("user{n}@{domain}"),
        &format!("{given} {family}"),
    );
    record.managed = !unmanaged;
    record.added_ms = now_ms - (1 + (bits >> 32) as i64 % 1500) * DAY_MS;
    record.hidden_email = n % 13 == 7;
    record.seen = seen(n, record.added_ms, now_ms);
    match n % 40 {
        3 if !unmanaged => {
            record.lifecycle = Lifecycle::Inactive;
            record.changed_ms = record.added_ms + DAY_MS / 2;
        }
        11 => record.place = Place::Suspended,
        17 => record.place = Place::Removed,
        23 if !unmanaged => record.place = Place::Never,
        _ => {}
    }
    record.source = match n % 20 {
        8 if !unmanaged => Source::Scim,
        18 if !unmanaged => Source::Google,
        _ => Source::Invited,
    };
    record
}

/// When the apps were last used, not before the user was added: of ten users seven in the last month,
/// one at any time, and two never.
fn seen(n: u64, added_ms: i64, now_ms: i64) -> BTreeMap<Product, i64> {
    let last = |salt: u64| {
        let bits = mix(n.wrapping_mul(31) ^ salt);
        let most_days = match bits % 10 {
            0 | 1 => return None,
            2..=8 => 30,
            _ => 1500,
        };
        let ago_ms = (bits >> 8) as i64 % (most_days * DAY_MS);
        Some((now_ms - ago_ms).max(added_ms))
    };
    let products = [Product::JiraSoftware, Product::JiraServicedesk];
    let used = products.into_iter().zip([0x10, 0x20]);
    used.filter_map(|(product, salt)| Some((product, last(salt)?))).collect()
}

/// Every tenth account is old enough for an id of 24 hexadecimal digits, and a spreadsheet takes some of these for
/// numbers.
fn account_id(n: u64) -> String {
    match n % 10 {
        0 => format!("5{:07}e{:015}", n % 10_000_000, mix(n) % 1_000_000_000_000_000),
        4 => format!("{:08x}{:016x}", 0x5b10_0000 + n % 0xf_ffff, mix(n)),
        _ => crate::org::account_id(1_000_000 + n),
    }
}

fn memberships(org: &mut Org, account: &str, groups: &Groups, n: u64) {
    let mut add = |group: &str| {
        org.apply(&Change::AddedMember { account: account.into(), group: group.into() });
    };
    if n % 29 != 13 {
        add(&groups.products[0]);
    }
    if n % 5 == 1 {
        add(&groups.products[1]);
    }
    for k in 0..mix(n) % 4 {
        let at = mix(n * 7 + k) % groups.others.len() as u64;
        add(&groups.others[at as usize]);
    }
}
