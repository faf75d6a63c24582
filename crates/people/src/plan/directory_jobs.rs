//! The rows of `user suspend`, `restore`, `remove` and `group create`: a person or a group of the
//! directory → a step, or an outcome and why. Pure.

use super::guard::No;
use super::resolve::{Resolved, Spec, skip, target, unchanged};
use crate::directory::{Directory, FoundGroup, Person};
use headcount_journal::NewStep;
use headcount_model::group::name_key;
use headcount_model::reason::Reason;
use headcount_model::step::{Before, StepKind, Target, Wanted};
use headcount_model::user::{AccountStatus, Standing};

/// What becomes of a row of `user suspend`.
pub(super) fn suspend(
    person: &Person,
    org_role: Option<&str>,
    spec: &Spec,
) -> Result<Resolved, No> {
    person_step(StepKind::Suspend, suspendable(person)?, person, org_role, spec)
}

/// What becomes of a row of `user restore`.
pub(super) fn restore(
    person: &Person,
    org_role: Option<&str>,
    spec: &Spec,
) -> Result<Resolved, No> {
    person_step(StepKind::Restore, restorable(person)?, person, org_role, spec)
}

/// What becomes of a row of `user remove`.
pub(super) fn remove(person: &Person, org_role: Option<&str>, spec: &Spec) -> Result<Resolved, No> {
    person_step(StepKind::RemoveUser, removable(person)?, person, org_role, spec)
}

fn person_step(
    kind: StepKind,
    before: Result<Before, Already>,
    person: &Person,
    org_role: Option<&str>,
    spec: &Spec,
) -> Result<Resolved, No> {
    let before = match before {
        Ok(before) => before,
        Err((reason, words)) => {
            return Ok(unchanged(reason, format!("{} {words}", person.shown())));
        }
    };
    if let Some(no) = spec.guards.person(spec.job, person, org_role) {
        return Err(no);
    }
    Ok(Resolved::Step(Box::new(NewStep {
        kind,
        door: spec.door(kind)?,
        subject: person.id.as_str().to_owned(),
        target: target(person),
        before,
        wanted: Wanted::default(),
        needs: None,
    })))
}

/// It is so already, and the words for it.
pub(super) type Already = (Reason, &'static str);

/// The standing of a user who is to be suspended; `Ok(Err(…))`: it is so already.
pub(super) fn suspendable(person: &Person) -> Result<Result<Before, Already>, No> {
    movable(person, Standing::Suspended, (Reason::AlreadySuspended, "is suspended already"))
}

/// The standing of a user who is to be restored; `Ok(Err(…))`: it is so already.
pub(super) fn restorable(person: &Person) -> Result<Result<Before, Already>, No> {
    movable(person, Standing::Active, (Reason::NotSuspended, "is not suspended"))
}

fn movable(
    person: &Person,
    wanted: Standing,
    already: Already,
) -> Result<Result<Before, Already>, No> {
    let who = person.shown();
    match person.standing {
        Some(standing) if standing == wanted => Ok(Err(already)),
        Some(Standing::NotInvited) => Err(skip(
            Reason::NotInDirectory,
            format!("{who} has an Atlassian account, but is not in this organization"),
        )),
        Some(Standing::Deactivated) => {
            let detail = format!("the account of {who} is deactivated as a whole");
            Err(skip(Reason::AccountInactive, detail))
        }
        Some(Standing::Deleted) => {
            Err(skip(Reason::AccountClosed, format!("the account of {who} is being deleted")))
        }
        Some(standing) => Ok(Ok(Before::Standing(standing))),
        None => Ok(Ok(Before::Unseen)),
    }
}

/// Whether somebody who is to be removed is there.
fn removable(person: &Person) -> Result<Result<Before, Already>, No> {
    match (person.on_site, person.standing, person.status) {
        (_, _, Some(AccountStatus::Closed)) => {
            let detail = format!("the account of {} was deleted", person.shown());
            Err(skip(Reason::AccountClosed, detail))
        }
        (Some(false), ..) => Ok(Err((Reason::AlreadyGone, "is not on the site"))),
        (None, Some(Standing::NotInvited), _) => {
            Ok(Err((Reason::AlreadyGone, "is in no directory of the organization")))
        }
        (_, Some(standing), _) => Ok(Ok(Before::Standing(standing))),
        (_, None, Some(status)) => Ok(Ok(Before::Status(status))),
        _ => Ok(Ok(Before::Unseen)),
    }
}

/// What becomes of a row of `group create`. Atlassian compares names whatever their case
/// (organizations description, `groupNames`), so one that differs in case alone is the same group.
pub(super) fn group(
    name: &str,
    description: &Option<String>,
    directory: &Directory,
    spec: &Spec,
) -> Result<Resolved, No> {
    let same = match directory.group_by_name(name) {
        FoundGroup::Nothing => None,
        FoundGroup::One(at) => Some(at),
        FoundGroup::Several(several) => several.first().copied(),
    };
    if let Some(at) = same {
        let group = directory.group(at);
        let detail = if &*group.name == name {
            format!("there is a group “{name}” already ({})", group.id)
        } else {
            format!(
                "there is a group “{}” already ({}): case is no difference",
                group.name, group.id
            )
        };
        return Ok(unchanged(Reason::GroupExists, detail));
    }
    Ok(Resolved::Step(Box::new(NewStep {
        kind: StepKind::CreateGroup,
        door: spec.door(StepKind::CreateGroup)?,
        subject: name_key(name),
        target: Target { group_name: Some(name.to_owned()), ..Target::default() },
        before: Before::Absent,
        wanted: Wanted { description: description.clone(), ..Wanted::default() },
        needs: None,
    })))
}
