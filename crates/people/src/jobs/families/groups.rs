//! Jobs on one group in each row.

use crate::directory::lookup;
use crate::jobs::{Exports, Template};
use crate::lookup::{LookingUp, Lookup, LookupBack};

/// A template of it.
pub(in crate::jobs) const TEMPLATE: Template =
    (&["name", "description"], &["berlin-support", "Support, Berlin office"]);

/// None: only the site shows what is there now.
pub(in crate::jobs) const NO_EXPORTS: Exports = Exports { users: false, groups: false };

/// Groups as the site has them now.
pub(in crate::jobs) fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move { lookup.groups_by_name_and_id().await })
}

/// Groups that an undo would change, and how many are in them.
pub(in crate::jobs) fn look_up_undo(mut lookup: LookupBack<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        let groups = lookup.read_groups().await?;
        lookup::products(lookup.site, lookup.directory, &[]).await?;
        Ok(lookup::group_sizes(lookup.site, lookup.directory, &groups).await?)
    })
}
