//! `group create`: creates groups.

use crate::rows::SheetJob;
use crate::steps::{Before, No, StepKind, Target, Wanted};
use headcount_model::group::name_key;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::families::{groups, none};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::directory::FoundGroup;
use crate::resolve::{self, Resolved, Resolver, unchanged};
use crate::rows::{self, Intent};

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::CreateGroups,
    help: Some("Create a group for each row. Columns: name, description (optional)"),
    options: &["scim"],
    phrases: Phrases {
        one: "group",
        imperative: ("create", ""),
        title: "Create groups",
        done: "Created",
        heading: "Groups created",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "create-groups",
        area: Area::Groups,
        title: "Create groups",
        about: "Create new, empty groups. A group that already exists stays as it is.",
        needs: "a group's name in each row; optionally a description",
        picture: "<rect x='3' y='4' width='11' height='11' rx='2.5'/><path d='M17.5 8.5V17a2.5 2.5 0 0 1-2.5 2.5H7'/><path d='M8.5 6.8v5.4M5.8 9.5h5.4'/>",
    }),
    template: groups::TEMPLATE,
    sheet: SheetJob::CreateGroups,
    read: rows::new_group,
    asked: &[asked::ADD, asked::CREATE],
    decision: None,
    exports: groups::NO_EXPORTS,
    copy: Copied::GROUPS,
    need: Need::DirectoryOrJira,
    takes_away: false,
    own_access: false,
    consequences: none,
    spared: spared::CREATED,
    owner: resolve::anyone,
    counted: Counted::OfTheSite,
    look_up: groups::look_up,
    look_up_undo: groups::look_up_undo,
    resolve,
    arrange: None,
    inverse: Job::RemoveGroups,
    creates: Creates::Groups,
    undo_sends: true,
    is_undoable: |reason| reason.reason == Reason::Done,
};

/// Atlassian ignores case when it compares names (organizations description, `groupNames`), so a name that differs
/// only in case is the same group.
fn resolve(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    let name = intent.groups.first().and_then(|group| group.name.as_deref()).unwrap_or_default();
    let same = match with.directory.group_by_name(name) {
        FoundGroup::Nothing => None,
        FoundGroup::One(at) => Some(at),
        FoundGroup::Several(several) => several.first().copied(),
    };
    if let Some(at) = same {
        let group = with.directory.group(at);
        let detail = if &*group.name == name {
            format!("the group “{name}” already exists ({})", group.id)
        } else {
            format!(
                "the group “{}” already exists ({}); upper and lower case count as equal",
                group.name, group.id
            )
        };
        return Ok(unchanged(Reason::GroupExists, detail));
    }
    let target = Target { group_name: Some(name.to_owned()), ..Target::default() };
    let wanted = Wanted { description: intent.description.clone(), ..Wanted::default() };
    Ok(with.step(StepKind::CreateGroup, name_key(name), target, Before::Absent, wanted)?.into())
}
