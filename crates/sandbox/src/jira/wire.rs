//! Users, groups and pages as Jira sends them. [Jira platform description: `User`, `UserDetails`, `Group`,
//! `GroupName`, `PageBean…`]
//!
//! If a user hides their email, only they themselves see it.

use std::ops::Range;

use serde::Serialize;

use crate::http::{Call, Caller, encode};
use crate::org::{GroupIx, Kind, Org, PersonIx, Product};

#[derive(Serialize)]
pub(super) struct Avatars {
    #[serde(rename = "48x48")]
    large: String,
    #[serde(rename = "24x24")]
    medium: String,
    #[serde(rename = "16x16")]
    small: String,
    #[serde(rename = "32x32")]
    middle: String,
}

#[derive(Serialize)]
pub(super) struct Items<T> {
    size: usize,
    items: Vec<T>,
}

#[derive(Serialize)]
pub(super) struct GroupName<'a> {
    name: &'a str,
    #[serde(rename = "groupId")]
    group_id: &'a str,
    #[serde(rename = "self")]
    this: String,
}

#[derive(Serialize)]
pub(super) struct Role {
    key: &'static str,
    name: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User<'a> {
    #[serde(rename = "self")]
    this: String,
    account_id: &'a str,
    account_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_address: Option<&'a str>,
    avatar_urls: Avatars,
    display_name: &'a str,
    active: bool,
    time_zone: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Items<GroupName<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_roles: Option<Items<Role>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expand: Option<&'static str>,
}

/// The email of a user, if the caller may see it.
pub(super) fn shown_email<'a>(call: &Call<'_>, org: &'a Org, at: PersonIx) -> Option<&'a str> {
    let record = &org.person(at).record;
    let own = call.caller == Caller::Person(at);
    let shows = record.kind != Kind::App && (own || !record.hidden_email);
    shows.then_some(&*record.email)
}

/// A user in a list.
pub(super) fn user<'a>(call: &Call<'_>, org: &'a Org, at: PersonIx) -> User<'a> {
    let record = &org.person(at).record;
    User {
        this: rest(call, "user", "accountId", &record.account_id),
        account_id: &record.account_id,
        account_type: record.kind.word(),
        email_address: shown_email(call, org, at),
        avatar_urls: avatars(&record.name),
        display_name: &record.name,
        active: record.is_active(),
        time_zone: "Etc/UTC",
        locale: None,
        groups: None,
        application_roles: None,
        expand: None,
    }
}

/// A user in an answer of their own: with the sizes of the fields that can be expanded, and with the requested
/// ones expanded.
pub(super) fn whole_user<'a>(call: &Call<'_>, org: &'a Org, at: PersonIx) -> User<'a> {
    let person = org.person(at);
    let wants = |part: &str| call.query.list("expand").any(|wanted| wanted == part);
    let groups = match wants("groups") {
        true => person.groups.iter().map(|at| group_name(call, org, *at)).collect(),
        false => Vec::new(),
    };
    let roles = Product::ALL.into_iter().filter(|product| person.has(*product));
    let size = roles.clone().count();
    let items = match wants("applicationRoles") {
        true => roles.map(|product| Role { key: product.key(), name: product.title() }).collect(),
        false => Vec::new(),
    };
    User {
        locale: Some("en_US"),
        groups: Some(Items { size: person.groups.len(), items: groups }),
        application_roles: Some(Items { size, items }),
        expand: Some("groups,applicationRoles"),
        ..user(call, org, at)
    }
}

pub(super) fn group_name<'a>(call: &Call<'_>, org: &'a Org, at: GroupIx) -> GroupName<'a> {
    let record = &org.group(at).record;
    GroupName {
        name: &record.name,
        group_id: &record.id,
        this: rest(call, "group", "groupId", &record.id),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Users<'a> {
    size: usize,
    items: Vec<User<'a>>,
    max_results: usize,
    start_index: usize,
    end_index: usize,
}

#[derive(Serialize)]
pub(super) struct Group<'a> {
    name: &'a str,
    #[serde(rename = "groupId")]
    group_id: &'a str,
    #[serde(rename = "self")]
    this: String,
    users: Users<'a>,
    expand: &'static str,
}

