//! Users and groups as the organizations API v2 sends them. (`MultiDirectoryUser`,
//! `MultiDirectoryUserDetailsData`, `MultiDirectoryGroup`)

use serde::Serialize;

use crate::clock::iso;
use crate::config::CLOUD_ID;
use crate::http::Call;
use crate::org::{
    ADMIN_GROUPS, GroupIx, Lifecycle, Org, Person, PersonIx, PersonRecord, Place, Product, Source,
};

/// `active`, `inactive` or `closed`: the state of the account, in v1, v2 and user management.
pub(super) fn account_status(person: &PersonRecord) -> &'static str {
    match person.lifecycle {
        Lifecycle::Active => "active",
        Lifecycle::Inactive | Lifecycle::ForDeletion => "inactive",
        Lifecycle::Closed => "closed",
    }
}

pub(super) fn membership_status(person: &PersonRecord) -> &'static str {
    match person.place {
        Place::Here => "active",
        Place::Suspended => "suspended",
        Place::Removed | Place::Never => "no_membership",
    }
}

/// The combination of the two states (`Status`); `for_deletion` during the grace period.
pub(super) fn status(person: &PersonRecord) -> &'static str {
    match (person.lifecycle, person.place) {
        (Lifecycle::ForDeletion, _) => "for_deletion",
        (Lifecycle::Inactive | Lifecycle::Closed, _) => "deactivated",
        (Lifecycle::Active, Place::Here) => "active",
        (Lifecycle::Active, Place::Suspended) => "suspended",
        (Lifecycle::Active, Place::Removed | Place::Never) => "not_invited",
    }
}

pub(super) fn claim_status(person: &PersonRecord) -> &'static str {
    match person.managed {
        true => "managed",
        false => "unmanaged",
    }
}

/// Set for managed accounts only (description); null for others.
fn management_source(person: &PersonRecord) -> Option<&'static str> {
    match (person.managed, person.source) {
        (false, _) => None,
        (true, Source::Invited) => Some("invited"),
        (true, Source::Scim | Source::Google) => Some("synced"),
    }
}

/// The resource name of an app on the site, as roles and invitations use it. (`ari:cloud:jira-software::site/…`)
pub(super) fn resource(product: Product) -> String {
    format!("ari:cloud:{}::site/{CLOUD_ID}", product.key())
}

/// The app that a resource name means; `jira` is an older name of Jira Software.
pub(super) fn product_of(resource: &str) -> Option<Product> {
    let key = resource.strip_prefix("ari:cloud:")?.split("::").next()?;
    match key {
        "jira" => Some(Product::JiraSoftware),
        key => Product::from_key(key),
    }
}

#[derive(Serialize)]
pub(super) struct UserGroup<'a> {
    id: String,
    name: &'a str,
    description: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Access {
    key: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_active_timestamp: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Counts {
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User<'a> {
    account_id: &'a str,
    account_type: &'static str,
    account_status: &'static str,
    membership_status: &'static str,
    status: &'static str,
    claim_status: &'static str,
    management_source: Option<&'static str>,
    name: &'a str,
    nickname: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    email_verified: bool,
    avatar: String,
    picture: String,
    mfa_enabled: bool,
    time_zone: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    added_to_org: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deactivated_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<UserGroup<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_roles: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_access: Option<Vec<Access>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Counts>,
}

/// A user; `expand` selects the costly fields to fill.
///
/// A hidden email is shown for managed accounts only (assumption: the administrator of a claimed domain sees it).
pub(super) fn user<'a>(org: &'a Org, at: PersonIx, expand: &[&str]) -> User<'a> {
    let person = org.person(at);
    let record = &person.record;
    let wants = |part: &str| expand.contains(&part);
    let shows_mail = !record.email.is_empty() && (record.managed || !record.hidden_email);
    User {
        account_id: &record.account_id,
        account_type: record.kind.word(),
        account_status: account_status(record),
        membership_status: membership_status(record),
        status: status(record),
        claim_status: claim_status(record),
        management_source: management_source(record),
        name: &record.name,
        nickname: nickname(record),
        email: shows_mail.then_some(&*record.email),
        email_verified: record.verified,
        avatar: picture(record),
        picture: picture(record),
        mfa_enabled: false,
        time_zone: "Etc/UTC",
        added_to_org: (record.place != Place::Never).then(|| iso(record.added_ms)),
        deactivated_on: None,
        groups: wants("groups").then(|| groups(org, person)),
        platform_roles: wants("platformRoles").then(|| roles(record)),
        product_access: wants("productAccess").then(|| access(person)),
        counts: wants("counts.resources").then(|| Counts {
            resources: Some(Product::ALL.iter().filter(|p| person.has(**p)).count()),
            users: None,
        }),
    }
}

/// A user in an answer of their own: only this form has `deactivatedOn`.
pub(super) fn user_details(org: &Org, at: PersonIx) -> User<'_> {
    let record = &org.person(at).record;
    let gone = record.lifecycle != Lifecycle::Active;
    User {
        deactivated_on: gone.then(|| iso(record.changed_ms)),
        ..user(org, at, &["platformRoles", "counts.resources"])
    }
}

fn groups<'a>(org: &'a Org, person: &Person) -> Vec<UserGroup<'a>> {
    let groups = person.groups.iter().map(|at| &org.group(*at).record);
    groups
        .map(|record| UserGroup {
            id: format!("ari:cloud:identity::group/{}", record.id),
            name: &record.name,
            description: Some(&*record.description).filter(|text| !text.is_empty()),
        })
        .collect()
}

fn roles(record: &PersonRecord) -> Vec<&'static str> {
    match record.org_admin {
        true => vec!["atlassian/org-admin"],
        false => Vec::new(),
    }
}

/// An app that was never used has no time stamp (assumption: the description requires none).
fn access(person: &Person) -> Vec<Access> {
    let products = Product::ALL.into_iter().filter(|product| person.has(*product));
    products
        .map(|product| Access {
            key: product.key(),
            id: resource(product),
            last_active_timestamp: person.record.seen.get(&product).copied().map(iso),
        })
        .collect()
}

/// At most 30 characters (`Nickname`).
pub(super) fn nickname(record: &PersonRecord) -> &str {
    match record.name.char_indices().nth(30) {
        Some((end, _)) => &record.name[..end],
        None => &record.name,
    }
}

pub(super) fn picture(record: &PersonRecord) -> String {
    let id = &record.account_id;
    format!("https://secure.gravatar.com/avatar/{}?d=identicon", id.replace(':', "-"))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Management {
    readable: bool,
    modifiable: bool,
    deletable: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    directory_id: &'a str,
    external_synced: bool,
    managed_by: &'static str,
    management_access: Management,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Counts>,
}

pub(super) fn group<'a>(
    call: &'a Call<'_>,
    org: &'a Org,
    at: GroupIx,
    expand: &[&str],
) -> Group<'a> {
    let group = org.group(at);
    let record = &group.record;
    let resources = expand.contains(&"counts.resources");
    let users = expand.contains(&"counts.users");
    Group {
        id: &record.id,
        name: &record.name,
        description: &record.description,
        directory_id: &call.card.directory_id,
        external_synced: record.synced,
        managed_by: if record.synced { "external" } else { "admins" },
        management_access: Management {
            readable: true,
            modifiable: !record.synced,
            deletable: !record.synced
                && record.grants.is_none()
                && !ADMIN_GROUPS.contains(&&*record.name),
        },
        counts: (resources || users).then(|| Counts {
            resources: resources.then(|| usize::from(record.grants.is_some())),
            users: users.then_some(group.members.len()),
        }),
    }
}
