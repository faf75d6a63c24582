//! The site's apps, the groups that give access to them, and their used seats. [Jira platform description:
//! `ApplicationRole`]
//!
//! Assumptions: an app without a limit has -1 seats; no app is selected by default.

use serde::Serialize;

use super::errors::{error, must_administer};
use super::wire::{GroupName, group_name};
use crate::http::{Call, Reply};
use crate::org::{Org, Product};

type Answer = Result<Reply, Reply>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationRole<'a> {
    key: &'static str,
    name: &'static str,
    groups: Vec<&'a str>,
    group_details: Vec<GroupName<'a>>,
    default_groups: Vec<&'a str>,
    default_groups_details: Vec<GroupName<'a>>,
    selected_by_default: bool,
    defined: bool,
    number_of_seats: i64,
    remaining_seats: i64,
    user_count: u32,
    user_count_description: &'static str,
    has_unlimited_seats: bool,
    platform: bool,
}

/// `GET /applicationrole`: all of them.
pub(crate) fn application_roles(call: &Call<'_>, org: &Org) -> Answer {
    must_administer(call, org)?;
    let roles: Vec<_> = Product::ALL.into_iter().map(|product| role(call, org, product)).collect();
    Ok(Reply::json(200, &roles))
}

/// `GET /applicationrole/{key}`. Assumption: the 404's text.
pub(crate) fn application_role(call: &Call<'_>, org: &Org) -> Answer {
    must_administer(call, org)?;
    let key = call.param(0);
    let product = Product::from_key(key)
        .ok_or_else(|| error(404, &format!("No application role with the key '{key}' exists.")))?;
    Ok(Reply::json(200, &role(call, org, product)))
}

fn role<'a>(call: &Call<'_>, org: &'a Org, product: Product) -> ApplicationRole<'a> {
    let gives = org.groups().filter(|(_, group)| group.record.grants == Some(product));
    let gives: Vec<_> = gives.map(|(at, _)| at).collect();
    let default = org.default_group(product);
    let name = |at| &*org.group(at).record.name;
    let seats = org.seats(product);
    let limit = seats.limit.map_or(-1, i64::from);
    ApplicationRole {
        key: product.key(),
        name: product.title(),
        groups: gives.iter().map(|at| name(*at)).collect(),
        group_details: gives.iter().map(|at| group_name(call, org, *at)).collect(),
        default_groups: default.map(name).into_iter().collect(),
        default_groups_details: default.map(|at| group_name(call, org, at)).into_iter().collect(),
        selected_by_default: false,
        defined: true,
        number_of_seats: limit,
        remaining_seats: seats
            .limit
            .map_or(-1, |limit| i64::from(limit.saturating_sub(seats.used))),
        user_count: seats.used,
        user_count_description: "users",
        has_unlimited_seats: seats.limit.is_none(),
        platform: product == Product::JiraCore,
    }
}
