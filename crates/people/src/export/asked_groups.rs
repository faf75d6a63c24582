//! Who is in the groups of `--group` and `--not-group`.
//!
//! The members are listed by group (`users/search` with `groupIds`), not taken from the groups of each
//! user: those are "within the requested directory" (organizations description), and a group that a
//! listing leaves out would put its members on a list that must not name them.

use super::error::ExportError;
use super::seen::Seen;
use crate::choose::Filters;
use crate::directory::{Directory, FoundGroup, GroupIndex, lookup};
use headcount_atlassian::Site;
use headcount_atlassian::admin::Admin;
use headcount_model::group::GroupId;
use headcount_model::user::AccountId;

/// The members of the groups that the filters name.
#[derive(Debug, Default)]
pub struct AskedGroups {
    wanted: Option<Seen>,
    excluded: Option<Seen>,
}

impl AskedGroups {
    /// Reads them.
    ///
    /// # Errors
    /// A name means no group, or several; a group's members are not all shown.
    pub(crate) async fn read(
        site: &Site,
        admin: &Admin,
        filters: &Filters,
    ) -> Result<Self, ExportError> {
        let names: Vec<String> =
            filters.groups.iter().chain(&filters.not_groups).cloned().collect();
        let mut directory = Directory::default();
        let ids: Vec<GroupId> = names.iter().map(|name| GroupId::new(name.trim())).collect();
        lookup::groups(site, &mut directory, &names, &ids, &mut |_| {}).await?;
        let wanted = members(admin, &mut directory, &filters.groups).await?;
        let excluded = members(admin, &mut directory, &filters.not_groups).await?;
        Ok(Self { wanted, excluded })
    }

    pub(crate) fn is_wanted(&self, id: &AccountId) -> Option<bool> {
        self.wanted.as_ref().map(|members| members.has(id))
    }

    pub(crate) fn is_excluded(&self, id: &AccountId) -> Option<bool> {
        self.excluded.as_ref().map(|members| members.has(id))
    }
}

async fn members(
    admin: &Admin,
    directory: &mut Directory,
    names: &[String],
) -> Result<Option<Seen>, ExportError> {
    if names.is_empty() {
        return Ok(None);
    }
    let mut all = Seen::default();
    for name in names {
        let is_id = directory.group_by_id(&GroupId::new(name.trim())).is_some();
        if !is_id && directory.group_by_name(name) == FoundGroup::Nothing {
            add_hints(admin, directory).await;
        }
        let id = directory.group(group(directory, name)?).id.clone();
        let people = admin.members_of(admin.directory(), &id).await?;
        let mut of_group = Seen::default();
        for person in &people {
            of_group.add(&person.id);
            all.add(&person.id);
        }
        let counted = admin.groups_counted(&[&id]).await?;
        let counted = counted.iter().find(|listed| listed.group.id == id);
        let counted = counted.and_then(|listed| listed.members);
        if let Some(counted) = counted.filter(|counted| of_group.many() < *counted) {
            let why = format!("the group {name} shows {} of {counted} members", of_group.many());
            return Err(ExportError::NotWhole { what: "members", why });
        }
    }
    Ok(Some(all))
}

/// Reads the names of all groups, for an error that names the most similar ones. Without them the error has no hint.
async fn add_hints(admin: &Admin, directory: &mut Directory) {
    let Ok(mut pages) = admin.all_groups(admin.directory(), false).await else { return };
    while let Ok(Some(groups)) = pages.next().await {
        groups.iter().for_each(|listed| directory.add_hint(&listed.group.name));
    }
}

/// The group that a name or an id means, never a guess.
fn group(directory: &Directory, name: &str) -> Result<GroupIndex, ExportError> {
    if let Some(at) = directory.group_by_id(&GroupId::new(name.trim())) {
        return Ok(at);
    }
    match directory.group_by_name(name) {
        FoundGroup::One(at) => Ok(at),
        FoundGroup::Nothing => {
            let nearest_names = directory.hint_groups(name);
            Err(ExportError::NoGroup { name: name.to_owned(), nearest_names })
        }
        FoundGroup::Several(found) => {
            let named = |at: &GroupIndex| {
                let group = directory.group(*at);
                format!("{} ({})", group.name, group.id)
            };
            let groups = found.iter().map(named).collect::<Vec<_>>().join(", ");
            Err(ExportError::SeveralGroups { name: name.to_owned(), groups })
        }
    }
}
