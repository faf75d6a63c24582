//! The groups of a directory.

use std::collections::HashMap;

use headcount_model::group::{GroupId, name_key};
use headcount_model::spelling::visible;

/// The index of a group in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupIndex(pub(super) u32);

/// What the directory knows about a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The id.
    pub id: GroupId,
    /// The name, including any commas.
    pub name: Box<str>,
    /// Whether an identity provider owns it; `None` if no credential shows it.
    pub synced: Option<bool>,
}

/// The result of looking up a group by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundGroup {
    /// No known group.
    Nothing,
    /// This one.
    One(GroupIndex),
    /// Several groups, none with exactly this spelling: headcount never guesses.
    Several(Vec<GroupIndex>),
}

#[derive(Debug, Default)]
pub(super) struct Groups {
    all: Vec<Group>,
    by_id: HashMap<GroupId, GroupIndex>,
    /// The groups by [`name_key`]; the exact spelling is compared afterwards.
    by_key: HashMap<Box<str>, Vec<GroupIndex>>,
}

impl Groups {
    pub(super) fn add(&mut self, group: Group) -> GroupIndex {
        if let Some(&index) = self.by_id.get(&group.id) {
            let old = &mut self.all[index.0 as usize];
            if group.synced.is_some() {
                old.synced = group.synced;
            }
            if old.name.is_empty() && !group.name.is_empty() {
                old.name = group.name;
                self.index_name(index);
            }
            return index;
        }
        let index = GroupIndex(self.all.len() as u32);
        self.by_id.insert(group.id.clone(), index);
        self.all.push(group);
        self.index_name(index);
        index
    }

    fn index_name(&mut self, index: GroupIndex) {
        let name = &self.all[index.0 as usize].name;
        if !name.is_empty() {
            self.by_key.entry(name_key(name).into()).or_default().push(index);
        }
    }

    pub(super) fn get(&self, index: GroupIndex) -> &Group {
        &self.all[index.0 as usize]
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (GroupIndex, &Group)> {
        self.all.iter().enumerate().map(|(at, group)| (GroupIndex(at as u32), group))
    }

    pub(super) fn by_id(&self, id: &GroupId) -> Option<GroupIndex> {
        self.by_id.get(id).copied()
    }

    /// Another group whose name has the same key.
    pub(super) fn namesake(&self, index: GroupIndex) -> Option<&Group> {
        let alike = self.by_key.get(name_key(&self.get(index).name).as_str())?;
        alike.iter().find(|&&at| at != index).map(|&at| self.get(at))
    }

    pub(super) fn by_name(&self, name: &str) -> FoundGroup {
        let alike = self.by_key.get(name_key(name).as_str()).map_or(&[][..], Vec::as_slice);
        if let [one] = alike {
            return FoundGroup::One(*one);
        }
        // Names that look the same count as one name, because the spelling does not show which is meant.
        let exact: Vec<_> = alike
            .iter()
            .copied()
            .filter(|&at| visible(&self.get(at).name) == visible(name))
            .collect();
        match (exact.as_slice(), alike) {
            ([one], _) => FoundGroup::One(*one),
            ([], []) => FoundGroup::Nothing,
            ([], several) | (several, _) => FoundGroup::Several(several.to_vec()),
        }
    }
}
