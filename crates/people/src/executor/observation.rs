//! What a reading shows of a step, as pure functions of what the site answered.

use crate::steps::{Before, Step, StepKind, named_account, named_group};
use std::collections::HashSet;

use crate::resolve::list;
use headcount_atlassian::records::{GroupRecord, PersonRecord, UserRecord};
use headcount_engine::Observation;
use headcount_model::user::{AccountStatus, Product, Standing, mail_key};

/// The apps of a user who has none.
static NONE: Vec<Product> = Vec::new();

/// Groups named at most when facts are shown.
const GROUPS_SHOWN: usize = 8;

/// Whether an answer's person surely has this mail.
pub(super) fn mail_is(person: &PersonRecord, mail: &str) -> bool {
    person.mail.as_deref().is_some_and(|theirs| mail_key(theirs) == mail_key(mail))
}

/// A user as the site shows them now: state, products, groups.
pub(super) fn facts(user: &UserRecord) -> String {
    let state = user.person.status.map_or("on the site", AccountStatus::word);
    let names: Vec<&str> = user.groups.iter().map(|(_, name)| name.as_str()).collect();
    let products = user.products.as_deref().map_or("not shown".to_owned(), list);
    format!("{state}; products: {products}; groups: {}", some(&names))
}

/// Names in a row, the first few of them; `none` for none.
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

/// A user that was to be created: there, with every wanted product?
pub(super) fn created_sight(
    step: &Step,
    user: Option<&UserRecord>,
    known: &HashSet<String>,
) -> Observation {
    let Some(user) = user else {
        return match step.payload.before {
            Before::Unseen => Observation::CannotTell {
                evidence: "the user is not seen; the key may not see hidden addresses".into(),
            },
            _ => Observation::AsBefore { found: "not on the site".into() },
        };
    };
    let found = facts(user);
    let in_groups = (step.payload.wanted.groups.iter())
        .all(|wanted| user.groups.iter().any(|(group, _)| group == wanted));
    let wanted = &step.payload.wanted;
    let Some(products) = user.products.as_ref().or(wanted.products.is_empty().then_some(&NONE))
    else {
        return Observation::CannotTell {
            evidence: format!("{found}; whether the app is there is not shown"),
        };
    };
    // A site that gives apps to every new user gives one where none was asked for, and takes a seat.
    let unasked = wanted.products.is_empty()
        && wanted.groups.is_empty()
        && step.payload.before == Before::Absent
        && !products.is_empty();
    let found = match unasked {
        true => format!("{found}; the site gave {} unasked, which takes a seat", list(products)),
        false => found,
    };
    let has_all =
        in_groups && !unasked && wanted.products.iter().all(|product| products.contains(product));
    let was_known = known.contains(user.person.id.as_str());
    match (has_all, step.payload.before == Before::Present || was_known) {
        // Somebody who was there before, behind a hidden address: nobody was created.
        _ if was_known && step.payload.before == Before::Absent => Observation::Otherwise { found },
        (true, _) => Observation::AsWanted { found, named: Some(named_account(&user.person.id)) },
        (false, true) => Observation::AsBefore { found },
        (false, false) => Observation::Otherwise { found },
    }
}

/// Whether a step wants its user in the group; every kind that is about no membership wants nothing of
/// the sort.
fn wants_member(kind: StepKind) -> bool {
    match kind {
        StepKind::AddMember => true,
        StepKind::RemoveMember
        | StepKind::CreateUser
        | StepKind::InviteUser
        | StepKind::RemoveUser
        | StepKind::Deactivate
        | StepKind::Activate
        | StepKind::Suspend
        | StepKind::Restore
        | StepKind::CreateGroup
        | StepKind::RemoveGroup => false,
    }
}

/// A membership; `now` is the person as the site shows them now, where that was read.
pub(super) fn membership_sight(
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
        None => {
            Observation::CannotTell { evidence: format!("the members of {which} can't be read") }
        }
        Some(is_member) if is_member == wants_member(step.payload.kind) => {
            Observation::AsWanted { found: found(is_member), named: None }
        }
        Some(is_member) => Observation::AsBefore { found: found(is_member) },
    }
}