/// A group in an answer of its own, with the members at these positions: 50 at most.
pub(super) fn group<'a>(
    call: &Call<'_>,
    org: &'a Org,
    at: GroupIx,
    shown: Range<usize>,
) -> Group<'a> {
    let found = org.group(at);
    let members = found.members.iter().skip(shown.start).take(shown.len().min(50));
    let items: Vec<_> = members.map(|at| user(call, org, *at)).collect();
    Group {
        name: &found.record.name,
        group_id: &found.record.id,
        this: rest(call, "group", "groupId", &found.record.id),
        users: Users {
            size: found.members.len(),
            end_index: (shown.start + items.len()).saturating_sub(1),
            items,
            max_results: 50,
            start_index: shown.start,
        },
        expand: "users",
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    #[serde(rename = "self")]
    this: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page: Option<String>,
    max_results: usize,
    start_at: usize,
    total: usize,
    is_last: bool,
    values: Vec<T>,
}

/// A page of `total` items; `values` are those from `start_at` on.
pub(super) fn page<T>(
    call: &Call<'_>,
    start_at: usize,
    max_results: usize,
    total: usize,
    values: Vec<T>,
) -> Page<T> {
    let is_last = start_at.saturating_add(values.len()) >= total;
    let address = |from: usize| {
        let kept = call.raw_query.split('&').filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !name.is_empty() && name != "startAt" && name != "maxResults"
        });
        let mut query: Vec<_> = kept.map(str::to_owned).collect();
        query.push(format!("startAt={from}"));
        query.push(format!("maxResults={max_results}"));
        format!("{}{}{}?{}", call.card.url, call.prefix, call.path, query.join("&"))
    };
    Page {
        this: address(start_at),
        next_page: (!is_last).then(|| address(start_at + values.len())),
        max_results,
        start_at,
        total,
        is_last,
        values,
    }
}

/// The address of a user's property.
pub(super) fn property(call: &Call<'_>, account: &str, key: &str) -> String {
    rest(call, &format!("user/properties/{}", encode(key)), "accountId", account)
}

fn rest(call: &Call<'_>, what: &str, key: &str, value: &str) -> String {
    let (url, prefix, version) = (&call.card.url, call.prefix, call.version);
    format!("{url}{prefix}/rest/api/{version}/{what}?{key}={}", encode(value))
}

fn avatars(name: &str) -> Avatars {
    Avatars {
        large: avatar(name, 48),
        medium: avatar(name, 24),
        small: avatar(name, 16),
        middle: avatar(name, 32),
    }
}

/// The address of a user's picture, `size` pixels wide.
pub(super) fn avatar(name: &str, size: u8) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = letters.next().unwrap_or('A');
    let last = letters.next_back().unwrap_or(first);
    let initials: String = [first, last].iter().filter(|c| c.is_ascii_alphanumeric()).collect();
    format!(
        "https://avatar-management--avatars.us-west-2.prod.public.atl-paas.net/initials/{initials}-{}.png?size={size}&s={size}",
        u32::from(first) % 7,
    )
}

/// A text escaped for HTML, with the match in `tag`.
pub(super) fn marked(text: &str, query: &str, fold: bool, tag: &str) -> String {
    let at = match fold {
        true => text.to_lowercase().find(&query.to_lowercase()),
        false => text.find(query),
    };
    let escape = |text: &str| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let parts = at.filter(|_| !query.is_empty()).and_then(|at| {
        let end = at + query.len();
        Some((text.get(..at)?, text.get(at..end)?, text.get(end..)?))
    });
    match parts {
        Some((before, hit, after)) => {
            format!("{}<{tag}>{}</{tag}>{}", escape(before), escape(hit), escape(after))
        }
        None => escape(text),
    }
}
