//! The guards of an undo.

use super::undo::Undo;
use crate::directory::{Group, GroupIndex, Person};
use crate::jobs;
use crate::resolve::{Touches, anyone};
use crate::steps::No;
use headcount_model::door::Api;
use headcount_model::job::Job;

impl Undo<'_> {
    /// Why a guard refuses to change this user, or this group, if so. What an identity provider owns is changed back
    /// through its directory.
    pub(super) fn refuses(
        &self,
        (job, api): (Job, Api),
        person: &Person,
        group: Option<GroupIndex>,
    ) -> Option<No> {
        let through = api == Api::Provisioning;
        let of_group = group.and_then(|group| {
            let group = self.directory.group(group);
            match through {
                true => self.guards.group(&Group { synced: None, ..group.clone() }),
                false => self.guards.group(group),
            }
        });
        let touches = jobs::of(job).touches();
        let touches = if through { Touches { owner: anyone, ..touches } } else { touches };
        of_group.or_else(|| self.guards.person_of_undo(touches, person))
    }
}
