//! What a read shows about a user. Pure functions of the site's answer.

use std::collections::HashSet;

use super::change::{Before, Step, list};
use super::record::named_account;
use super::spec::Membership;
use headcount_atlassian::records::{PersonRecord, UserRecord};
use headcount_engine::Observation;
use headcount_model::user::{AccountStatus, Product, mail_key};

/// The apps of a user without apps.
static NONE: Vec<Product> = Vec::new();

/// How many groups a message lists.
const GROUPS_SHOWN: usize = 8;

/// Whether a user in an answer certainly has this email.
pub(super) fn mail_is(person: &PersonRecord, mail: &str) -> bool {
    person.mail.as_deref().is_some_and(|theirs| mail_key(theirs) == mail_key(mail))
}

/// The account of a step, if the site shows it with another email than the plan: the row may have meant the user
/// who has that email now.
pub(crate) fn readdressed(step: &Step, mail: Option<&str>) -> Option<Observation> {
    let (planned, now) = (step.payload.target.mail.as_deref()?, mail?);
    (mail_key(planned) != mail_key(now)).then(|| Observation::Otherwise {
        found: format!("the account that had the address {planned} now has {now}"),
    })
}

/// A user as the site shows them now: state, apps, groups.
pub(super) fn facts(user: &UserRecord) -> String {
    let state = user.person.status.map_or("on the site", AccountStatus::word);
    let names: Vec<&str> = user.groups.iter().map(|(_, name)| name.as_str()).collect();
    let products = user.products.as_deref().map_or("not shown".to_owned(), list);
    format!("{state}; products: {products}; groups: {}", some(&names))
}

/// The first of these names; `none` if there are none.
pub(super) fn some(names: &[&str]) -> String {
    match names {
        [] => "none".to_owned(),
        names if names.len() <= GROUPS_SHOWN => names.join(", "),
        names => {
            let more = names.len() - GROUPS_SHOWN;
            format!("{} and {more} more", names[..GROUPS_SHOWN].join(", "))
        }
    }
}

/// A user to be created: whether they exist with every wanted app.
pub(super) fn created_or_not(
    step: &Step,
    user: Option<&UserRecord>,
    known: &HashSet<String>,
) -> Observation {
    let Some(user) = user else {
        return match step.payload.before {
            Before::Unseen => Observation::CannotTell {
                evidence:
                    "the site does not show the user; these credentials cannot see hidden addresses"
                        .into(),
            },
            Before::Absent
            | Before::Present
            | Before::Member(_)
            | Before::Status(_)
            | Before::Standing(_) => Observation::AsBefore { found: "not on the site".into() },
        };
    };
    // The answer may have named the account of another user.
    if let Some(mail) = user
        .person
        .mail
        .as_deref()
        .filter(|_| readdressed(step, user.person.mail.as_deref()).is_some())
    {
        let found = format!("the site named the account of {mail}");
        return Observation::Otherwise { found };
    }
    let found = facts(user);
    let in_groups = (step.payload.wanted.groups.iter())
        .all(|wanted| user.groups.iter().any(|(group, _)| group == wanted));
    let wanted = &step.payload.wanted;
    let Some(products) = user.products.as_ref().or(wanted.products.is_empty().then_some(&NONE))
    else {
        return Observation::CannotTell { evidence: format!("{found}; app access not shown") };
    };
    // A site that gives apps to every new user gives one although none was asked for, and takes a seat.
    let unasked = wanted.products.is_empty()
        && wanted.groups.is_empty()
        && step.payload.before == Before::Absent
        && !products.is_empty();
    let found = match unasked {
        true => format!("{found}; the site also gave {} (takes a seat)", list(products)),
        false => found,
    };
    let has_all =
        in_groups && !unasked && wanted.products.iter().all(|product| products.contains(product));
    let was_known = known.contains(user.person.id.as_str());
    match (has_all, step.payload.before == Before::Present || was_known) {
        // The user was there before, with a hidden address: no user was created.
        _ if was_known && step.payload.before == Before::Absent => Observation::Otherwise { found },
        (true, _) => Observation::AsWanted { found, named: Some(named_account(&user.person.id)) },
        (false, true) => Observation::AsBefore { found },
        (false, false) => Observation::Otherwise { found },
    }
}

/// Whether the user is a member; `now` is the user as the site shows them now, if that was read.
pub fn member_or_not(
    wanted: Option<Membership>,
    step: &Step,
    is_member: Option<bool>,
    now: Option<&str>,
) -> Observation {
    let which = step.payload.target.which();
    let found = |is_member: bool| {
        let words = if is_member { "a member of" } else { "not a member of" };
        match now {
            Some(now) => format!("{words} {which}; {now}"),
            None => format!("{words} {which}"),
        }
    };
    match is_member {
        None => Observation::CannotTell {
            evidence: format!("headcount could not read the members of {which}"),
        },
        Some(is_member) if is_member == (wanted == Some(Membership::Joins)) => {
            Observation::AsWanted { found: found(is_member), named: None }
        }
        Some(is_member) => Observation::AsBefore { found: found(is_member) },
    }
}
