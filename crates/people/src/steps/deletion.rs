//! The last read before a group is deleted. A deletion cannot be undone, so it is sent only if the site shows at
//! that moment that the group has no members, and does not say that it must stay.

use super::answers::{not_read, not_sent};
use super::change::{Note, Step, WrittenMembers};
use super::spec::{Looking, Means, SendError};
use crate::directory::lookup::read_members;
use headcount_atlassian::admin::Admin;
use headcount_atlassian::jira::Jira;
use headcount_atlassian::{CallError, CallErrorKind};
use headcount_engine::Performed;
use headcount_model::door::Api;
use headcount_model::group::GroupId;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::spelling::name_key;
use headcount_model::step::Verdict;

/// What the site shows about a group.
enum Sight {
    /// It has no members. It gives access to this number of apps, if the organization counts them.
    Empty {
        apps: Option<u64>,
    },
    Members {
        number: u64,
        apps: Option<u64>,
    },
    Gone,
    /// The site does not count its members.
    Uncounted,
    /// Nothing shows whether it gives access to an app.
    AppsUnseen,
    /// It has another name than the plan says.
    Renamed(String),
    /// The site does not let it be deleted.
    Kept(Reason, &'static str),
}

/// Reads a group that is to be deleted. Returns the step's result if it may not be deleted. No permit is held
/// during the read: if waiting steps held every permit, none of them could ever read.
pub(super) fn look<'a>(by: Means<'a>, step: &'a Step) -> Looking<'a> {
    Box::pin(async move {
        let group = step.payload.target.group.as_ref().ok_or_else(SendError::unnamed)?;
        Ok(match last_look(by, step, group).await {
            Ok(sight) => forbids(sight, step.payload.wanted.members.is_some()),
            Err(error) => Some(not_looked_at(by, &error).await),
        })
    })
}

/// The step's result according to what the site shows about its group; `None` means that the group may be deleted.
fn forbids(sight: Sight, with_members: bool) -> Option<Performed> {
    let skipped =
        |reason, detail: String| Performed::Settled(Verdict::new(Outcome::Skipped, reason, detail));
    Some(match sight {
        Sight::Empty { .. } => return None,
        Sight::Members { number, .. } => {
            let detail = match with_members {
                false => format!("the group now has members ({number}); it was not deleted"),
                true => {
                    "the group's members are no longer those that were written to the file; it was \
                         not deleted"
                        .to_owned()
                }
            };
            skipped(Reason::ChangedSincePlan, detail)
        }
        Sight::Renamed(name) => {
            let detail = format!("the group is called “{name}” on the site; it was not deleted");
            skipped(Reason::ChangedSincePlan, detail)
        }
        Sight::Kept(reason, why) => skipped(reason, format!("{why}; it was not deleted")),
        Sight::Uncounted => not_sent("headcount could not read whether the group is empty"),
        Sight::AppsUnseen => {
            not_sent("headcount could not read whether the group gives access to an app")
        }
        Sight::Gone => {
            let detail = "the site no longer shows the group";
            let verdict = Verdict::new(Outcome::Unchanged, Reason::AlreadyGone, detail);
            Performed::AlreadySo(verdict)
        }
    })
}

/// Nothing was sent. A failure of this group alone fails its row; any other concerns the run.
async fn not_looked_at(by: Means<'_>, error: &CallError) -> Performed {
    let is_of_the_site = error.passes_by_itself()
        || matches!(
            error.kind,
            CallErrorKind::Credential | CallErrorKind::Odd | CallErrorKind::Redirected
        );
    match is_of_the_site && !by.site.fails_for_this_alone(error).await {
        true => Performed::NotSent(not_read(error)),
        false => not_sent(&format!("headcount could not read whether the group is empty: {error}")),
    }
}

async fn last_look(by: Means<'_>, step: &Step, group: &GroupId) -> Result<Sight, CallError> {
    let sight = match (members_now(by, step, group).await?, &step.payload.wanted.members) {
        // A group whose members are exactly those in the file counts as empty.
        (Sight::Members { apps, .. }, Some(written))
            if read_members(by.site, group)
                .await?
                .is_some_and(|now| WrittenMembers::of(now.keys()) == *written) =>
        {
            Sight::Empty { apps }
        }
        (sight, _) => sight,
    };
    // The plan could not read it either, and the user confirmed the plan.
    let is_allowed = step.payload.wanted.notes.contains(&Note::AppsUnseen);
    match (sight, &by.site.jira) {
        (Sight::Empty { apps: Some(1..) }, _) => Ok(gives_apps()),
        (Sight::Empty { .. }, Some(jira)) => apps_in_jira(jira, group, is_allowed).await,
        (Sight::Empty { apps: None }, None) if !is_allowed => Ok(Sight::AppsUnseen),
        (sight, _) => Ok(sight),
    }
}

fn gives_apps() -> Sight {
    Sight::Kept(Reason::GivesApps, "the group gives access to an app by now")
}

/// Whether an empty group may be deleted, according to Jira's groups of apps.
async fn apps_in_jira(jira: &Jira, group: &GroupId, is_allowed: bool) -> Result<Sight, CallError> {
    let giving = match jira.products().await {
        Ok(found) => found.giving,
        Err(error)
            if matches!(error.kind, CallErrorKind::Forbidden { .. } | CallErrorKind::NotFound) =>
        {
            None
        }
        Err(error) => return Err(error),
    };
    Ok(match giving {
        Some(giving) if giving.contains(group) => gives_apps(),
        Some(_) => Sight::Empty { apps: None },
        None if is_allowed => Sight::Empty { apps: None },
        None => {
            // If nothing is shown, the credential may have ended, which concerns the run, not this group.
            jira.myself().await?;
            Sight::AppsUnseen
        }
    })
}

async fn members_now(by: Means<'_>, step: &Step, group: &GroupId) -> Result<Sight, CallError> {
    let name = step.payload.target.group_name.as_deref();
    match (step.api(), &by.site.admin) {
        (Some(Api::Directory), Some(admin)) => match in_directory(admin, group, name).await? {
            // The directory's index may not show the newest members yet, so Jira is read, too, if there is a
            // token.
            Sight::Empty { apps } => match in_jira(by, group).await? {
                Sight::Members { number, .. } => Ok(Sight::Members { number, apps }),
                Sight::Empty { .. }
                | Sight::Gone
                | Sight::Uncounted
                | Sight::AppsUnseen
                | Sight::Renamed(_)
                | Sight::Kept(..) => Ok(Sight::Empty { apps }),
            },
            sight @ (Sight::Members { .. }
            | Sight::Gone
            | Sight::Uncounted
            | Sight::AppsUnseen
            | Sight::Renamed(_)
            | Sight::Kept(..)) => Ok(sight),
        },
        (Some(Api::Jira), _) => match in_jira(by, group).await? {
            Sight::Empty { apps } => {
                Ok(renamed(by, group, name).await?.unwrap_or(Sight::Empty { apps }))
            }
            sight @ (Sight::Members { .. }
            | Sight::Gone
            | Sight::Uncounted
            | Sight::AppsUnseen
            | Sight::Renamed(_)
            | Sight::Kept(..)) => Ok(sight),
        },
        (Some(Api::Directory | Api::Invitations | Api::Accounts | Api::Provisioning) | None, _) => {
            Ok(Sight::Uncounted)
        }
    }
}

/// Whether Jira shows another name of the group than the plan has.
async fn renamed(
    by: Means<'_>,
    group: &GroupId,
    planned: Option<&str>,
) -> Result<Option<Sight>, CallError> {
    let Some(jira) = &by.site.jira else { return Ok(Some(Sight::Uncounted)) };
    let found = jira.groups_by_id(&[group]).await?;
    let found = found.into_iter().find(|found| found.id == *group);
    Ok(found.and_then(|found| other_name(&found.name, planned)))
}

fn other_name(name: &str, planned: Option<&str>) -> Option<Sight> {
    let is_other = planned.is_some_and(|planned| name_key(planned) != name_key(name));
    is_other.then(|| Sight::Renamed(name.to_owned()))
}

async fn in_jira(by: Means<'_>, group: &GroupId) -> Result<Sight, CallError> {
    let Some(jira) = &by.site.jira else { return Ok(Sight::Uncounted) };
    let page = match jira.first_members(group).await {
        // With the same credential the client has read something else that certainly exists.
        Err(error) if error.kind == CallErrorKind::NotFound => return Ok(Sight::Gone),
        Err(error) if matches!(error.kind, CallErrorKind::Forbidden { .. }) => {
            return Ok(Sight::Uncounted);
        }
        page => page?,
    };
    Ok(match page.count() {
        0 if page.is_last && page.total == Some(0) => Sight::Empty { apps: None },
        0 => Sight::Uncounted,
        number => Sight::Members { number, apps: None },
    })
}

async fn in_directory(
    admin: &Admin,
    group: &GroupId,
    planned: Option<&str>,
) -> Result<Sight, CallError> {
    let found = admin.groups_counted(&[group]).await?;
    let Some(listed) = found.into_iter().find(|listed| listed.group.id == *group) else {
        return Ok(Sight::Gone);
    };
    if let Some(renamed) = other_name(&listed.group.name, planned) {
        return Ok(renamed);
    }
    Ok(match (listed.members, listed.group.synced, listed.deletable) {
        (_, Some(true), _) => {
            Sight::Kept(Reason::IdentityProvider, "an identity provider now manages the group")
        }
        (_, _, Some(false)) => {
            Sight::Kept(Reason::NotAllowed, "the site does not let the group be deleted")
        }
        (None, ..) => Sight::Uncounted,
        (Some(0), ..) => Sight::Empty { apps: listed.apps },
        (Some(number), ..) => Sight::Members { number, apps: listed.apps },
    })
}
