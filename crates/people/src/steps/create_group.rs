//! Creates a group.

use headcount_atlassian::Endpoint;
use headcount_atlassian::jira::Jira;
use headcount_atlassian::pace::Permit;
use headcount_atlassian::records::GroupMade;
use headcount_engine::Performed;
use headcount_model::door::Api;
use headcount_model::reason::Reason;

use super::answers::after_made;
use super::change::Step;
use super::current::unseen;
use super::group::{GroupKey, Wanted, group_named, observe_by_jira, observe_in_directory};
use super::kind::StepKind;
use super::provisioning;
use super::spec::{
    About, KindSpec, Means, NotFound, Performing, Sends, Undone, UserGone, Way, any_state,
    nothing_more,
};
use super::standing::home;

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::CreateGroup,
    about: About::Group,
    does: |target, _| format!("create the group {}", target.which()),
    done: |target, _| format!("created {}", target.which()),
    planned: |step| KIND.in_words(step),
    also_planned: |step| KIND.in_words(step),
    wanted,
    also_wanted: wanted,
    already: Reason::GroupExists,
    now: unseen,
    since_plan: any_state,
    differs: "the same group with a different description",
    ways: &[
        // Jira's call takes no description.
        Way {
            api: Api::Directory,
            call: Endpoint::AdminCreateGroup,
            sends: Sends::Alone(send_in_directory),
            observe: |by, step| {
                Box::pin(observe_in_directory(by, step, GroupKey::name(step), Wanted::There))
            },
        },
        Way {
            api: Api::Jira,
            call: Endpoint::JiraCreateGroup,
            sends: Sends::Alone(send_by_jira),
            observe: |by, step| {
                Box::pin(observe_by_jira(by, step, GroupKey::name(step), Wanted::There))
            },
        },
        provisioning::CREATES_GROUP,
    ],
    opposite: StepKind::RemoveGroup,
    not_undoable: |undone| not_undoable(undone).map(Into::into),
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: None,
    takes_away: false,
    creates_user: false,
    mails: false,
    not_found: NotFound::Refused,
    announced: None,
    read_back: false,
};

fn not_undoable(undone: &Undone<'_>) -> Option<&'static str> {
    if undone.step.api() == Some(Api::Provisioning) {
        return Some(
            "a group of the identity provider's directory is not deleted by an undo; delete it there",
        );
    }
    if undone.reason != Reason::Done {
        Some("the answer was lost: another person may have created the group at the same time")
    } else if undone.step.payload.target.group.is_none() {
        Some("the site did not name the group it created")
    } else if !undone.remove_created {
        Some("a created group is deleted only with --remove-created")
    } else {
        None
    }
}

fn wanted(step: &Step) -> String {
    format!("the group {}", step.payload.target.which())
}

fn name(step: &Step) -> &str {
    step.payload.target.group_name.as_deref().unwrap_or_default()
}

fn send_by_jira<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let jira = by.jira()?;
        let made = jira.create_group(permit, name(step)).await?;
        Ok(match after_made(by.spec, step, made, None) {
            // Jira looks names up with their exact case, but refuses a new name that differs in case only.
            Performed::AlreadySo(verdict) if is_written_otherwise(jira, name(step)).await => {
                Performed::Settled(verdict)
            }
            performed @ (Performed::Settled(_)
            | Performed::AlreadySo(_)
            | Performed::SeemsSo(_)
            | Performed::NotSent(_)
            | Performed::Unclear { .. }) => performed,
        })
    })
}

/// Whether there is a group whose name differs only in case.
async fn is_written_otherwise(jira: &Jira, name: &str) -> bool {
    let shown = jira.suggest_groups(name).await.unwrap_or_default();
    let is_it = |theirs: &str| theirs != name && theirs.to_lowercase() == name.to_lowercase();
    shown.iter().any(|group| is_it(&group.name))
}

fn send_in_directory<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let admin = home(by).await?;
        let description = step.payload.wanted.description.as_deref();
        let made = admin.create_group(permit, name(step), description).await?;
        let id = match &made {
            GroupMade::Done { id: None, .. } => group_named(admin, name(step)).await,
            GroupMade::Done { id: Some(_), .. } | GroupMade::InUse { .. } => None,
        };
        Ok(after_made(by.spec, step, made, id))
    })
}
