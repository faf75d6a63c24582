//! What has changed on the site since a plan that waited, in addition to what each step reads itself: the state of its
//! user, and its group. A group is read once, not once for each of its steps.

use std::collections::{BTreeSet, HashMap};

use futures_util::stream::{self, StreamExt as _};
use headcount_atlassian::records::{GroupRecord, PersonRecord};
use headcount_atlassian::{CallError, CallErrorKind, Site, admin, jira};
use headcount_engine::{NotSent, Observation};
use headcount_model::door::Api;
use headcount_model::group::{GroupId, name_key};

use crate::directory::lookup;
use crate::steps::{self, About, Before, Step, not_read};

/// Whether the engine may send a step that shows this. Where the plan did not know the state, the wanted state now
/// proves nothing, and the step is sent.
pub(super) fn may_be_sent(step: &Step, seen: &Observation) -> bool {
    match seen {
        Observation::AsBefore { .. } => true,
        Observation::AsWanted { .. } | Observation::CannotTell { .. } => {
            step.payload.before == Before::Unseen
        }
        Observation::Otherwise { .. } | Observation::Unreadable { .. } => false,
    }
}

/// What has changed about a step's user, according to the kind of the step.
pub(super) fn of_user(step: &Step, now: &PersonRecord) -> Option<String> {
    (steps::of(step.payload.kind).since_plan)(step, &lookup::person(now.clone()))
}

/// What was read about groups.
#[derive(Debug, Default)]
pub(super) struct GroupsNow(tokio::sync::Mutex<HashMap<GroupId, Now>>);

/// A group as the site shows it.
#[derive(Debug)]
enum Now {
    /// It has this name.
    Called(Box<str>),
    /// It is not shown, and neither when it was read once more.
    Gone,
    /// It is closed to these credentials, or could not be read.
    Unknown,
}

impl GroupsNow {
    /// Leaves out the steps whose group no longer exists or has another name: the row meant the group of that name.
    pub async fn compare(
        &self,
        site: &Site,
        steps: &[Step],
        sights: &mut [Observation],
    ) -> Result<(), NotSent> {
        let mut known = self.0.lock().await;
        let open = || steps.iter().zip(&*sights).filter(|(step, seen)| is_open(step, seen));
        for api in [Api::Jira, Api::Directory] {
            let of_api = open().filter(|(step, _)| step.api() == Some(api));
            let ids: BTreeSet<&GroupId> = of_api.filter_map(|(step, _)| group_of(step)).collect();
            let new: Vec<GroupId> =
                ids.into_iter().filter(|id| !known.contains_key(*id)).cloned().collect();
            read(site, api, new, &mut known).await?;
        }
        for (step, seen) in steps.iter().zip(sights) {
            let now = group_of(step).filter(|_| is_open(step, seen)).and_then(|id| known.get(id));
            if let Some(found) = now.and_then(|now| of_group(step, now)) {
                *seen = Observation::Otherwise { found };
            }
        }
        Ok(())
    }
}

/// The group of a step that changes its members or their roles. A step that creates or deletes a group reads it itself.
fn group_of(step: &Step) -> Option<&GroupId> {
    match steps::of(step.payload.kind).about {
        About::Membership(_) | About::GroupRole => step.payload.target.group.as_ref(),
        About::User | About::Group | About::Role | About::Token => None,
    }
}

/// Whether the step may still be sent. A membership is sent also if it could not be read.
fn is_open(step: &Step, seen: &Observation) -> bool {
    may_be_sent(step, seen)
        || matches!(seen, Observation::CannotTell { .. } | Observation::Unreadable { .. })
}

/// How a group differs from that of the plan.
fn of_group(step: &Step, now: &Now) -> Option<String> {
    let planned = step.payload.target.group_name.as_deref().filter(|name| !name.is_empty());
    match now {
        Now::Gone => {
            Some(format!("the site no longer shows the group {}", step.payload.target.which()))
        }
        Now::Called(name) => planned
            .filter(|planned| name_key(planned) != name_key(name))
            .map(|planned| format!("the group that was called “{planned}” is now called “{name}”")),
        Now::Unknown => None,
    }
}

async fn read(
    site: &Site,
    api: Api,
    ids: Vec<GroupId>,
    known: &mut HashMap<GroupId, Now>,
) -> Result<(), NotSent> {
    let missing = look(site, api, ids, known).await?;
    // A missing row looks like a deleted group, and is hardly ever missing twice by accident.
    let gone = look(site, api, missing, known).await?;
    known.extend(gone.into_iter().map(|id| (id, Now::Gone)));
    Ok(())
}

/// Notes these groups. Returns those that the answers do not show.
async fn look(
    site: &Site,
    api: Api,
    ids: Vec<GroupId>,
    known: &mut HashMap<GroupId, Now>,
) -> Result<Vec<GroupId>, NotSent> {
    let a_call = if api == Api::Jira { jira::IDS_A_CALL } else { admin::IDS_A_CALL };
    // Owned chunks, because borrowed ones do not satisfy the engine's futures.
    let chunks: Vec<Vec<GroupId>> = ids.chunks(a_call).map(<[_]>::to_vec).collect();
    let mut answers = stream::iter(chunks)
        .map(|ids| async move {
            let found = by_id(site, api, &ids).await;
            (ids, found)
        })
        .buffered(AT_ONCE);
    let mut missing = Vec::new();
    while let Some((ids, found)) = answers.next().await {
        match found {
            Ok(found) => {
                known.extend(found.into_iter().map(|group| (group.id, Now::Called(group.name))));
                missing.extend(ids.into_iter().filter(|id| !known.contains_key(id)));
            }
            Err(error) if is_closed(&error) || site.fails_for_this_alone(&error).await => {
                known.extend(ids.into_iter().map(|id| (id, Now::Unknown)));
            }
            Err(error) => return Err(not_read(&error)),
        }
    }
    Ok(missing)
}

/// How many of these reads are under way at the same time; the pace limits the requests.
const AT_ONCE: usize = 8;

async fn by_id(site: &Site, api: Api, ids: &[GroupId]) -> Result<Vec<GroupRecord>, CallError> {
    let ids: Vec<&GroupId> = ids.iter().collect();
    if let Some(jira) = site.jira.as_ref().filter(|_| api == Api::Jira) {
        return jira.groups_by_id(&ids).await;
    }
    match &site.admin {
        Some(admin) => admin.groups_by_id(&ids).await,
        None => Ok(Vec::new()),
    }
}

/// Whether the site does not let these credentials read groups, for which the change itself may still be allowed.
fn is_closed(error: &CallError) -> bool {
    !error.passes_by_itself()
        && !matches!(
            error.kind,
            CallErrorKind::Credential | CallErrorKind::Odd | CallErrorKind::Redirected
        )
}
