//! What every organization needs, whatever its seed: the administrator whose credentials the card names, a group
//! for each app, and the administrators' groups. Also the small functions that seeds are made of.

use crate::config::ADMIN_EMAIL;
use crate::org::{ADMIN_GROUPS, Change, GroupRecord, Org, PersonRecord, Product};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const PRODUCTS: [(Product, &str); 4] = [
    (Product::JiraSoftware, "jira-software-users"),
    (Product::JiraServicedesk, "jira-servicemanagement-users"),
    (Product::JiraProductDiscovery, "jira-product-discovery-users"),
    (Product::JiraCore, "jira-workmanagement-users"),
];

/// Adds what is missing.
pub(super) fn base(org: &mut Org, now_ms: i64) {
    org.apply(&Change::ClaimedDomain { domain: "banc.ly".into() });
    for (product, _) in PRODUCTS {
        product_group(org, product);
    }
    for name in ADMIN_GROUPS {
        if org.find_group_name(name).is_none() {
            group(org, GroupRecord::new("", name));
        }
    }
    administrator(org, now_ms);
    for name in ADMIN_GROUPS {
        join(org, ADMIN_EMAIL, name);
    }
    if let Some(at) = org.default_group(Product::JiraSoftware) {
        let name = org.group(at).record.name.clone();
        join(org, ADMIN_EMAIL, &name);
    }
}

/// Makes sure that the administrator can act, even if the seed has the account in another state.
fn administrator(org: &mut Org, now_ms: i64) {
    let Some(at) = org.find_email(ADMIN_EMAIL) else {
        let mut admin = PersonRecord::new("", ADMIN_EMAIL, "Odile Marchand");
        admin.org_admin = true;
        admin.added_ms = now_ms - 900 * DAY_MS;
        admin.seen = [(Product::JiraSoftware, now_ms - DAY_MS / 24)].into();
        create(org, admin);
        return;
    };
    let account = org.person(at).record.account_id.clone();
    for change in [
        Change::ChangedRole { account: account.clone(), org_admin: true },
        Change::Activated { account: account.clone(), at_ms: now_ms },
        Change::Restored { account: account.clone() },
        Change::ReturnedUser { account },
    ] {
        org.apply(&change);
    }
}

/// Creates the group that gives access to an app, if there is none.
pub(super) fn product_group(org: &mut Org, product: Product) {
    if org.default_group(product).is_some() {
        return;
    }
    let name = PRODUCTS.iter().find(|(known, _)| *known == product);
    let mut record = GroupRecord::new("", name.map_or("", |(_, name)| name));
    record.grants = Some(product);
    group(org, record);
}

/// Adds a user, with a generated id if none is given.
pub(super) fn create(org: &mut Org, mut person: PersonRecord) {
    if person.account_id.is_empty() {
        person.account_id = org.next_account_id();
    }
    org.apply(&Change::CreatedUser { person });
}

/// Adds a group, with a generated id if none is given.
pub(super) fn group(org: &mut Org, mut group: GroupRecord) {
    if group.id.is_empty() {
        group.id = org.next_group_id();
    }
    org.apply(&Change::CreatedGroup { group });
}

/// Adds a user to a group. Does nothing if either is unknown.
pub(super) fn join(org: &mut Org, email: &str, name: &str) {
    let Some(person) = org.find_email(email) else {
        return;
    };
    let Some(group) = org.find_group_name(name) else {
        return;
    };
    let account = org.person(person).record.account_id.clone();
    let group = org.group(group).record.id.clone();
    org.apply(&Change::AddedMember { account, group });
}
