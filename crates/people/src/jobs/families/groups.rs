//! Jobs with one group in each row.

use crate::directory::lookup;
use crate::jobs::{Exports, Template};
use crate::lookup::{LookingUp, Lookup, LookupBack};

/// The jobs' template.
pub(in crate::jobs) const TEMPLATE: Template =
    (&["name", "description"], &["berlin-support", "Support, Berlin office"]);

/// No exports: only the site shows which groups exist now.
pub(in crate::jobs) const NO_EXPORTS: Exports = Exports { users: false, groups: false };

/// Reads the groups from the site.
pub(in crate::jobs) fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move { lookup.groups_by_name_and_id().await })
}

/// Reads the groups that an undo would change, and their number of members.
pub(in crate::jobs) fn look_up_undo(mut lookup: LookupBack<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        let groups = lookup.read_groups().await?;
        lookup::products(lookup.site, lookup.directory, &[]).await?;
        Ok(lookup::group_sizes(lookup.site, lookup.directory, &groups).await?)
    })
}