/// Somebody who was to be suspended, restored or taken out of the directory; `None`: the directory
/// does not know the account.
pub(super) fn standing_sight(step: &Step, user: Option<&PersonRecord>) -> Observation {
    let standing = match user {
        None => Standing::NotInvited,
        Some(user) => match user.standing {
            Some(standing) => standing,
            None => {
                return Observation::CannotTell {
                    evidence: "the directory does not say where the user stands".into(),
                };
            }
        },
    };
    let found = standing.word().to_owned();
    let (wanted, movable) = match step.payload.kind {
        StepKind::Suspend => (standing == Standing::Suspended, standing == Standing::Active),
        StepKind::Restore => (standing == Standing::Active, standing == Standing::Suspended),
        StepKind::RemoveUser => (standing == Standing::NotInvited, true),
        StepKind::CreateUser
        | StepKind::InviteUser
        | StepKind::AddMember
        | StepKind::RemoveMember
        | StepKind::Deactivate
        | StepKind::Activate
        | StepKind::CreateGroup
        | StepKind::RemoveGroup => {
            return Observation::CannotTell { evidence: "it is not about a standing".into() };
        }
    };
    match (wanted, movable) {
        (true, _) => Observation::AsWanted { found, named: None },
        (false, true) => Observation::AsBefore { found },
        (false, false) => Observation::Otherwise { found },
    }
}

/// Somebody who was to be taken off the site, as Jira shows them. A user who has left is said to be
/// unknown (404); one who is shown as not active any more, with no group and no product, has left
/// too (an assumption: names stay on what people wrote).
pub(super) fn removed_sight(step: &Step, user: Option<&UserRecord>) -> Observation {
    let Some(user) = user else {
        return Observation::AsWanted { found: "not on the site".into(), named: None };
    };
    let found = facts(user);
    let was_active = matches!(
        step.payload.before,
        Before::Status(AccountStatus::Active) | Before::Standing(Standing::Active)
    );
    let left = user.person.status == Some(AccountStatus::Inactive)
        && user.groups_complete
        && user.groups.is_empty()
        && user.products.as_ref().is_some_and(Vec::is_empty);
    match was_active && left {
        true => Observation::AsWanted { found, named: None },
        false => Observation::AsBefore { found },
    }
}

/// A group that was to be created or deleted.
pub(super) fn group_sight(step: &Step, group: Option<&GroupRecord>) -> Observation {
    let creates = step.payload.kind == StepKind::CreateGroup;
    let found = match group {
        Some(group) => format!("the group {} ({})", group.name, group.id),
        None => format!("no group {}", step.payload.target.which()),
    };
    // The name that an earlier answer gave it, never one that reading alone shows: another may have made
    // a group of this name.
    let named = step.payload.target.group.as_ref().filter(|_| creates).map(named_group);
    match group.is_some() == creates {
        true => Observation::AsWanted { found, named },
        false => Observation::AsBefore { found },
    }
}

/// An account that was to be deactivated or reactivated; `now` is the person as the site shows them
/// now, where that was read.
pub(super) fn account_sight(
    step: &Step,
    status: Option<AccountStatus>,
    now: Option<&str>,
) -> Observation {
    let found = |status: AccountStatus| match now {
        Some(now) => format!("account {}; on the site: {now}", status.word()),
        None => status.word().to_owned(),
    };
    let wanted = match step.payload.kind {
        StepKind::Deactivate => AccountStatus::Inactive,
        StepKind::Activate => AccountStatus::Active,
        StepKind::CreateUser
        | StepKind::InviteUser
        | StepKind::RemoveUser
        | StepKind::AddMember
        | StepKind::RemoveMember
        | StepKind::Suspend
        | StepKind::Restore
        | StepKind::CreateGroup
        | StepKind::RemoveGroup => {
            return Observation::CannotTell {
                evidence: "it is not about an account's state".into(),
            };
        }
    };
    match status {
        None => Observation::CannotTell { evidence: "the account's state can't be read".into() },
        Some(status) if status == wanted => {
            Observation::AsWanted { found: found(status), named: None }
        }
        Some(AccountStatus::Closed) => {
            Observation::Otherwise { found: found(AccountStatus::Closed) }
        }
        Some(status) => Observation::AsBefore { found: found(status) },
    }
}
