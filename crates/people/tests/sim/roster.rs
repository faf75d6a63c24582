//! Random lists of users with what they own, and the organization that they are about.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use fastrand::Rng;
use headcount_model::user::Product;
use headcount_people::rows::WhichGroup;
use headcount_people::sync::{Absent, Rules};
use serde_json::{Value, json};

use super::process::{Keys, Machine};

/// The domain of the users that lists are about; the sandbox's own users have others.
pub const DOMAIN: &str = "sync.banc.ly";

/// A group with a comma, so that no cell is split at it.
pub const GROUPS: [&str; 4] = ["team 0", "team, 1", "team 2", "team 3"];

/// Apps that users have of their own, or through a group that no list names.
pub const PRODUCTS: [&str; 2] = ["jira-core", "jira-servicedesk"];

/// The group that gives the first of them.
pub const GIVING: &str = "core users";

pub fn mail(number: usize) -> String {
    format!("u{number}@{DOMAIN}")
}

/// A row of a list: the user, the status, and the groups if the list says them.
#[derive(Clone, Debug)]
pub struct Listed {
    pub number: usize,
    pub status: &'static str,
    pub groups: Option<BTreeSet<usize>>,
    /// The apps, if the row says them.
    pub products: Option<BTreeSet<usize>>,
}

/// A list with what it owns.
#[derive(Debug)]
pub struct Plan {
    pub rows: Vec<Listed>,
    says_groups: bool,
    own_groups: Option<BTreeSet<usize>>,
    pub owns_domain: bool,
    says_products: bool,
    pub own_products: BTreeSet<usize>,
    pub absent: Absent,
}

/// The users in random states, and their memberships. With an API token alone, nothing shows and changes the state of an
/// account.
pub async fn found(machine: &Machine, rng: &mut Rng, many: usize, keys: Keys) {
    let people: Vec<Value> = (0..many)
        .map(|number| {
            let (lifecycle, place) = [
                ("active", "here"),
                ("active", "here"),
                ("active", "here"),
                ("active", "suspended"),
                ("inactive", "here"),
            ][rng.usize(..if keys == Keys::Jira { 3 } else { 5 })];
            let own = PRODUCTS.iter().filter(|_| rng.u8(..4) == 0);
            let roles: BTreeMap<_, _> = own.map(|product| (*product, ["user"])).collect();
            json!({
                "email": mail(number), "name": format!("U {number}"), "managed": true,
                "lifecycle": lifecycle, "place": place, "roles": roles,
            })
        })
        .collect();
    let mut groups = GROUPS.map(|name| json!({ "name": name })).to_vec();
    groups.push(json!({ "name": GIVING, "grants": PRODUCTS[0] }));
    let mut memberships = Vec::new();
    for number in 0..many {
        if rng.u8(..5) == 0 {
            memberships.push(json!({ "email": mail(number), "group": GIVING }));
        }
        for group in GROUPS {
            if rng.u8(..3) == 0 {
                memberships.push(json!({ "email": mail(number), "group": group }));
            }
        }
    }
    let seed = json!({ "people": people, "groups": groups, "memberships": memberships });
    machine.net.control("POST", "seed", seed).await;
}

fn some_groups(rng: &mut Rng) -> BTreeSet<usize> {
    (0..GROUPS.len()).filter(|_| rng.bool()).collect()
}

fn some_products(rng: &mut Rng) -> BTreeSet<usize> {
    (0..PRODUCTS.len()).filter(|_| rng.bool()).collect()
}

/// A list of most of the users, and some new ones.
pub fn draw(rng: &mut Rng, many: usize, keys: Keys) -> Plan {
    let says_groups = rng.u8(..6) != 0;
    let says_products = rng.bool();
    let share = if rng.u8(..5) == 0 { 40 } else { 85 };
    let of_org = keys != Keys::Jira;
    let mut rows = Vec::new();
    for number in 0..many + 4 {
        if rng.u8(..100) >= share {
            continue;
        }
        let status = match rng.u8(..10) {
            0 if of_org && number < many => "deactivated",
            1 if of_org && number < many => "suspended",
            2 => "gone",
            3 | 4 => "",
            _ => "active",
        };
        let is_gone = status == "gone";
        let groups = says_groups.then(|| if is_gone { BTreeSet::new() } else { some_groups(rng) });
        let says = says_products && !is_gone && rng.u8(..3) != 0;
        let products = says.then(|| some_products(rng));
        rows.push(Listed { number, status, groups, products });
    }
    let owns_domain = rng.bool();
    let absent = match rng.u8(..8) {
        0 => Absent::LeaveGroups,
        1 if owns_domain && of_org => Absent::Deactivate,
        2 if owns_domain && of_org => Absent::Suspend,
        3 if owns_domain => Absent::Remove,
        _ => Absent::Keep,
    };
    let own_groups = rng.bool().then(|| some_groups(rng)).filter(|own| !own.is_empty());
    let own_products = if rng.bool() { some_products(rng) } else { BTreeSet::new() };
    Plan { rows, says_groups, own_groups, owns_domain, says_products, own_products, absent }
}

impl Plan {
    pub fn text(&self) -> String {
        let mut text = "email,status".to_owned();
        text += if self.says_groups { ",groups" } else { "" };
        text += if self.says_products { ",products\n" } else { "\n" };
        for row in &self.rows {
            write!(text, "{},{}", mail(row.number), row.status).unwrap();
            if let Some(groups) = &row.groups {
                let names: Vec<_> = groups.iter().map(|at| GROUPS[*at]).collect();
                write!(text, ",\"{}\"", names.join("; ")).unwrap();
            }
            if self.says_products {
                let names = row.products.as_ref().map(|all| match all.is_empty() {
                    true => "none".to_owned(),
                    false => all.iter().map(|at| PRODUCTS[*at]).collect::<Vec<_>>().join("; "),
                });
                write!(text, ",{}", names.unwrap_or_default()).unwrap();
            }
            text.push('\n');
        }
        text
    }

    pub fn rules(&self) -> Rules {
        let own = self.own_groups.iter().flatten();
        Rules {
            own_groups: own.map(|at| WhichGroup::named(GROUPS[*at].to_owned())).collect(),
            own_domains: if self.owns_domain { vec![DOMAIN.to_owned()] } else { Vec::new() },
            own_products: self
                .own_products
                .iter()
                .map(|at| Product::from_key(PRODUCTS[*at]).unwrap())
                .collect(),
            absent: self.absent,
        }
    }

    /// The groups that the list owns: those of the command, or those that it names.
    pub fn owned(&self) -> BTreeSet<usize> {
        let named = || self.rows.iter().filter_map(|row| row.groups.as_ref()).flatten().copied();
        self.own_groups.clone().unwrap_or_else(|| named().collect())
    }
}
